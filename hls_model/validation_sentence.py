# SPDX-License-Identifier: Apache-2.0
"""What Pydantic found wrong in a file, as one sentence: the place, the value and the remedy.

Places count from 1.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from typing import get_args

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from pulsewright.hls_model.nearest import nearest
from pulsewright.hls_model.shortened import cut, shortened

MOST_KNOWN_KEYS = 12
LONGEST_KEY = 80

Path = Sequence[str | int]

# By Pydantic's types of errors; in braces what Pydantic says of the bound.
_REMEDIES = {
    "greater_than": "give a number greater than {gt}",
    "greater_than_equal": "give {ge} or more",
    "less_than": "give a number less than {lt}",
    "less_than_equal": "give {le} or less",
    "finite_number": "give a finite number",
    "int_type": "give a whole number",
    "int_parsing": "give a whole number",
    "int_parsing_size": "give a whole number of 64 bits",
    "int_from_float": "give a whole number",
    "float_type": "give a number",
    "float_parsing": "give a number",
    "bool_type": "give true or false",
    "bool_parsing": "give true or false",
    "string_type": "give a text",
    "string_too_short": "give a text of at least {min_length} characters",
    "string_too_long": "give a text of at most {max_length} characters",
    "string_pattern_mismatch": "give a text of the form {pattern}",
    "string_unicode": "give a text in UTF-8",
    "literal_error": "choose {expected}",
    "enum": "choose {expected}",
    "union_tag_invalid": "choose {expected_tags}",
    "union_tag_not_found": "say its {discriminator}",
    "model_type": "give a table",
    "model_attributes_type": "give a table",
    "dict_type": "give a table",
    "tuple_type": "give a list",
    "list_type": "give a list",
    "too_long": "give {max_length} or fewer of them",
    "too_short": "give {min_length} or more of them",
    "path_type": "give a path as text",
}


def toml_place(path: Path) -> str:
    """How TOML writes a place: `[[folding]] 2: pe`, `bits.weights, entry 1`."""
    return _place(path, "[[{}]]")


def json_place(path: Path) -> str:
    """The same where nothing but lists repeats: `layers 2: weights`."""
    return _place(path, "{}")


def validation_sentence(
    error: ValidationError,
    model: type[BaseModel] | None = None,
    place: Callable[[Path], str] = json_place,
) -> str:
    """The most telling of the errors that Pydantic found in what should have been a `model`.

    The sentence of a validator of ours that looks at a whole table stays as it is.
    """
    first = _most_telling(error)
    path, value = _path(first), first["input"]
    where = cut(place(path), LONGEST_KEY * 2)
    if first["type"] == "extra_forbidden":
        return _unknown_key(path, model, place)
    if first["type"] == "missing":
        return f"key {_named(path, place)} is missing; add it"
    if first["type"] == "json_invalid":
        return f"it is not JSON ({first['ctx']['error']})"
    message = first["msg"].removeprefix("Value error, ")
    template = _REMEDIES.get(first["type"])
    remedy = template.format_map(first.get("ctx", {})) if template else message
    if first["type"] == "tuple_type" and isinstance(value, Mapping) and where:
        remedy = f"give a list, where [[{where}]] is written once for each entry"
    if first["type"] == "value_error":
        shown = "" if isinstance(value, Mapping) else f" = {shortened(value)}"
        # A message without a remedy after it is one.
        colon = ":" if "; " in message else ";"
        return f"{where}{shown}{colon} {message}" if where else message
    verb = "is" if isinstance(value, Mapping) else "="
    return f"{where or 'it'} {verb} {shortened(value)}; {remedy}"


def telling_path(error: ValidationError) -> list[str | int]:
    """Keys and list indices, from 0, of what `validation_sentence` tells of."""
    return _path(_most_telling(error))


def _place(path: Path, table: str) -> str:
    """Keys joined by points. A number after a key counts its tables, a last one its entries."""
    text = ""
    for index, part in enumerate(path):
        if isinstance(part, int) and index + 1 < len(path) and text:
            text = f"{table.format(text)} {part + 1}: "
        elif isinstance(part, int):
            text += f"{', ' if text else ''}entry {part + 1}"
        else:
            text += part if not text or text.endswith(" ") else f".{part}"
    return text


def _most_telling(error: ValidationError) -> ErrorDetails:
    errors = error.errors(include_url=False)
    # A misspelt key is also a missing one; the misspelling is what helps.
    first = min(errors, key=lambda one: one["type"] != "extra_forbidden")
    key = _path(first)
    # Of a value of several allowed types, the error deepest inside it is of the type meant.
    same = [one for one in errors if _path(one)[: len(key)] == key]
    return max(same, key=lambda one: len(_path(one)))


def _path(error: ErrorDetails) -> list[str | int]:
    """Keys and list indices, without the names of the types that Pydantic tried."""
    *before, last = error["loc"] or ("",)
    is_key = error["type"] in ("extra_forbidden", "missing")
    path = [
        part
        for number, part in enumerate([*before] if is_key else error["loc"])
        if isinstance(part, int) or not _is_type(part, error["loc"][number - 1 : number])
    ]
    # What is unknown may have any name.
    return [*path, last] if is_key else path


def _is_type(part: str, before: Path) -> bool:
    """True for the name of a type; those of the kinds of feature maps follow a number."""
    if before and isinstance(before[0], int) and part in ("affine", "table"):
        return True
    return part in ("int", "str") or re.fullmatch(r"[^-()\[\]]+", part) is None


def _unknown_key(path: Path, model: type[BaseModel] | None, place: Callable[[Path], str]) -> str:
    *parents, unknown = path
    known = [] if model is None else _known_keys(parents, model)
    meant = nearest(str(unknown), known)
    hint = (
        f"did you mean {meant!r}?"
        if meant
        else f"known keys: {', '.join(known[:MOST_KNOWN_KEYS])}"
        if known
        else "leave it out"
    )
    return f"unknown key {_named(path, place)}; {hint}"


def _named(path: Path, place: Callable[[Path], str]) -> str:
    """A key and the tables around it: `'network.hidden'`, `'pe' in [[folding]] 2`."""
    inside, colon, key = place(path).rpartition(": ")
    return f"{shortened(key)} in {cut(inside, LONGEST_KEY)}" if colon else shortened(key)


def _known_keys(parents: Path, model: type[BaseModel]) -> list[str]:
    """The keys of the table at `parents`; none where it may be of several kinds."""
    for parent in parents:
        if isinstance(parent, int):
            continue
        fields = model.model_fields.items()
        kinds = [
            kind
            for name, field in fields
            if parent in (name, field.alias)
            for kind in (field.annotation, *get_args(field.annotation))
            if isinstance(kind, type) and issubclass(kind, BaseModel)
        ]
        if not kinds:
            return []
        model = kinds[0]
    return [field.alias or name for name, field in model.model_fields.items()]
