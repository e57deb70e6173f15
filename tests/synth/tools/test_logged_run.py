# SPDX-License-Identifier: Apache-2.0
import subprocess
import sys
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.tools.logged_run import ToolError, last_lines, run_logged


def test_what_a_tool_prints_is_kept_and_returned(tmp_path: Path) -> None:
    program = "import sys, os; print(os.getcwd()); print('aside', file=sys.stderr)"
    printed = run_logged("tool", [sys.executable, "-c", program], tmp_path / "tool.log")
    assert printed.splitlines() == [str(tmp_path), "aside"] or sorted(printed.split()) == sorted(
        [str(tmp_path), "aside"]
    )
    assert (tmp_path / "tool.log").read_text() == printed


def test_a_failure_tells_the_tools_own_words_and_where_the_rest_is(tmp_path: Path) -> None:
    program = (
        "print('reading'); print('ERROR: no cell for $alu'); print('bye'); raise SystemExit(3)"
    )
    with pytest.raises(ToolError) as raised:
        run_logged("Tool", [sys.executable, "-c", program], tmp_path / "tool.log")
    assert raised.value.last_lines == "ERROR: no cell for $alu"
    assert str(raised.value) == (
        f"Tool ended with 3: ERROR: no cell for $alu (all of it in {tmp_path / 'tool.log'})"
    )


def test_what_takes_too_long_is_ended(tmp_path: Path) -> None:
    program = "import time; print('begun', flush=True); time.sleep(60)"
    with pytest.raises(subprocess.TimeoutExpired):
        run_logged("Tool", [sys.executable, "-c", program], tmp_path / "tool.log", 0.5)


def test_a_program_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="no_such_program"):
        run_logged("Tool", ["no_such_program"], tmp_path / "tool.log")


@pytest.mark.parametrize(
    ("printed", "expected"),
    [
        ("", "it printed nothing"),
        ("one\n\n two \n", "one / two"),
        ("a\nb\nc\nd\ne\n", "b / c / d / e"),
        ("ok\nError: bad\nok\n", "Error: bad"),
    ],
)
def test_last_lines(printed: str, expected: str) -> None:
    assert last_lines(printed) == expected
