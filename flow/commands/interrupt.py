# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C, `kill` and a closed terminal while a command works: they wait for an import to end."""

import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType
from typing import Any

from pulsewright.flow.commands.first_signals import SENTENCES, end_at_once

RETRY_SECONDS = 0.05


class Stopped(KeyboardInterrupt):
    """The user wants an end. A KeyboardInterrupt, which libraries let pass and clean up after."""

    def __init__(self, number: int) -> None:
        super().__init__(number)
        self.number = number


@contextmanager
def interrupts_between_imports() -> Iterator[list[int]]:
    """Raise Stopped on these signals, but never inside an import; yield those that came.

    An import cut short leaves half a module behind: large packages swallow the interrupt, or fail
    later with an error that has nothing to do with it. The interrupt is raised as soon as no import
    is on the stack, and again where Python swallowed it, as in a destructor. Where a signal is
    ignored, or outside the main thread, nothing changes.
    """
    came: list[int] = []
    if current_thread() is not main_thread():
        yield came
        return
    ours = (signal.SIG_DFL, signal.default_int_handler, end_at_once)
    before = {
        number: handler
        for number, handler in ((number, signal.getsignal(number)) for number in SENTENCES)
        if handler in ours
    }

    def raise_or_wait(number: int, frame: FrameType | None) -> None:
        if number != signal.SIGALRM:
            came.append(number)
        if _is_importing(frame):
            signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
            return
        raise Stopped(came[0] if came else signal.SIGINT)

    hook = sys.unraisablehook

    def again(unraisable: Any) -> None:
        if issubclass(unraisable.exc_type, Stopped):
            signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
        else:
            hook(unraisable)

    alarm_before = signal.signal(signal.SIGALRM, raise_or_wait)
    sys.unraisablehook = again
    for number in before:
        signal.signal(number, raise_or_wait)
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGALRM, alarm_before)
        sys.unraisablehook = hook


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
