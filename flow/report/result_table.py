# SPDX-License-Identifier: Apache-2.0
"""A table of results: typed values, from which both the text and the JSON of it are made."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from rich.cells import cell_len

from pulsewright.hls_model.escape.terminal import visible

JsonValue = None | bool | int | float | str | Sequence[Any] | Mapping[str, Any]


def shown(value: JsonValue) -> str:
    """The value as it is; nothing for None."""
    return "" if value is None else str(value)


def decimals(count: int) -> Callable[[float | None], str]:
    """The text of a number with this many decimals; nothing for None."""
    return lambda value: "" if value is None else f"{value:.{count}f}"


@dataclass(frozen=True)
class Column:
    """One column.

    key: name of the value in JSON, with its unit. heading: what people read. text: makes the cell
    from the value. is_number: aligned right, and never broken over lines.
    """

    key: str
    heading: str
    text: Callable[[Any], str] = shown
    is_number: bool = True


def words(key: str, heading: str) -> Column:
    """A column of words, aligned left, which a narrow terminal may break between words."""
    return Column(key, heading, is_number=False)


@dataclass(frozen=True)
class ResultTable:
    """Rows of values, one for each column.

    name: what the table is called in JSON. title, note: sentences above and below.

    Raises:
        ValueError: a row has another length than the columns, or two columns have one key.
    """

    name: str
    title: str
    columns: tuple[Column, ...]
    rows: Sequence[Sequence[JsonValue]]
    note: str = ""

    def __post_init__(self) -> None:
        keys = [column.key for column in self.columns]
        if len(set(keys)) < len(keys):
            raise ValueError(f"two columns of {self.name} have one key: {keys}")
        if any(len(row) != len(keys) for row in self.rows):
            raise ValueError(f"a row of {self.name} has not {len(keys)} values")

    @property
    def headings(self) -> list[str]:
        """What people read above the columns."""
        return [one_line(column.heading) for column in self.columns]

    @property
    def texts(self) -> list[list[str]]:
        """(rows, columns) cells as people read them."""
        return [
            [one_line(column.text(value)) for column, value in zip(self.columns, row, strict=True)]
            for row in self.rows
        ]

    @property
    def document(self) -> dict[str, JsonValue]:
        """The table for JSON: rows as objects; figures that are no number are null."""
        keys = [column.key for column in self.columns]
        rows = [dict(zip(keys, map(_finite, row), strict=True)) for row in self.rows]
        columns = [{"key": column.key, "heading": column.heading} for column in self.columns]
        return {
            "name": self.name,
            "title": self.title,
            "columns": columns,
            "rows": rows,
            "note": self.note,
        }


def one_line(text: str) -> str:
    """The text in one line, with what a terminal would obey, or show nothing of, spelled out."""
    line = visible(" ".join(text.split()))
    return line if line.isascii() else " ".join(map(_anchored, line.split(" ")))


def _anchored(word: str) -> str:
    """With marks that stand on no character before them spelled out; Rich leaves these away."""
    start = next((place for place, one in enumerate(word) if cell_len(one)), len(word))
    return word[:start].encode("unicode_escape").decode("ascii") + word[start:]


def _finite(value: JsonValue) -> JsonValue:
    if isinstance(value, float):
        return value if math.isfinite(value) else None
    if isinstance(value, Mapping):
        return {key: _finite(one) for key, one in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return [_finite(one) for one in value]
    return value
