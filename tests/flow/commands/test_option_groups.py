# SPDX-License-Identifier: Apache-2.0
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

import pytest
import typer
from typer.testing import CliRunner

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.option_groups import with_option_groups
from pulsewright.hls_model.errors import PulsewrightError


@dataclass(frozen=True)
class Colours:
    ink: Annotated[str, typer.Option("--ink", help="Of letters.")] = "black"
    paper: Annotated[str | None, typer.Option("--paper", help="Behind them.")] = None


@dataclass(frozen=True)
class BlueColours(Colours):
    ink: Annotated[str, typer.Option("--ink", help="Of letters.")] = "blue"


@dataclass(frozen=True)
class Sheet:
    width: Annotated[int, typer.Option("--width", min=1)]
    folder: Path = Path("sheets")


def app(came: list[tuple[object, ...]]) -> typer.Typer:
    one = typer.Typer()

    @one.command()
    @guarded
    @with_option_groups
    def draw(
        name: str, colours: BlueColours, bold: bool = False, *, sheet: Sheet, copies: int = 1
    ) -> None:
        """Draw a sheet."""
        if colours.ink == "none":
            raise PulsewrightError("--ink none draws nothing; give a colour")
        came.append((name, colours, bold, sheet, copies))

    return one


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ("a --width 3", ("a", BlueColours(), False, Sheet(3), 1)),
        (
            "a --ink red --paper grey --bold --width 3 --folder out --copies 2",
            ("a", BlueColours("red", "grey"), True, Sheet(3, Path("out")), 2),
        ),
    ],
)
def test_the_fields_of_a_group_are_options(words: str, expected: tuple[object, ...]) -> None:
    came: list[tuple[object, ...]] = []
    result = CliRunner().invoke(app(came), words.split())
    assert result.exit_code == 0, result.output
    assert came == [expected]


@pytest.mark.parametrize("words", ["a", "a --width 0", "a --width 3 --colours red"])
def test_what_no_field_takes_is_refused(words: str) -> None:
    came: list[tuple[object, ...]] = []
    assert CliRunner().invoke(app(came), words.split()).exit_code == 2
    assert came == []


def test_options_stand_in_the_place_of_their_group() -> None:
    command = typer.main.get_command(app([]))
    names = [parameter.name for parameter in command.params]
    assert names[:7] == ["name", "ink", "paper", "bold", "width", "folder", "copies"]
    assert command.help == "Draw a sheet."


def test_the_guard_sees_what_a_command_of_groups_raises() -> None:
    result = CliRunner().invoke(app([]), ["a", "--width", "3", "--ink", "none"])
    assert result.exit_code == 2
    assert "--ink none draws nothing" in result.output
