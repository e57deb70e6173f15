# SPDX-License-Identifier: Apache-2.0
"""What signals do until a command begins, and after it has ended.

It is the first that the console script imports, so it imports nothing that takes time.
"""

import os
import signal
import sys
from contextlib import suppress
from types import FrameType

# What each is told as; the exit code is 128 and the signal's number.
SENTENCES = {
    signal.SIGINT: "interrupted",
    signal.SIGTERM: "terminated",
    signal.SIGHUP: "the terminal was closed",
}
KEPT = "what is finished is kept and the next run goes on from there"


def sentence(number: int) -> str:
    """What is said of a command that this signal ended."""
    return f"{SENTENCES.get(signal.Signals(number), 'interrupted')}; {KEPT}"


def end_at_once(number: int, frame: FrameType | None) -> None:
    """End this process with its sentence; there is nothing to clean up."""
    # It may be closed, or the signal came in the midst of a flush.
    with suppress(OSError, RuntimeError, ValueError):
        sys.stdout.flush()
    try:
        os.write(2, f"pulsewright: {sentence(number)}\n".encode())
    finally:
        os._exit(128 + number)


def end_at_once_on_signals() -> None:
    """Until a command begins, and after it.

    An exception could meet an import, of which it would make another error. What is ignored stays
    ignored, as after `nohup`.
    """
    for number in SENTENCES:
        if signal.getsignal(number) in (signal.SIG_DFL, signal.default_int_handler):
            signal.signal(number, end_at_once)
