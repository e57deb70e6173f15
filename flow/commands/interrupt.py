# SPDX-License-Identifier: Apache-2.0
"""Ctrl-C that waits for an import to end."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from threading import current_thread, main_thread
from types import FrameType

RETRY_SECONDS = 0.05


@contextmanager
def interrupts_between_imports() -> Iterator[None]:
    """Raise KeyboardInterrupt on Ctrl-C as Python does, but never inside an import.

    An import cut short leaves half a module behind: large packages swallow the interrupt, or fail
    later with an error that has nothing to do with it. The interrupt is raised as soon as no import
    is on the stack. Where Ctrl-C is ignored, or outside the main thread, nothing changes.
    """
    before = signal.getsignal(signal.SIGINT)
    if current_thread() is not main_thread() or before is not signal.default_int_handler:
        yield
        return
    alarm_before = signal.signal(signal.SIGALRM, _raise_or_wait)
    signal.signal(signal.SIGINT, _raise_or_wait)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_REAL, 0)
        signal.signal(signal.SIGINT, before)
        signal.signal(signal.SIGALRM, alarm_before)


def _raise_or_wait(signal_number: int, frame: FrameType | None) -> None:
    if _is_importing(frame):
        signal.setitimer(signal.ITIMER_REAL, RETRY_SECONDS)
        return
    raise KeyboardInterrupt


def _is_importing(frame: FrameType | None) -> bool:
    while frame is not None:
        if frame.f_code.co_filename.startswith("<frozen importlib"):
            return True
        frame = frame.f_back
    return False
