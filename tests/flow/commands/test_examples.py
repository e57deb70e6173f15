# SPDX-License-Identifier: Apache-2.0
import shlex

import pytest
from typer.main import get_command

from pulsewright.flow.cli import app
from pulsewright.flow.commands.examples import EXAMPLES
from tests.flow.conftest import invoke

COMMANDS = get_command(app).commands  # type: ignore[attr-defined]
LINES = [(name, line) for name, lines in EXAMPLES.items() for line in lines]


def test_every_command_has_examples() -> None:
    assert set(EXAMPLES) == set(COMMANDS)


@pytest.mark.parametrize(("name", "line"), LINES)
def test_the_parser_takes_each_example(name: str, line: str) -> None:
    program, command, *arguments = shlex.split(line)
    assert (program, command) == ("pulsewright", name)
    # What is read is not called.
    COMMANDS[command].make_context(command, arguments)


def test_help_ends_with_them() -> None:
    shown = " ".join(invoke("explain", "--help").output.split())
    assert shown.endswith(" ".join(("Examples:", *EXAMPLES["explain"])))
