# SPDX-License-Identifier: Apache-2.0
"""A table of text, printed by Rich or written as Markdown."""

from collections.abc import Sequence
from typing import NamedTuple

from rich.table import Table


class Grid(NamedTuple):
    """Title, column names and rows; the first column is left-aligned, figures right."""

    title: str
    columns: tuple[str, ...]
    rows: Sequence[tuple[str, ...]]


def rich_table(grid: Grid) -> Table:
    """The grid for a terminal."""
    table = Table(title=grid.title, title_justify="left")
    for number, column in enumerate(grid.columns):
        table.add_column(column, justify="right" if number else "left", no_wrap=True)
    for row in grid.rows:
        table.add_row(*row)
    return table


def markdown_table(grid: Grid) -> str:
    """The grid as a Markdown table, its title in bold above it."""
    lines = [f"**{grid.title}**", ""]
    lines.append(f"| {' | '.join(grid.columns)} |")
    lines.append(f"|{'|'.join(['---', *['---:'] * (len(grid.columns) - 1)])}|")
    lines += [f"| {' | '.join(row)} |" for row in grid.rows]
    return "\n".join(lines) + "\n"
