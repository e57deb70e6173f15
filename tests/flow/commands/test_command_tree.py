# SPDX-License-Identifier: Apache-2.0
"""What every command has, whichever it is."""

import re
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from pulsewright.flow.cli import app
from tests.flow.conftest import invoke

REPOSITORY = Path(__file__).parents[3]
COMMANDS: dict[str, Any] = get_command(app).commands  # type: ignore[attr-defined]
# Parameters whose values are files of one kind, or have names that are known; enumerations complete
# themselves.
COMPLETED = {
    *("recipe", "study_file", "file", "core", "attachment", "board", "target"),
    *("device", "pipelines", "weights", "curve", "table", "copy", "key"),
}


def options_of(command: Any) -> set[str]:
    return {option for parameter in command.params for option in parameter.opts}


@pytest.mark.parametrize("name", COMMANDS)
def test_each_parameter_says_what_it_is_in_a_sentence(name: str) -> None:
    assert COMMANDS[name].help.split("\n\n")[0].endswith(".")
    for parameter in COMMANDS[name].params:
        assert parameter.help.endswith("."), parameter.name


@pytest.mark.parametrize("name", COMMANDS)
def test_help_is_shown_with_every_option(name: str) -> None:
    result = invoke(name, "--help")
    assert result.exit_code == 0
    for option in options_of(COMMANDS[name]):
        if option.startswith("--"):
            assert option in result.output


@pytest.mark.parametrize("name", COMMANDS)
def test_results_are_there_for_programs_and_progress_can_be_left_out(name: str) -> None:
    options = options_of(COMMANDS[name])
    assert "--json" in options
    # Whatever works in a build folder takes its time.
    assert ("--build" in options) == ("--quiet" in options)


@pytest.mark.parametrize("name", COMMANDS)
def test_a_shell_completes_files_and_whatever_has_a_name(name: str) -> None:
    for parameter in COMMANDS[name].params:
        if parameter.name in COMPLETED:
            assert getattr(parameter, "_custom_shell_complete", None) is not None, parameter.name


def test_the_page_of_commands_has_each() -> None:
    page = (REPOSITORY / "docs" / "commands.md").read_text(encoding="utf-8")
    found = re.findall(r"^\| `pulsewright ([a-z-]+)", page, re.MULTILINE)
    assert set(found) == set(COMMANDS)
