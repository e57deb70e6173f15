# SPDX-License-Identifier: Apache-2.0
"""No cell is cut, dropped or broken inside a word, at any width."""

import re
from pathlib import Path

from hypothesis import example, given
from hypothesis import strategies as st
from rich.cells import cell_len

from pulsewright.flow.report.energy_tables import (
    comparison_table,
    preset_table,
    preset_tier2_table,
    shipped_tables,
    total_table,
)
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, one_line, words
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from tests.flow.report.tables import printed, result_tables
from tests.models import fold_model, random_model

WIDTHS = st.integers(20, 200)
FRAME = "┃│"


def columns_of(text: str, count: int) -> list[str]:
    """What stands in each column of a boxed table, from top to bottom."""
    lines = [line for line in text.splitlines() if line and line[0] in FRAME]
    cells = [re.split(f"[{FRAME}]", line)[1:-1] for line in lines]
    assert all(len(line) == count for line in cells)
    return [" ".join(" ".join(column).split()) for column in zip(*cells, strict=True)]


def is_whole(table: ResultTable, width: int, terminal: bool) -> None:
    text = printed(table, width, terminal)
    assert one_line(table.title) in " ".join(text.split())
    assert one_line(table.note) in " ".join(text.split())
    expected = [
        " ".join(" ".join(column).split())
        for column in zip(table.headings, *table.texts, strict=True)
    ]
    boxed = any(line.startswith("┏") for line in text.splitlines())
    if boxed:
        assert columns_of(text, len(table.columns)) == expected
        body = [line for line in text.splitlines() if line[:1] in tuple("┏┃┡│└├")]
        assert not terminal or all(cell_len(line) <= width for line in body)
        for column, cells in zip(table.columns, zip(*table.texts, strict=True), strict=False):
            if column.is_number:
                assert all(any(cell in line for line in body) for cell in cells)
        return
    assert terminal
    lines = text.splitlines()
    for row in table.texts:
        for heading, cell in zip(table.headings, row, strict=True):
            assert f"{heading}: {cell}" in lines


@given(result_tables(), WIDTHS, st.booleans())
@example(
    table=ResultTable(
        "one", "\u1165", (words("k", "\U0001f3fb"),), [("\u1165 \U0001f3fba",)], "\u1165"
    ),
    width=20,
    terminal=False,
)
def test_every_cell_is_found_whole(table: ResultTable, width: int, terminal: bool) -> None:
    is_whole(table, width, terminal)


MODEL = random_model((6, 64, 1), pulses=100)
ENGINE = fold_model(MODEL, [(8, 6), (1, 8)])
TABLES = [
    preset_table(),
    preset_tier2_table(shipped_tables()),
    total_table("a1", energy_totals(MODEL, ENGINE, EnergyTable.load()), "a note"),
    comparison_table("a1", [energy_totals(MODEL, ENGINE, one) for one in shipped_tables()]),
]


@given(st.sampled_from(TABLES), WIDTHS, st.booleans())
def test_the_energy_tables_are_whole(table: ResultTable, width: int, terminal: bool) -> None:
    is_whole(table, width, terminal)


SMALL = ResultTable(
    "small",
    "title",
    (words("name", "name"), Column("rows", "rows", decimals(0))),
    [("RTL on verilator, via its bus", 26600)],
)


def test_a_pipe_has_no_width() -> None:
    assert "│ RTL on verilator, via its bus │ 26600 │" in printed(SMALL, 20, terminal=False)


def test_words_are_broken_first_and_then_rows_are_stacked() -> None:
    assert columns_of(printed(SMALL, 25, terminal=True), 2) == [
        "name RTL on verilator, via its bus",
        "rows 26600",
    ]
    assert "rows: 26600\n" in printed(SMALL, 20, terminal=True)


def test_tables_are_printed_here_alone() -> None:
    """Rich's own tables are cut where a terminal is narrow, and in a pipe at 80 columns."""
    repository = Path(__file__).parents[3]
    rooms = ("flow", "sim", "quant", "rtl", "hls_model", "bench")
    users = [
        str(path.relative_to(repository))
        for room in rooms
        for path in (repository / room).rglob("*.py")
        if "rich.table" in path.read_text(encoding="utf-8")
    ]
    assert users == ["flow/report/table_layout.py"]
