# SPDX-License-Identifier: Apache-2.0
"""Keys and tables of recipes and studies, from the models that check the files."""

import inspect
from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, NamedTuple, get_args

from pydantic import BaseModel

from pulsewright.flow.explain.attribute_docstrings import attribute_docstrings
from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.json_schema import (
    Schema,
    alternatives,
    choice_remark,
    choices,
    example_value,
    range_words,
    resolved,
    toml_value,
    type_words,
)


class _Place(NamedTuple):
    """A table of a file: its path, whether it repeats, and its default as a whole."""

    path: tuple[str, ...] = ()
    repeats: bool = False
    default: Mapping[str, Any] = {}

    @property
    def header(self) -> str:
        """The line that begins it; nothing for what stands at the top."""
        name = ".".join(self.path)
        return f"[[{name}]]" if self.repeats else f"[{name}]" if name else ""


@cache
def recipe_keys() -> tuple[Entry, ...]:
    """Of a recipe, each table before its keys."""
    from pulsewright.flow.recipe import Recipe

    return _entries("recipe", Recipe)


@cache
def study_keys() -> tuple[Entry, ...]:
    """Of a study, each table before its keys."""
    from pulsewright.flow.study.study_file import StudyFile

    return _entries("study", StudyFile)


def _entries(file: str, model: type[BaseModel]) -> tuple[Entry, ...]:
    schema = model.model_json_schema(by_alias=True)
    return tuple(_walk(file, model, schema, schema["$defs"], _Place()))


def _walk(
    file: str, model: type[BaseModel], schema: Schema, definitions: Schema, place: _Place
) -> Iterator[Entry]:
    texts = attribute_docstrings(model)
    tables = []
    for name, field in model.model_fields.items():
        key = field.alias or name
        inner, below = schema["properties"][key], _table_model(field.annotation)
        if below is None or not _is_table(inner, definitions):
            required = key in schema.get("required", ())
            yield _key(file, texts.get(name, ""), key, inner, definitions, place, required)
        else:
            tables.append((key, texts.get(name, ""), inner, below))
    for key, text, inner, below in tables:
        (kind,) = alternatives(inner, definitions)
        repeats = kind.get("type") == "array"
        body = resolved(kind["items"], definitions) if repeats else kind
        default = inner.get("default")
        whole = default if isinstance(default, Mapping) else {}
        inside = _Place((*place.path, key), repeats, whole)
        about = inspect.cleandoc(below.__doc__ or "")
        yield Entry(
            f"{file} table",
            ".".join(inside.path),
            f"{about}\n\n{text}" if text else about,
            (("written", inside.header),),
        )
        yield from _walk(file, below, body, definitions, inside)


def _table_model(annotation: Any) -> type[BaseModel] | None:
    """The model of a table or of a list of tables; None of a value."""
    if isinstance(annotation, type):
        return annotation if issubclass(annotation, BaseModel) else None
    found = (_table_model(one) for one in get_args(annotation))
    return next((one for one in found if one is not None), None)


def _is_table(schema: Schema, definitions: Schema) -> bool:
    """False where files write a model as a text."""
    (kind,) = alternatives(schema, definitions)
    kind = resolved(kind["items"], definitions) if kind.get("type") == "array" else kind
    return kind.get("type") == "object"


def _key(
    file: str,
    text: str,
    key: str,
    schema: Schema,
    definitions: Schema,
    place: _Place,
    required: bool,
) -> Entry:
    chosen = choices(schema, definitions)
    value = toml_value(example_value(schema, definitions))
    facts = {
        "type": type_words(schema, definitions),
        "range": range_words(schema, definitions),
        "choices": ", ".join(chosen),
        "default": _default(key, schema, place, required),
        "example": "\n".join(filter(None, (place.header, f"{key} = {value}"))),
    }
    remark = choice_remark(schema, definitions)
    return Entry(
        f"{file} key",
        ".".join((*place.path, key)),
        f"{text}\n\n{remark}" if remark else text,
        tuple((label, words) for label, words in facts.items() if words),
    )


def _default(key: str, schema: Schema, place: _Place, required: bool) -> str:
    if required:
        return "none, it must be given"
    default = schema.get("default")
    alone = "none" if default in (None, []) else toml_value(default)
    whole = place.default.get(key, default)
    if whole == default:
        return alone
    return f"{alone}; {toml_value(whole)} where {place.header} is left out"
