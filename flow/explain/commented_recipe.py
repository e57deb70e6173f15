# SPDX-License-Identifier: Apache-2.0
"""A recipe with all its keys: those that are set, and the others as comments with their texts."""

import textwrap
from collections.abc import Iterator, Mapping
from typing import Any

from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.json_schema import toml_value
from pulsewright.flow.explain.toml_keys import recipe_keys

WIDTH = 98
OF_TRAINED = frozenset({"data", "network", "bits", "training", "controller"})
"""Tables of networks that are trained."""
OF_MODEL = frozenset({"model"})
"""Tables of finished models."""


def commented_recipe(title: str, values: Mapping[str, Any], is_model: bool = False) -> str:
    """The text of a recipe.

    title: a sentence of one line. values: of the keys that are set, by their names with points.
    is_model: of a finished model; nothing is said of the tables of networks that are trained.
    """
    left_out = OF_TRAINED if is_model else OF_MODEL
    lines = [f"# {title}"]
    lines += _comment(
        "A key behind # alone has this value, or none, if it is left out; `pulsewright explain "
        "KEY` says more of it."
    )
    for one in recipe_keys():
        if one.name.partition(".")[0] in left_out:
            continue
        if one.kind.endswith("table"):
            lines += _table(one, values)
        else:
            lines += ["", *_key(one, values)] if "." not in one.name else _key(one, values)
    return "\n".join(lines) + "\n"


def _table(one: Entry, values: Mapping[str, Any]) -> Iterator[str]:
    """Its header, which must not stand alone: an empty table may have other defaults."""
    header = dict(one.facts)["written"]
    is_set = any(name.rpartition(".")[0] == one.name for name in values)
    yield ""
    yield from _comment(one.first_sentence)
    yield header if is_set else f"#{header}"


def _key(one: Entry, values: Mapping[str, Any]) -> Iterator[str]:
    facts = dict(one.facts)
    choices = f" Choices: {facts['choices']}." if "choices" in facts else ""
    # Another one where the whole table is left out.
    default = f" Default: {facts['default']}." if "; " in facts["default"] else ""
    yield from _comment(f"{one.first_sentence}{choices}{default}")
    if one.name in values:
        yield f"{one.name.rpartition('.')[2]} = {toml_value(values[one.name])}"
    else:
        yield f"#{facts['example'].splitlines()[-1]}"


def _comment(text: str) -> list[str]:
    return [f"# {line}" for line in textwrap.wrap(text, WIDTH, break_on_hyphens=False)]
