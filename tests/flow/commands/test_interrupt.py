# SPDX-License-Identifier: Apache-2.0
import importlib
import os
import signal
import time
from pathlib import Path

import pytest

from pulsewright.flow.commands.interrupt import Stopped, interrupts_between_imports


def press_ctrl_c() -> None:
    os.kill(os.getpid(), signal.SIGINT)


def wait() -> None:
    for _ in range(200):
        time.sleep(0.05)


@pytest.fixture(autouse=True)
def default_handler() -> object:
    # A test runner's workers may ignore Ctrl-C.
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


def test_an_import_that_swallows_ctrl_c_is_finished_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "a_swallowing_module.py").write_text(
        "import os, signal, time\n"
        "cut_short = False\n"
        "try:\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    time.sleep(0.3)\n"
        "except BaseException:\n"
        "    cut_short = True\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    modules = []

    @interrupts_between_imports()
    def import_and_wait() -> None:
        modules.append(importlib.import_module("a_swallowing_module"))
        wait()

    with pytest.raises(KeyboardInterrupt):
        import_and_wait()
    assert [module.cut_short for module in modules] == [False]


def test_outside_an_import_ctrl_c_acts_at_once_and_the_handlers_are_put_back() -> None:
    alarm = signal.getsignal(signal.SIGALRM)
    with pytest.raises(KeyboardInterrupt):
        interrupts_between_imports()(press_ctrl_c)()
    assert signal.getsignal(signal.SIGINT) is signal.default_int_handler
    assert signal.getsignal(signal.SIGALRM) is alarm


def test_an_ignored_ctrl_c_stays_ignored() -> None:
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    with interrupts_between_imports():
        press_ctrl_c()


def test_kill_is_raised_as_what_libraries_take_for_ctrl_c() -> None:
    before = signal.getsignal(signal.SIGTERM)

    def be_killed() -> None:
        os.kill(os.getpid(), signal.SIGTERM)
        wait()

    with pytest.raises(KeyboardInterrupt) as raised:
        interrupts_between_imports()(be_killed)()
    assert isinstance(raised.value, Stopped)
    assert raised.value.number == signal.SIGTERM
    assert signal.getsignal(signal.SIGTERM) is before


class Swallowing:
    """A destructor, out of which nothing is raised."""

    def __del__(self) -> None:
        press_ctrl_c()
        for _ in range(1000):
            pass


def test_an_interrupt_that_python_swallows_is_raised_again(
    capsys: pytest.CaptureFixture[str],
) -> None:
    def drop_and_wait() -> None:
        Swallowing()
        wait()

    with pytest.raises(Stopped):
        interrupts_between_imports()(drop_and_wait)()
    assert capsys.readouterr().err == ""
