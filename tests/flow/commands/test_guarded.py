# SPDX-License-Identifier: Apache-2.0
import os
import signal

import pytest
import typer

from pulsewright.flow.commands.guarded import guarded
from pulsewright.flow.commands.interrupt import Stopped
from pulsewright.flow.errors import VerificationError
from pulsewright.hls_model.errors import PulsewrightError


@pytest.mark.parametrize(
    ("error", "code", "words"),
    [
        (PulsewrightError("value 3 is bad; use 2"), 2, "value 3 is bad; use 2"),
        (
            PulsewrightError("[/x] is no b\x1b[31m\udcff\n:bad:"),
            2,
            "[/x] is no b\\x1b[31m\\udcff\\n:bad:",
        ),
        (VerificationError("2 rows differ"), 1, "2 rows differ"),
        (OSError(28, "No space left on device", "a/b"), 2, "a/b: No space left on device"),
        (KeyboardInterrupt(), 130, "interrupted"),
        (Stopped(signal.SIGTERM), 143, "terminated; what is finished is kept"),
        (Stopped(signal.SIGHUP), 129, "the terminal was closed"),
        (ModuleNotFoundError("no", name="torch.nn"), 2, "-m pip install 'torch>="),
        (ModuleNotFoundError("no", name="amaranth"), 2, "amaranth is not installed; install"),
        (
            ModuleNotFoundError("no", name="cocotbext"),
            2,
            "cocotbext-apb, cocotbext-obi and cocotbext-uart are",
        ),
    ],
)
def test_errors_become_one_sentence_and_an_exit_code(
    error: BaseException, code: int, words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    @guarded
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == code
    assert words in capsys.readouterr().err


@pytest.mark.parametrize(
    "error",
    [ModuleNotFoundError("no", name="a_module_of_nobody"), IndexError("row 3\x1b[31m\udcff [/x]")],
)
def test_a_defect_of_ours_shows_its_traceback_and_has_a_code_of_its_own(
    error: Exception, capsys: pytest.CaptureFixture[str]
) -> None:
    @guarded
    def command() -> None:
        raise error

    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == 70
    said = capsys.readouterr().err
    assert said.startswith("Traceback (most recent call last):\n")
    assert all(line.isprintable() for line in said.split("\n"))
    assert "defect" in said


def test_what_a_library_makes_of_an_interrupt_is_not_told(
    capsys: pytest.CaptureFixture[str],
) -> None:
    @guarded
    def command() -> None:
        try:
            os.kill(os.getpid(), signal.SIGTERM)
            for _ in range(1000):
                pass
        except KeyboardInterrupt:
            raise OSError("Timed out trying to connect") from None

    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == 143
    assert capsys.readouterr().err.startswith("pulsewright: terminated; what is finished is kept")


def test_a_full_place_of_temporary_files_is_named_and_not_what_was_read(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise PulsewrightError("the disk of /scratch is full (0 bytes are free); make room there")

    monkeypatch.setattr("pulsewright.flow.commands.guarded.check_room", full)

    @guarded
    def command() -> None:
        raise OSError(28, "No space left on device", "fonts/DejaVuSans.ttf")

    with pytest.raises(typer.Exit) as caught:
        command()
    assert caught.value.exit_code == 2
    assert "the disk of /scratch is full" in (told := capsys.readouterr().err)
    assert "DejaVu" not in told
