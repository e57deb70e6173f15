# SPDX-License-Identifier: Apache-2.0
"""JSON schemas of Pydantic as words: types, ranges, choices, and values as TOML writes them."""

from collections.abc import Mapping, Sequence
from typing import Any

from pulsewright.flow.inputs.imported_recipe import toml_text

Schema = Mapping[str, Any]

_TYPES = {
    "integer": "whole number",
    "number": "number",
    "boolean": "true or false",
    "string": "text",
    "object": "table",
}


def resolved(schema: Schema, definitions: Schema) -> Schema:
    """The schema behind a reference, with what stands beside the reference."""
    if "$ref" not in schema:
        return schema
    target = definitions[schema["$ref"].rpartition("/")[2]]
    return {**target, **{key: value for key, value in schema.items() if key != "$ref"}}


def alternatives(schema: Schema, definitions: Schema) -> list[Schema]:
    """The kinds of value that it takes, but for null, which TOML has not."""
    schema = resolved(schema, definitions)
    every = [resolved(one, definitions) for one in schema.get("anyOf", [schema])]
    return [one for one in every if one.get("type") != "null"]


def type_words(schema: Schema, definitions: Schema) -> str:
    """Such as `whole number or list of whole numbers`."""
    return " or ".join(_type(one, definitions) for one in alternatives(schema, definitions))


def _type(schema: Schema, definitions: Schema) -> str:
    if schema.get("type") == "array":
        inner = type_words(schema["items"], definitions)
        return f"list, each entry {inner}" if " or " in inner else f"list of {inner}s"
    if schema.get("format") == "path":
        return "path"
    return _TYPES[schema["type"]]


def range_words(schema: Schema, definitions: Schema) -> str:
    """Such as `2 to 8`; nothing where every value of the type may be."""
    found = (_range(one, definitions) for one in alternatives(schema, definitions))
    return "; ".join(dict.fromkeys(filter(None, found)))


def _range(schema: Schema, definitions: Schema) -> str:
    if schema.get("type") == "array":
        inner = range_words(schema["items"], definitions)
        least, most = schema.get("minItems"), schema.get("maxItems")
        count = "not empty" if (least, most) == (1, None) else _bounds(least, most, " entries")
        return ", ".join(filter(None, (count, f"each {inner}" if inner else "")))
    if "pattern" in schema:
        return f"of the form {schema['pattern']}"
    above, below = schema.get("exclusiveMinimum"), schema.get("exclusiveMaximum")
    least, most = schema.get("minimum"), schema.get("maximum")
    closed = _bounds(least, most, "")
    open_ends = (f"more than {above}" if above is not None else "", closed)
    if above is not None and most is not None:
        open_ends = (f"more than {above}", f"at most {most}")
    less = f"less than {below}" if below is not None else ""
    return ", ".join(filter(None, (*open_ends, less)))


def _bounds(least: object, most: object, unit: str) -> str:
    if least is None and most is None:
        return ""
    if most is None:
        return f"{least}{unit} or more"
    if least is None:
        return f"at most {most}{unit}"
    return f"{least} to {most}{unit}"


def choices(schema: Schema, definitions: Schema) -> list[str]:
    """Texts of which it is one, or each entry is one; none if it may be any."""
    found: list[str] = []
    for one in alternatives(schema, definitions):
        if one.get("type") == "array":
            found += choices(one["items"], definitions)
        found += one.get("enum", [one["const"]] if "const" in one else [])
    return list(dict.fromkeys(found))


def choice_remark(schema: Schema, definitions: Schema) -> str:
    """What the choices' class says of them, if they have one."""
    for one in alternatives(schema, definitions):
        if one.get("type") == "array":
            return choice_remark(one["items"], definitions)
        if "enum" in one and "description" in one:
            return str(one["description"])
    return ""


def toml_value(value: Any) -> str:
    """A value as TOML writes it on one line."""
    if isinstance(value, bool):
        return str(value).lower()
    if isinstance(value, str):
        return toml_text(value)
    if isinstance(value, Sequence):
        return f"[{', '.join(map(toml_value, value))}]"
    return str(value)


def example_value(schema: Schema, definitions: Schema) -> Any:
    """A value that it takes: one that the model names, else its default, else a choice or bound."""
    for one in (schema, *alternatives(schema, definitions)):
        if one.get("examples"):
            return one["examples"][0]
        if one.get("default") not in (None, []):
            return one["default"]
    (first, *_), named = alternatives(schema, definitions), choices(schema, definitions)
    return named[0] if named else first.get("minimum", 1)
