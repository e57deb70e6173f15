# SPDX-License-Identifier: Apache-2.0
"""Torch's archives, checked before Torch opens them: sizes, compression, and what they may name."""

import io
import pickletools
import zipfile
from pathlib import Path
from typing import Any

import torch

from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.shortened import shortened

# Three networks of 16 hidden layers of 1024 neurons, in 32-bit floats.
MOST_BYTES = 256 << 20
# What is no tensor: sizes, accuracies, input maps.
MOST_DESCRIPTION_BYTES = 1 << 20
MOST_MEMBERS = 4096
GLOBALS = {
    "torch._utils _rebuild_tensor_v2",
    "torch FloatStorage",
    "torch DoubleStorage",
    "torch LongStorage",
    "torch IntStorage",
    "torch BoolStorage",
    "collections OrderedDict",
}


def read_archive(path: Path) -> Any:
    """What `torch.save` wrote: tensors, and dictionaries, lists and numbers around them.

    Nothing takes more memory than the file has bytes: compressed archives are refused, and so are
    the callables with which a pickle may ask for more.

    Raises:
        OSError: the file cannot be read, is too large, or is a pipe or a device.
        Exception: it is damaged or something else; zipfile, pickle and Torch each have their own.
    """
    data = read_plain_bytes(path, MOST_BYTES)
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        members = archive.infolist()
        if len(members) > MOST_MEMBERS:
            raise ValueError(f"it holds {len(members)} parts, at most {MOST_MEMBERS} are read")
        for member in members:
            if member.compress_type != zipfile.ZIP_STORED:
                raise ValueError(f"its part {shortened(member.filename)} is compressed")
        if sum(member.file_size for member in members) > len(data):
            raise ValueError(f"its {len(members)} parts overlap")
        for member in members:
            if member.filename.endswith(".pkl"):
                _check_description(archive, member)
    try:
        return torch.load(io.BytesIO(data), map_location="cpu", weights_only=True)
    except Exception as error:
        # Torch's and pickle's sentences are long, and many are of their insides.
        raise ValueError(f"Torch says {shortened(str(error) or repr(error))}") from error


def _check_description(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> None:
    if member.file_size > MOST_DESCRIPTION_BYTES:
        raise ValueError(
            f"its description has {member.file_size} bytes, at most {MOST_DESCRIPTION_BYTES} "
            "are read"
        )
    try:
        operations = list(pickletools.genops(archive.read(member)))
    except Exception as error:
        raise ValueError(f"its description is no pickle, {shortened(str(error))}") from error
    for opcode, argument, _ in operations:
        if opcode.name in ("STACK_GLOBAL", "INST") or (
            opcode.name == "GLOBAL" and argument not in GLOBALS
        ):
            raise ValueError(f"it names {shortened(argument)}, which is no part of a checkpoint")


def is_plain(tensor: object) -> bool:
    """True for a dense tensor that has the memory of all its values."""
    return (
        isinstance(tensor, torch.Tensor)
        and tensor.layout is torch.strided
        and tensor.device.type == "cpu"
        and tensor.is_contiguous()
    )
