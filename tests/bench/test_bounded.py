# SPDX-License-Identifier: Apache-2.0
"""Functions that end, fail, die or take too long."""

import os
import subprocess
import time
from pathlib import Path

import pytest

from bench.bounded import ProcessError, TimeLimitError, bounded


def starts_a_tool(noted: str) -> None:
    tool = subprocess.Popen(["sleep", "100"])
    Path(noted).write_text(str(tool.pid))
    tool.wait()


def is_running(process: int) -> bool:
    try:
        state = Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0]
    except FileNotFoundError:
        return False
    return state != "Z"


def test_a_result_comes_back() -> None:
    assert bounded(60, divmod, 17, 5) == (3, 2)


def test_a_failure_comes_back_with_its_traceback() -> None:
    with pytest.raises(ProcessError, match="ZeroDivisionError"):
        bounded(60, divmod, 1, 0)


def test_a_process_that_dies_is_told() -> None:
    with pytest.raises(ProcessError, match="ended without a result"):
        bounded(60, os._exit, 1)


@pytest.mark.regression
def test_what_takes_too_long_ends_with_all_it_started(tmp_path: Path) -> None:
    noted = tmp_path / "tool"
    with pytest.raises(TimeLimitError, match="not done in 8 s"):
        bounded(8, starts_a_tool, str(noted))
    tool = int(noted.read_text())
    deadline = time.monotonic() + 10
    while is_running(tool) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not is_running(tool)
