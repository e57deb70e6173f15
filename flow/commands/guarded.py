# SPDX-License-Identifier: Apache-2.0
"""Turns what a user can cause into one sentence and an exit code."""

import errno
import signal
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from functools import wraps
from pathlib import Path
from typing import NoReturn, ParamSpec

import typer

from pulsewright.flow.commands.first_signals import sentence
from pulsewright.flow.commands.interrupt import Stopped, interrupts_between_imports
from pulsewright.flow.console import PlainConsole
from pulsewright.flow.errors import IncompleteInstallationError, VerificationError
from pulsewright.flow.user_folders import ensure_writable_user_folders
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.full_disk import check_room
from pulsewright.hls_model.python_packages import absence_sentence, known_packages

FOUND_WANTING, BAD_INPUT, DEFECT = 1, 2, 70
# What a shell reports of a program that a signal ended is this and the signal's number.
SIGNALLED = 128

Parameters = ParamSpec("Parameters")


def guarded(command: Callable[Parameters, None]) -> Callable[Parameters, None]:
    """Wrap a command: bad input, files and tools exit with 2, Ctrl-C with 130, `kill` with 143.

    Hardware that differs from the reference, and an installation that lacks what `run` needs, exit
    with 1. A defect of ours shows its traceback and
    exits with 70, so that nobody takes it for either.
    """

    @wraps(command)
    def wrapped(*args: Parameters.args, **kwargs: Parameters.kwargs) -> None:
        try:
            with interrupts_between_imports() as came, _whatever_comes_of(came):
                ensure_writable_user_folders()
                command(*args, **kwargs)
        except (VerificationError, IncompleteInstallationError) as error:
            _fail(str(error), FOUND_WANTING)
        except PulsewrightError as error:
            _fail(str(error), BAD_INPUT)
        except ModuleNotFoundError as error:
            packages = known_packages(error.name or "")
            if not packages:
                _fail_with_traceback()
            _fail(absence_sentence(packages), BAD_INPUT)
        except OSError as error:
            if error.errno in (errno.ENOSPC, errno.EDQUOT):
                _tell_full_disk(error)
            where = f"{error.filename}: " if error.filename else ""
            reason = error.strerror or type(error).__name__
            _fail(f"{where}{reason}; free that place or choose another with --build", BAD_INPUT)
        except Exception:
            _fail_with_traceback()
        except KeyboardInterrupt as error:
            number = error.number if isinstance(error, Stopped) else signal.SIGINT
            _fail(sentence(number), SIGNALLED + number)

    return wrapped


@contextmanager
def _whatever_comes_of(signals: list[int]) -> Iterator[None]:
    """Libraries may turn an interrupt into an error of their own, which is not to be told."""
    try:
        yield
    except BaseException as error:
        if signals and not isinstance(error, KeyboardInterrupt):
            raise Stopped(signals[0]) from error
        raise


def _tell_full_disk(error: OSError) -> None:
    """End with the place that is full; the error may name a file that was only read."""
    try:
        check_room(Path(str(error.filename or ".")).parent)
    except PulsewrightError as full:
        _fail(str(full), BAD_INPUT)


def _fail_with_traceback() -> NoReturn:
    console = PlainConsole(stderr=True)
    for line in traceback.format_exc().splitlines():
        console.print(line, soft_wrap=True)
    _fail("this is a defect of Pulsewright, not of your input; please report it", DEFECT)


def _fail(words: str, code: int) -> NoReturn:
    PlainConsole(stderr=True).print(f"pulsewright: {words}", soft_wrap=True)
    raise typer.Exit(code)
