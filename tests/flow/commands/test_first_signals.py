# SPDX-License-Identifier: Apache-2.0
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from tests.heeded_signals import heed_signals

REPOSITORY = Path(__file__).resolve().parents[3]
# Stands for the rest of the imports, which the signal meets.
STALLED = (
    "import sys, time\n"
    "from pulsewright.flow.commands.first_signals import end_at_once_on_signals\n"
    "end_at_once_on_signals()\n"
    "sys.stdout.write('a table')\n"
    "open(sys.argv[1], 'w').close()\n"
    "time.sleep(600)\n"
)


@pytest.mark.parametrize(
    ("number", "words"),
    [
        (signal.SIGINT, "interrupted"),
        (signal.SIGTERM, "terminated"),
        (signal.SIGHUP, "the terminal was closed"),
    ],
)
def test_a_signal_before_or_after_the_command_is_a_sentence_and_its_exit_code(
    number: signal.Signals, words: str, tmp_path: Path
) -> None:
    started = tmp_path / "started"
    process = subprocess.Popen(
        [sys.executable, "-c", STALLED, str(started)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        preexec_fn=heed_signals,
    )
    while not started.exists():
        assert process.poll() is None
        time.sleep(0.02)
    process.send_signal(number)
    output, error = process.communicate()
    assert process.returncode == 128 + number
    assert output == "a table"
    assert error == (
        f"pulsewright: {words}; what is finished is kept and the next run goes on from there\n"
    )


def test_what_is_ignored_stays_ignored(tmp_path: Path) -> None:
    program = (
        "import signal\n"
        "signal.signal(signal.SIGHUP, signal.SIG_IGN)\n"
        "from pulsewright.flow.commands.first_signals import end_at_once_on_signals\n"
        "end_at_once_on_signals()\n"
        "print(signal.getsignal(signal.SIGHUP) is signal.SIG_IGN)\n"
    )
    run = subprocess.run(
        [sys.executable, "-c", program], capture_output=True, text=True, check=True
    )
    assert run.stdout == "True\n"


def test_nothing_slow_comes_before_signals_are_settled() -> None:
    """Until then Python itself answers Ctrl-C, with a traceback."""
    program = (
        f"import sys; sys.path.insert(0, {str(REPOSITORY / 'src')!r})\n"
        "before = set(sys.modules)\n"
        "import pulsewright.flow.entry\n"
        "print(*set(sys.modules) - before)\n"
    )
    # Without site, which may have imported this or that.
    command = [sys.executable, "-I", "-S", "-c", program]
    imported = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    assert {name for name in imported if name.startswith("pulsewright.")} == {
        "pulsewright.flow",
        "pulsewright.flow.commands",
        "pulsewright.flow.commands.first_signals",
        "pulsewright.flow.entry",
    }
    assert {"typing", "re", "inspect", "ast"}.isdisjoint(imported)
