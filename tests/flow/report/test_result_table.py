# SPDX-License-Identifier: Apache-2.0
import json

import pytest
from hypothesis import given

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, one_line, words
from tests.flow.report.tables import result_tables


@given(result_tables())
def test_text_and_json_are_made_from_the_same_values(table: ResultTable) -> None:
    document = json.loads(json.dumps(table.document, allow_nan=False))
    assert [one["key"] for one in document["columns"]] == [one.key for one in table.columns]
    for row, cells in zip(document["rows"], table.texts, strict=True):
        for column, cell in zip(table.columns, cells, strict=True):
            assert one_line(column.text(row[column.key])) == cell


def test_a_figure_that_is_no_number_is_null() -> None:
    columns = (Column("one", "one", decimals(1)), Column("many", "many"))
    table = ResultTable("t", "", columns, [(float("nan"), {"mean": [float("inf"), 1.5]})])
    assert table.document["rows"] == [{"one": None, "many": {"mean": [None, 1.5]}}]
    assert table.texts[0][0] == "nan"


def test_what_a_terminal_would_obey_is_spelled_out() -> None:
    assert one_line("\x1b[2J a\n\tb [red]µ") == "\\x1b[2J a b [red]µ"


def test_marks_on_nothing_are_spelled_out() -> None:
    """A skin tone, an accent and a vowel, which have no width of their own."""
    for mark in ("\U0001f3fb", "\u0301", "\u1165"):
        spelled = mark.encode("unicode_escape").decode()
        assert one_line(mark) == spelled
        assert one_line(f"a {mark}{mark}b") == f"a {spelled}{spelled}b"
        assert one_line(f"a{mark}") == f"a{mark}"


def test_rows_and_keys_must_fit() -> None:
    with pytest.raises(ValueError, match="two columns of t have one key"):
        ResultTable("t", "", (words("a", "a"), words("a", "b")), [])
    with pytest.raises(ValueError, match="a row of t has not 1 values"):
        ResultTable("t", "", (words("a", "a"),), [("1", "2")])
