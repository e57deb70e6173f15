# SPDX-License-Identifier: Apache-2.0

import pytest
from hypothesis import given, settings
from markdown_it import MarkdownIt
from markdown_it.token import Token

from pulsewright.hls_model.escape.markdown import markdown_text
from pulsewright.hls_model.escape.terminal import visible
from tests.hostile_texts import ANY_TEXT

READER = MarkdownIt("commonmark").enable(["table", "strikethrough"])


def cells(table: str) -> list[Token]:
    return [token for token in READER.parse(table) if token.type == "inline"]


@settings(deadline=None)
@given(text=ANY_TEXT)
def test_a_cell_holds_the_text_and_nothing_else(text: str) -> None:
    shown = visible(text).strip()
    table = f"| a | b | c |\n|---|---|---|\n| x | {markdown_text(text)} | y |\n"
    found = cells(table)
    assert [cell.content for cell in found[:4]] == ["a", "b", "c", "x"]
    assert len(found) == 6
    children = found[4].children or []
    assert {child.type for child in children} <= {"text", "text_special"}
    assert "".join(child.content for child in children) == shown


@pytest.mark.parametrize("text", ["v_set", "mV", "µA", "N (0 to 99)", "x1"])
def test_a_harmless_text_stays_as_it_is(text: str) -> None:
    assert markdown_text(text) == text
