# SPDX-License-Identifier: Apache-2.0
"""Tables as Hypothesis draws them, and as they were printed."""

from io import StringIO

from hypothesis import strategies as st
from rich.console import Console

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.report.table_layout import print_table

LETTERS = st.characters(
    categories=("L", "N", "P", "S"), exclude_characters="│┃┏┓┗┛┡┩├┤┼╇╈┳┴┬─━╋└┘┌┐"
)
SENTENCES = st.text(LETTERS | st.just(" "), max_size=40)
NUMBERS = st.one_of(
    st.none(), st.integers(-(10**12), 10**12).map(float), st.floats(-1e9, 1e9, allow_nan=False)
)


@st.composite
def result_tables(draw: st.DrawFn) -> ResultTable:
    kinds = draw(st.lists(st.booleans(), min_size=1, max_size=7))
    columns = tuple(
        Column(f"k{place}", draw(SENTENCES), decimals(3))
        if is_number
        else words(f"k{place}", draw(SENTENCES))
        for place, is_number in enumerate(kinds)
    )
    row = st.tuples(*(NUMBERS if is_number else SENTENCES for is_number in kinds))
    rows = draw(st.lists(row, max_size=5))
    return ResultTable("drawn", draw(SENTENCES), columns, rows, draw(SENTENCES))


def printed(table: ResultTable, width: int, terminal: bool) -> str:
    file = StringIO()
    console = Console(file=file, width=width, force_terminal=terminal, no_color=True)
    # No italics or bold, whose codes stand between the words.
    console._color_system = None
    print_table(console, table)
    return file.getvalue()
