# SPDX-License-Identifier: Apache-2.0
"""The line on which each key of a TOML file stands.

tomllib keeps no positions, and no library that is kept well adds them. So the text is cut into its
statements, and tomllib reads each of them alone.
"""

import re
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

Path = tuple[str | int, ...]

# Texts and comments are taken whole, so that no bracket or line end in them counts.
_TOKEN = re.compile(
    r"""
      \"""(?:[^\\"]|\\.|"(?!""))*"{3,5}
    | '''(?:[^']|'(?!''))*'{3,5}
    | "(?:[^\\"\n]|\\.)*"
    | '[^'\n]*'
    | \#[^\n]*
    | [\[\]{}\n]
    | [^"'\#\[\]{}\n]+
    """,
    re.VERBOSE | re.DOTALL,
)
_NAMED = re.compile(r"\[{1,2}([\w.-]+)\]{1,2}|\b([\w-]+(?:\.[\w-]+)+)")


def key_lines(text: str) -> dict[Path, int]:
    """Line, from 1, of every key, table and entry of a list, by its path; indices count from 0.

    What stands in a list or an inline table has the line on which that begins. text: it is TOML.
    """
    lines: dict[Path, int] = {}
    counts: dict[Path, int] = {}
    table: Path = ()
    for line, statement in _statements(text):
        document = tomllib.loads(statement)
        if statement.lstrip().startswith("["):
            table = _opened(document, counts)
            paths = [table[:length] for length in range(1, len(table) + 1)]
        else:
            paths = [(*table, *inner) for inner in _paths(document)]
        for path in paths:
            lines.setdefault(path, line)
    return lines


def line_of(path: Sequence[str | int], lines: Mapping[Path, int]) -> int | None:
    """The line of a path, or of the nearest that it is in; None if the file has none of them."""
    inner = tuple(path)
    while inner and inner not in lines:
        inner = inner[:-1]
    return lines.get(inner)


def line_named_in(sentence: str, lines: Mapping[Path, int]) -> int | None:
    """The line of the first key `a.b` or table `[a]` that a sentence names and the file has."""
    for found in _NAMED.finditer(sentence):
        line = lines.get(tuple((found[1] or found[2]).split(".")))
        if line is not None:
            return line
    return None


def _statements(text: str) -> Iterator[tuple[int, str]]:
    """Headers and keys with their values, each with its first line; comments as well."""
    depth, start, line, first = 0, 0, 1, 1
    for found in _TOKEN.finditer(text):
        token = found[0]
        depth += (token in "[{") - (token in "]}")
        line += token.count("\n")
        if token == "\n" and depth == 0:
            yield first, text[start : found.end()]
            start, first = found.end(), line
    yield first, text[start:]


def _opened(document: Mapping[str, Any], counts: dict[Path, int]) -> Path:
    """The path of the table that a header opens; an array of tables gets one more."""
    path: Path = ()
    inner: Any = document
    while isinstance(inner, Mapping) and inner:
        ((key, inner),) = inner.items()
        path = (*path, key)
        if isinstance(inner, list):
            counts[path] = counts.get(path, 0) + 1
        if path in counts:
            path = (*path, counts[path] - 1)
    return path


def _paths(value: Any) -> Iterator[Path]:
    items: Any = ()
    if isinstance(value, Mapping):
        items = value.items()
    elif isinstance(value, list):
        items = enumerate(value)
    for key, inner in items:
        yield (key,)
        for path in _paths(inner):
            yield (key, *path)
