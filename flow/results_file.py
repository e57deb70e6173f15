# SPDX-License-Identifier: Apache-2.0
"""What a step measured, read back from the build folder, which may have come from elsewhere."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.hls_model.validation_sentence import validation_sentence

MOST_BYTES = 4 << 20
Result = TypeVar("Result", bound=BaseModel)


def load_result(path: Path, model: type[Result]) -> Result:
    """The JSON file `path` as a `model`.

    Raises:
        PulsewrightError: it cannot be read, is larger than 4 MiB, or holds something else.
    """
    try:
        return model.model_validate_json(read_plain_text(path, MOST_BYTES))
    except (OSError, ValueError) as error:
        if isinstance(error, ValidationError):
            reason = validation_sentence(error, model)
        else:
            reason = (isinstance(error, OSError) and error.strerror) or str(error)
        raise PulsewrightError(
            f"cannot read the result {path}: {reason}; remove it and run the command again"
        ) from error


def left_result(path: Path, model: type[Result]) -> Result | None:
    """The same, or None of a file that is not there or was left by another version of this code."""
    try:
        return load_result(path, model)
    except PulsewrightError:
        return None
