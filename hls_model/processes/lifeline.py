# SPDX-License-Identifier: Apache-2.0
"""A program that runs another one, and ends it with all its children when its parent is gone.

    python lifeline.py DESCRIPTOR PROGRAM ARGUMENT...

DESCRIPTOR is the read end of a pipe whose write end only the parent holds. However the parent
ends, the pipe is closed by the kernel. This must lead a process group of its own. It imports little
and nothing of ours, so that it starts at once.
"""

import os
import select
import signal
import sys
import time

# What gcc and make need to remove their unfinished files.
GRACE_SECONDS = 0.3
CANNOT_START = 127


def main(lifeline: int, command: list[str]) -> int:
    """The exit code of the command, or 128 and the number of the signal that ended it."""
    os.set_inheritable(lifeline, False)  # noqa: FBT003 (takes no names)
    woken, waker = os.pipe()
    os.set_blocking(waker, False)
    signal.set_wakeup_fd(waker, warn_on_full_buffer=False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    ended_with_group = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
    for number in ended_with_group:
        signal.signal(number, signal.SIG_IGN)
    try:
        # Python ignores SIGPIPE; the command is to have what a shell would give it.
        defaults = [*ended_with_group, signal.SIGCHLD, signal.SIGPIPE]
        child = os.posix_spawnp(command[0], command, os.environ, setsigdef=defaults)
    except OSError as error:
        os.write(2, f"cannot start {command[0]}: {error.strerror}\n".encode())
        return CANNOT_START
    while True:
        ready, _, _ = select.select([lifeline, woken], [], [])
        if lifeline in ready:
            end_group()
        os.read(woken, 64)
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            # What the command left behind; this process ignores it.
            os.killpg(0, signal.SIGTERM)
            code = os.waitstatus_to_exitcode(status)
            return 128 - code if code < 0 else code


def end_group() -> None:
    """End every process of this group, this one included."""
    os.killpg(0, signal.SIGTERM)
    time.sleep(GRACE_SECONDS)
    os.killpg(0, signal.SIGKILL)


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), sys.argv[2:]))
