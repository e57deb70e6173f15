# SPDX-License-Identifier: Apache-2.0
"""The tutorial, typed: each command prints what the page says."""

import doctest
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

PAGE = Path(__file__).parents[1] / "docs" / "tutorial.md"
OPTIONS = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE


def steps(page: Path = PAGE) -> list[tuple[str, str]]:
    """Commands of a page and what they print, each with what stands under it."""
    blocks = re.findall(r"^```console\n((?:.*\n)*?)```", page.read_text("utf-8"), re.M)
    found = [re.findall(r"^\$ (.*)\n((?:(?!\$ ).*\n)*)", block, re.M) for block in blocks]
    return [(command, printed) for block in found for command, printed in block]


def is_printed(expected: str, found: str) -> bool:
    """`...` stands for anything, also for nothing; blanks count as one."""
    return doctest.OutputChecker().check_output(expected, found, OPTIONS)


def test_every_step_is_one_command_that_prints_something() -> None:
    assert [command.split()[0] for command, _ in steps()] == [
        *("pulsewright", "pulsewright", "pulsewright", "head", "cd", "pulsewright")
    ]
    assert all(printed.strip(" .\n") for _, printed in steps())
    assert is_printed("a\n...\nc 1...\n", "a\nb\nb\nc 17\n")
    assert not is_printed("a\n...\nc\n", "a\nb\n")


@pytest.mark.regression
def test_every_step_prints_what_the_page_says(tmp_path: Path) -> None:
    programs = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
    for command, printed in steps():
        run = subprocess.run(
            ["sh", "-c", command],
            cwd=tmp_path,
            env={**os.environ, "PATH": programs, "COLUMNS": "100"},
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stderr
        assert is_printed(printed, run.stdout), f"$ {command}\n{run.stdout}"
    page = (tmp_path / "build" / "a1_int8" / "report.html").read_text(encoding="utf-8")
    assert "Explorer" in page
