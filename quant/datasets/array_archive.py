# SPDX-License-Identifier: Apache-2.0
"""Arrays of an NPZ archive: the headers are read and checked before any values are."""

import io
import zipfile
from collections.abc import Sequence
from math import prod
from pathlib import Path

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_bytes
from pulsewright.hls_model.shortened import shortened

FloatArray = npt.NDArray[np.float64]

# Five million rows; the measurements have 26 600.
MOST_BYTES = 192 << 20
MOST_MEMBERS = 16
HEADER_BYTES = 4096


def read_arrays(path: Path, names: Sequence[str]) -> list[FloatArray]:
    """The float64 arrays of these names, any shape, from an archive that `numpy.savez` wrote.

    Raises:
        OSError: the file cannot be read, is larger than `MOST_BYTES`, or is a pipe or a device.
        PulsewrightError: an array is missing, has no readable header, is not float64, of another
            size than its header says, or larger than `MOST_BYTES` when it is unpacked.
        Exception: the archive is damaged; zipfile and zlib each have their own.
    """
    with zipfile.ZipFile(io.BytesIO(read_plain_bytes(path, MOST_BYTES))) as archive:
        members = archive.infolist()
        unpacked = sum(member.file_size for member in members)
        if len(members) > MOST_MEMBERS or unpacked > MOST_BYTES:
            raise PulsewrightError(
                f"it holds {len(members)} arrays of {unpacked} bytes when unpacked, at most "
                f"{MOST_MEMBERS} of {MOST_BYTES} are read"
            )
        return [_array(archive, name) for name in names]


def _array(archive: zipfile.ZipFile, name: str) -> FloatArray:
    try:
        member = archive.getinfo(f"{name}.npy")
    except KeyError:
        raise PulsewrightError(f"it has no array {name!r}") from None
    with archive.open(member) as file:
        header = io.BytesIO(file.read(HEADER_BYTES))
        try:
            shape, fortran_order, dtype = _header(header)
        except Exception as error:
            # What a faulty header ends in, and in which words, depends on the version of Python.
            raise PulsewrightError(
                f"the header of its array {name!r} cannot be read: {shortened(str(error))}"
            ) from error
        expected = header.tell() + prod(shape) * dtype.itemsize
        if dtype != np.float64 or expected != member.file_size:
            raise PulsewrightError(
                f"its array {name!r} is {dtype} of shape {shape} in {member.file_size} bytes, "
                f"float64 in {expected} bytes is read"
            )
        contents = header.read() + file.read()
    values = np.frombuffer(contents, dtype=np.float64)
    return values.reshape(shape, order="F" if fortran_order else "C")


def _header(file: io.BytesIO) -> tuple[tuple[int, ...], bool, np.dtype[np.generic]]:
    magic = file.getvalue()[:8]
    if magic[:6] != b"\x93NUMPY":
        raise ValueError(f"an array begins with {magic!r}, which is not the NPY format")
    version = np.lib.format.read_magic(file)
    if version != (1, 0):
        raise ValueError(f"version {version} of the NPY format, (1, 0) is read")
    return np.lib.format.read_array_header_1_0(file)
