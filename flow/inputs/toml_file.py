# SPDX-License-Identifier: Apache-2.0
"""TOML files of recipes and studies, checked against their models."""

import difflib
import json
import re
import tomllib
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar, get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.nesting import check_nesting
from pulsewright.hls_model.files.plain_file import read_plain_text

Model = TypeVar("Model", bound=BaseModel)

# Thirty thousand seeds have 0.2 MB.
MOST_BYTES = 1 << 20

_REMEDIES = {
    "model_type": "give a table, [{key}]",
    "tuple_type": "give a list",
    "too_long": "the list is too long; use fewer",
    "too_short": "the list is empty; give at least one value",
    "path_type": "give a path as text",
}


def load_toml(path: Path, model: type[Model], what: str, example: str) -> Model:
    """Read `path` as a `model`; `what` it is and an `example` of one are for the error texts.

    Raises:
        PulsewrightError: the file is missing or not TOML, a key is unknown (the nearest known key
            is named), or a value is out of range.
    """
    try:
        document = tomllib.loads(read_plain_text(path, MOST_BYTES, "utf-8-sig"))
        check_nesting(document)
    except OSError as error:
        raise PulsewrightError(
            f"cannot read {what} {path}: {error.strerror}; name a file such as {example}"
        ) from error
    except (ValueError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise PulsewrightError(f"{what} {path} is not TOML: {reason}") from error
    try:
        # Through JSON, where strict types still let a text be a path or a choice.
        text = json.dumps(document, default=str)
        return model.model_validate_json(text, strict=True)
    except ValidationError as error:
        sentence = _sentence(_most_telling(error.errors()), model)
        raise PulsewrightError(f"{what} {path}: {sentence}") from error


def _most_telling(errors: Sequence[ErrorDetails]) -> ErrorDetails:
    # A misspelt key is also a missing one; the misspelling is what helps.
    first = min(errors, key=lambda one: one["type"] != "extra_forbidden")
    key = _location(first)
    # Of a value of several allowed types, the error deepest inside it is of the type meant.
    same = [one for one in errors if _location(one)[: len(key)] == key]
    return max(same, key=lambda one: len(_location(one)))


def _location(error: ErrorDetails) -> list[str | int]:
    """Keys and list indices, without the names of the types that pydantic tried."""
    return [
        part
        for part in error["loc"]
        if isinstance(part, int)
        or (re.fullmatch(r"[^-()\[\]]+", part) and part not in ("int", "str"))
    ]


def _sentence(error: ErrorDetails, model: type[BaseModel]) -> str:
    """One pydantic error as a sentence that names the key, the value and the remedy."""
    location = _location(error)
    key = ".".join(str(part) for part in location)
    if error["type"] == "extra_forbidden":
        *parents, unknown = location
        known = _known_keys(parents, model)
        nearest = difflib.get_close_matches(str(unknown), known, n=1, cutoff=0.5)
        hint = f"did you mean {nearest[0]!r}?" if nearest else f"known keys: {', '.join(known)}"
        return f"unknown key {key!r}; {hint}"
    if error["type"] == "missing":
        return f"key {key!r} is missing"
    if error["type"] == "tuple_type" and isinstance(error["input"], dict):
        return f"{key}: give a list; [[{key}]] is written once for each entry"
    if error["type"] in _REMEDIES:
        return f"{key}: {_REMEDIES[error['type']].format(key=key)}"
    value = error["input"]
    shown = f" = {value!r}" if isinstance(value, str | int | float | bool) else ""
    message = error["msg"].removeprefix("Value error, ")
    return f"{key}{shown}: {message}" if key else message


def _known_keys(parents: list[str | int], model: type[BaseModel]) -> list[str]:
    for parent in parents:
        if isinstance(parent, int):
            continue
        field = next(
            field for name, field in model.model_fields.items() if parent in (name, field.alias)
        )
        kinds = [field.annotation, *get_args(field.annotation)]
        model = next(
            kind for kind in kinds if isinstance(kind, type) and issubclass(kind, BaseModel)
        )
    return [field.alias or name for name, field in model.model_fields.items()]
