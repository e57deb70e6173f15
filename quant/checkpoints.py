# SPDX-License-Identifier: Apache-2.0
"""`float.pt` and `qat.pt`: the trained networks of all splits in one file, without pickled code."""

import io
from collections.abc import Mapping
from dataclasses import asdict
from itertools import pairwise
from pathlib import Path
from typing import Annotated, Any
from zipfile import BadZipFile

import torch
from pydantic import Field, TypeAdapter, ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.shortened import shortened
from pulsewright.hls_model.validation_sentence import validation_sentence
from pulsewright.quant.checkpoint_archive import is_plain, read_archive
from pulsewright.quant.pipeline import Accuracy, TrainedFloat, TrainedQuantised
from pulsewright.quant.settings import BitWidths
from pulsewright.quant.splits import COMMON_KINDS, SplitKind

FORMAT_VERSION = 2
# The step that made it is done, and is done again where its file is not there.
REMEDY = "remove it and run the command again"


def save_float(path: Path, trained: Mapping[SplitKind, TrainedFloat]) -> None:
    """Write `float.pt`, whole or not at all; the same networks give the same bytes.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    splits = {
        kind.value: {**_common(one), "input_map": one.input_map.model_dump()}
        for kind, one in trained.items()
    }
    _save(path, "float", splits)


def load_float(path: Path) -> dict[SplitKind, TrainedFloat]:
    """Read what `save_float` wrote.

    Raises:
        PulsewrightError: the file is missing, damaged, or something else.
    """
    result = {}
    for kind, (sizes, state, accuracy, entry) in _load(path, "float").items():
        try:
            input_map = InputMap.model_validate(entry["input_map"])
        except (KeyError, ValueError) as error:
            raise _unreadable(path, error) from error
        result[kind] = TrainedFloat(sizes, input_map, state, accuracy)
    return result


def save_quantised(path: Path, trained: Mapping[SplitKind, TrainedQuantised]) -> None:
    """Write `qat.pt`, whole or not at all; the same networks give the same bytes.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    splits = {
        kind.value: {
            **_common(one),
            "widths": one.widths.model_dump(mode="json"),
            "code_format": one.code_format.model_dump(),
        }
        for kind, one in trained.items()
    }
    _save(path, "quantised", splits)


def load_quantised(path: Path) -> dict[SplitKind, TrainedQuantised]:
    """Read what `save_quantised` wrote.

    Raises:
        PulsewrightError: the file is missing, damaged, or something else.
    """
    result = {}
    for kind, (sizes, state, accuracy, entry) in _load(path, "quantised").items():
        try:
            widths = BitWidths.model_validate(entry["widths"])
            code_format = FixedPoint.model_validate(entry["code_format"])
        except (KeyError, ValueError) as error:
            raise _unreadable(path, error) from error
        result[kind] = TrainedQuantised(sizes, widths, code_format, state, accuracy)
    return result


def _common(one: TrainedFloat | TrainedQuantised) -> dict[str, Any]:
    return {
        "sizes": list(one.sizes),
        "state": dict(one.state),
        "accuracy": asdict(one.accuracy),
    }


def _save(path: Path, content: str, splits: dict[str, Any]) -> None:
    # Into memory first: written to a file, the archive would carry the name of the temporary file.
    buffer = io.BytesIO()
    torch.save({"format_version": FORMAT_VERSION, "content": content, "splits": splits}, buffer)
    with atomic_path(path) as temporary:
        temporary.write_bytes(buffer.getvalue())


_SIZES = TypeAdapter(
    Annotated[tuple[Annotated[int, Field(ge=1, strict=True)], ...], Field(min_length=2)]
)
_ACCURACY = TypeAdapter(Accuracy)

Entry = tuple[tuple[int, ...], dict[str, torch.Tensor], Accuracy, dict[str, Any]]


def _load(path: Path, content: str) -> dict[SplitKind, Entry]:
    try:
        document = read_archive(path)
    except FileNotFoundError as error:
        raise PulsewrightError(f"no checkpoint {path}; run the training step") from error
    except Exception as error:
        # zipfile, pickle and torch each have their own exceptions for a damaged file.
        raise _unreadable(path, error) from error
    header = (
        (document.get("format_version"), document.get("content"))
        if isinstance(document, dict)
        else None
    )
    if header != (FORMAT_VERSION, content):
        raise PulsewrightError(
            f"{path} has version and content {shortened(header)}, "
            f"expected {[FORMAT_VERSION, content]}; {REMEDY}"
        )
    try:
        found = {SplitKind(name): _entry(entry) for name, entry in document["splits"].items()}
    except (KeyError, ValueError, TypeError, AttributeError) as error:
        raise _unreadable(path, error) from error
    missing = [kind.value for kind in COMMON_KINDS if kind not in found]
    if missing:
        raise _unreadable(path, ValueError(f"it lacks the networks of {', '.join(missing)}"))
    return found


def _entry(entry: dict[str, Any]) -> Entry:
    sizes, state = _SIZES.validate_python(entry["sizes"]), dict(entry["state"])
    accuracy = _ACCURACY.validate_python(entry["accuracy"])
    for name, tensor in state.items():
        if not isinstance(name, str) or not is_plain(tensor):
            raise ValueError(f"the parameter {shortened(name)} is no plain tensor")
    # A network is made before its parameters are compared with these.
    values = sum(tensor.numel() for tensor in state.values())
    wanted = sum((inputs + 1) * neurons for inputs, neurons in pairwise(sizes))
    if wanted > values:
        raise ValueError(f"sizes {shortened(sizes)} need {wanted} parameters, there are {values}")
    return sizes, state, accuracy, entry


def _unreadable(path: Path, error: Exception) -> PulsewrightError:
    if isinstance(error, ValidationError):
        reason = validation_sentence(error)
    else:
        reason = (isinstance(error, OSError) and error.strerror) or str(error)
        reason = (reason or type(error).__name__).splitlines()[0]
        if isinstance(error, BadZipFile):
            reason = f"it is no archive, or a damaged one ({shortened(reason)})"
    return PulsewrightError(f"cannot read checkpoint {path}: {reason}; {REMEDY}")
