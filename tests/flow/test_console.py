# SPDX-License-Identifier: Apache-2.0

import io
from typing import Any

import pytest
from hypothesis import given, settings
from rich.progress import Progress
from rich.table import Table

from pulsewright.flow.console import PlainConsole, with_width
from pulsewright.flow.progress import progress_bars
from pulsewright.hls_model.escape.terminal import visible
from tests.hostile_texts import ANY_TEXT


class Terminal(io.StringIO):
    """Takes colours and bars."""

    def isatty(self) -> bool:
        return True


@pytest.fixture
def console(monkeypatch: pytest.MonkeyPatch) -> PlainConsole:
    monkeypatch.setenv("COLUMNS", "400")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    console = PlainConsole()
    console.file = Terminal()
    return console


def printed(console: PlainConsole) -> str:
    assert isinstance(console.file, Terminal)
    text = console.file.getvalue()
    console.file = Terminal()
    return text


def is_plain(text: str) -> bool:
    return all(line.isprintable() for line in text.split("\n"))


def test_a_sentence_is_printed_as_it_is(console: PlainConsole) -> None:
    @settings(deadline=None)
    @given(text=ANY_TEXT)
    def check(text: str) -> None:
        console.print(f"file: {text}", soft_wrap=True)
        assert printed(console) == f"file: {visible(text)}\n"

    check()


def test_so_is_every_part_of_a_table(console: PlainConsole) -> None:
    @settings(deadline=None)
    @given(text=ANY_TEXT)
    def check(text: str) -> None:
        table = Table(title=text, caption=text)
        table.add_column(text)
        table.add_row(text)
        console.print(table)
        shown = printed(console)
        assert is_plain(shown)
        if text.strip() and len(visible(text)) < 100 and "  " not in text:
            assert shown.count(with_width(visible(text)).strip()) == 4

    check()


@pytest.mark.parametrize("text", ["\u0301", "\U0001f3fb", "\u1160"])
def test_an_accent_on_nothing_is_spelled(text: str, console: PlainConsole) -> None:
    table = Table(title=text, caption=text)
    table.add_column(text)
    table.add_row(text)
    console.print(table)
    spelled = text.encode("unicode_escape").decode("ascii")
    assert printed(console).count(spelled) == 4
    assert with_width(f"e{text}") == f"e{text}"
    assert with_width("") == ""


@pytest.mark.parametrize("text", ["[/x]", "[red]a", "\x1b[31m", ":warning:", "a\nb", "\udcff"])
def test_the_name_of_a_step_is_no_markup_on_a_bar(
    text: str, console: PlainConsole, monkeypatch: pytest.MonkeyPatch
) -> None:
    made: list[Progress] = []

    def noted(*columns: Any, **options: Any) -> Progress:
        made.append(Progress(*columns, **options))
        return made[0]

    monkeypatch.setattr("pulsewright.flow.progress.Progress", noted)
    with progress_bars(console) as show:
        show(text, 1, 2)
    drawing = PlainConsole()
    drawing.file = Terminal()
    drawing.print(made[0].get_renderable())
    assert f"{visible(text)} " in printed(drawing)
