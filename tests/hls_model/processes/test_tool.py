# SPDX-License-Identifier: Apache-2.0
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.tool import run_tool, started_tool
from tests.heeded_signals import heed_signals

# A tool with a child, as make has compilers; it tells both.
FAMILY = ["sh", "-c", "sleep 600 & echo $! > child; echo $$ > self; wait"]
SECONDS = 30


def pids(folder: Path) -> list[int]:
    """Both, once they are there."""
    end = time.monotonic() + SECONDS
    while not (folder / "self").exists() or not (folder / "self").read_text().strip():
        assert time.monotonic() < end
        time.sleep(0.02)
    return [int((folder / name).read_text()) for name in ("self", "child")]


def lives(pid: int) -> bool:
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


def wait_until_gone(numbers: list[int]) -> list[int]:
    """Those that still live after a while."""
    end = time.monotonic() + SECONDS
    while any(map(lives, numbers)) and time.monotonic() < end:
        time.sleep(0.02)
    return list(filter(lives, numbers))


def test_a_tool_gives_its_code_and_its_words() -> None:
    done = run_tool(["sh", "-c", "echo out; echo err >&2; exit 3"])
    assert (done.returncode, done.stdout, done.stderr) == (3, "out\n", "err\n")


def test_a_tool_that_a_signal_ends_has_the_code_of_a_shell() -> None:
    assert run_tool(["sh", "-c", "kill -SEGV $$"]).returncode == 128 + signal.SIGSEGV


def test_a_log_gets_everything_in_its_order(tmp_path: Path) -> None:
    with (tmp_path / "log").open("w") as log:
        done = run_tool(["sh", "-c", "echo a; echo b >&2; echo c"], log=log)
    assert (tmp_path / "log").read_text() == "a\nb\nc\n"
    assert done.stdout == ""


def test_a_tool_has_the_clean_environment_no_input_and_the_default_signals(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("MAKEFLAGS", "-n")
    assert run_tool(["sh", "-c", "echo ${MAKEFLAGS-unset}; cat"]).stdout == "unset\n"
    ignored = run_tool(["sh", "-c", "grep SigIgn /proc/self/status"])
    if ignored.returncode == 0:
        mask = int(ignored.stdout.split()[1], 16)
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGPIPE, signal.SIGCHLD):
            assert not mask >> (number - 1) & 1


def test_a_program_that_is_not_there_is_told() -> None:
    with pytest.raises(PulsewrightError, match="cannot start no_such_tool"):
        run_tool(["no_such_tool"])


def test_what_a_tool_leaves_behind_ends_with_it(tmp_path: Path) -> None:
    run_tool(["sh", "-c", "sleep 600 & echo $! > child; echo $$ > self"], cwd=tmp_path)
    assert wait_until_gone(pids(tmp_path)) == []


def test_time_that_is_up_ends_a_tool_and_its_children(tmp_path: Path) -> None:
    with pytest.raises(subprocess.TimeoutExpired):
        run_tool(FAMILY, cwd=tmp_path, seconds=1)
    assert wait_until_gone(pids(tmp_path)) == []


def test_an_exception_ends_a_tool_and_its_children(tmp_path: Path) -> None:
    family: list[int] = []

    def interrupted() -> None:
        with started_tool(FAMILY, cwd=tmp_path):
            family.extend(pids(tmp_path))
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert len(family) == 2
    assert wait_until_gone(family) == []


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM, signal.SIGHUP])
def test_whatever_ends_us_ends_our_tools(how: signal.Signals, tmp_path: Path) -> None:
    script = (
        "import sys\n"
        "from pulsewright.hls_model.processes.tool import run_tool\n"
        f"run_tool({FAMILY!r})\n"
    )
    ours = subprocess.Popen(
        [sys.executable, "-c", script],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": os.pathsep.join(filter(None, sys.path))},
        preexec_fn=heed_signals,
    )
    family = pids(tmp_path)
    watcher = [child.pid for child in psutil.Process(ours.pid).children()]
    ours.send_signal(how)
    ours.wait()
    assert wait_until_gone([*family, *watcher]) == []


def test_a_watcher_that_is_killed_leaves_no_tool(tmp_path: Path) -> None:
    with started_tool(FAMILY, cwd=tmp_path) as process:
        family = pids(tmp_path)
        process.kill()
    assert wait_until_gone(family) == []
