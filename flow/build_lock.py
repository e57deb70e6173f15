# SPDX-License-Identifier: Apache-2.0
"""One command at a time in a build folder: a lock, and a note of who has it."""

import os
import shlex
import shutil
import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path

from filelock import FileLock, Timeout
from pydantic import BaseModel, ConfigDict, ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text

LOCK, HOLDER = ".lock", ".holder.json"
POLL_SECONDS = 0.1
LONGEST_HOLDER_FILE = 10_000


def typed_command() -> str:
    """The command that runs now, as a shell would take it again."""
    return shlex.join(["pulsewright", *sys.argv[1:]])


class Holder(BaseModel):
    """Who has a folder: machine, process, what was typed, and since when."""

    model_config = ConfigDict(extra="forbid")

    host: str
    pid: int
    command: str
    since: str

    @classmethod
    def this_process(cls) -> "Holder":
        """The command that runs now."""
        return cls(
            host=socket.gethostname(),
            pid=os.getpid(),
            command=typed_command(),
            since=datetime.now().astimezone().isoformat(sep=" ", timespec="seconds"),
        )


@contextmanager
def locked(folder: Path, wait: bool, say: Callable[[str], None]) -> Iterator[None]:
    """Have `folder` alone until the block ends; what a command that died left half is removed.

    wait: until another command has ended, which `say` is told once. The system gives the lock back
    when a process ends, however it ends. Between machines it holds where their common file system
    passes locks on, as NFS does.

    Raises:
        PulsewrightError: another command has the folder and `wait` is false, or the folder cannot
            be made or locked.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise PulsewrightError(
            f"cannot make the build folder {folder}: {error.strerror}; choose another with --build"
        ) from error
    try:
        lock = FileLock(folder / LOCK)
        try:
            lock.acquire(blocking=False)
        except Timeout:
            sentence = f"{folder} is being written by {_holder(folder)}"
            if not wait:
                raise PulsewrightError(
                    f"{sentence}; wait for it, or choose another folder with --build"
                ) from None
            say(f"waiting: {sentence}")
            lock.acquire(poll_interval=POLL_SECONDS)
    except OSError as error:
        raise PulsewrightError(
            f"cannot lock the build folder {folder}: {error.strerror}; choose another with --build"
        ) from error
    try:
        _remove_leftovers(folder)
        write_text(folder / HOLDER, Holder.this_process().model_dump_json())
        yield
    finally:
        (folder / HOLDER).unlink(missing_ok=True)
        lock.release()


def _holder(folder: Path) -> str:
    """The one who has the folder, as far as it can be told."""
    try:
        with (folder / HOLDER).open("rb") as file:
            one = Holder.model_validate_json(file.read(LONGEST_HOLDER_FILE))
    except (OSError, ValidationError):
        return "another command"
    return f"`{one.command}` (process {one.pid} on {one.host}, since {one.since})"


def _remove_leftovers(folder: Path) -> None:
    """Remove the unfinished files and folders of `hls_model.files.atomic_write`."""
    for path in list(folder.rglob(".*.part")):
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
