# SPDX-License-Identifier: Apache-2.0
"""Tables on a terminal of any width, or in a pipe: nothing is ever cut.

A table is as wide as it needs to be where no terminal limits it. In a terminal too narrow for that,
columns of words are broken between words. If that is not enough, a row becomes lines of
"heading: cell".
"""

import textwrap
from collections.abc import Sequence

from rich.cells import cell_len
from rich.console import Console, ConsoleOptions, RenderResult
from rich.table import Table
from rich.text import Text

from pulsewright.flow.report.result_table import ResultTable, one_line

# Of Rich's default box: a blank on both sides of a cell and a line before it, and the last line.
COLUMN_FRAME, TABLE_FRAME = 3, 1


def print_table(console: Console, table: ResultTable) -> None:
    """Print title, table and note."""
    available = console.width if console.is_terminal else None
    _print_sentence(console, table.title, available)
    widths = column_widths(table, available)
    if widths is None:
        _print_stacked(console, table)
    else:
        console.print(_Boxed(table, widths), soft_wrap=True)
    if table.note:
        _print_sentence(console, table.note, available)


def column_widths(table: ResultTable, available: int | None) -> list[int] | None:
    """Width of each column so that the table fits `available` cells; None if it cannot.

    available: None if there is no limit.
    """
    columns = list(zip(table.headings, *table.texts, strict=True))
    widths = [max(map(cell_len, cells)) for cells in columns]
    if available is None:
        return widths
    least = [
        width
        if column.is_number
        else max(cell_len(word) for cell in cells for word in _words(cell))
        for column, width, cells in zip(table.columns, widths, columns, strict=True)
    ]
    excess = sum(widths) + COLUMN_FRAME * len(widths) + TABLE_FRAME - available
    for _ in range(excess):
        slack = [width - limit for width, limit in zip(widths, least, strict=True)]
        if not any(slack):
            return None
        widest = max((one for one, room in enumerate(slack) if room), key=lambda one: widths[one])
        widths[widest] -= 1
    return widths


def _words(cell: str) -> list[str]:
    return cell.split() or [""]


class _Boxed:
    """A table of fixed widths, whatever Rich knows of the terminal."""

    def __init__(self, table: ResultTable, widths: Sequence[int]) -> None:
        self._table = Table()
        for column, heading, width in zip(table.columns, table.headings, widths, strict=True):
            self._table.add_column(
                Text(heading), justify="right" if column.is_number else "left", width=width
            )
        for row in table.texts:
            self._table.add_row(*map(Text, row))
        self._width = sum(widths) + COLUMN_FRAME * len(widths) + TABLE_FRAME

    def __rich_console__(self, console: Console, options: ConsoleOptions) -> RenderResult:
        yield from console.render(
            self._table, options.update(width=self._width, no_wrap=False, overflow="fold")
        )


def _print_stacked(console: Console, table: ResultTable) -> None:
    for row in table.texts:
        for heading, cell in zip(table.headings, row, strict=True):
            console.print(Text(f"{heading}: {cell}"), soft_wrap=True)
        console.print()


def _print_sentence(console: Console, sentence: str, available: int | None) -> None:
    sentence = one_line(sentence)
    lines = [sentence]
    if available is not None:
        lines = textwrap.wrap(sentence, available, break_long_words=False, break_on_hyphens=False)
    for line in lines:
        console.print(Text(line, style="italic"), soft_wrap=True)
