# SPDX-License-Identifier: Apache-2.0
"""The reference of keys and of report.json as pages of the documentation."""

import re
from collections.abc import Iterable, Iterator

from pulsewright.flow.explain.entry import Entry
from pulsewright.flow.explain.search import report_fields
from pulsewright.flow.explain.toml_keys import recipe_keys, study_keys

LICENCE = "<!-- SPDX-License-Identifier: Apache-2.0 -->"


def recipe_page() -> str:
    """All keys of recipes and studies."""
    lines = [
        LICENCE,
        "# Keys of recipes and studies",
        "",
        "Made by `make reference` of the models that check the files; `pulsewright explain KEY`",
        "says the same of one key.",
        "",
        "## Recipes",
        "",
        *_tables(recipe_keys()),
        "## Studies",
        "",
        *_tables(study_keys()),
    ]
    return "\n".join(lines).rstrip("\n") + "\n"


def report_page() -> str:
    """All fields of report.json."""
    rows = [f"| `{one.name}` | {_cell(one.meaning)} |" for one in report_fields()]
    lines = [
        LICENCE,
        "# Fields of report.json",
        "",
        "Made by `make reference`; `pulsewright explain cycles.ii` says the same of one field.",
        "`<word>` stands for any key, `[]` for the objects of a list.",
        "",
        "| field | what |",
        "|---|---|",
        *rows,
    ]
    return "\n".join(lines) + "\n"


def _tables(entries: Iterable[Entry]) -> Iterator[str]:
    """A heading and its keys for each table of a file, those at its top first."""
    yield from _head()
    for one in entries:
        facts = dict(one.facts)
        if one.kind.endswith("table"):
            yield ""
            yield f"### `{facts['written']}`"
            yield ""
            yield " ".join(one.meaning.split())
            yield ""
            yield from _head()
            continue
        values = "; ".join(facts[name] for name in ("range", "choices") if name in facts)
        key = one.name.rpartition(".")[2]
        texts = (facts["type"], values, facts["default"], " ".join(one.meaning.split()))
        yield f"| `{key}` | {' | '.join(map(_cell, texts))} |"
    yield ""


def _cell(text: str) -> str:
    """Our own texts, whose code stays code."""
    parts = text.replace("|", "\\|").split("`")
    # What stands between two backticks shows its backslashes.
    outside = [re.sub(r"([<\[\]*])", r"\\\1", part) for part in parts[::2]]
    parts[::2] = outside
    return "`".join(parts)


def _head() -> tuple[str, str]:
    return "| key | type | values | default | what |", "|---|---|---|---|---|"
