# SPDX-License-Identifier: Apache-2.0
"""Reads a file that a user names: its kind and its size are known before its contents.

Nothing here waits for ever, and nothing takes more memory than the caller allows.
"""

import errno
import os
import select
import stat
from pathlib import Path

# How long a pipe may stay silent. A slow program at its other end gets as long for every chunk.
PATIENCE_SECONDS = 20
CHUNK = 1 << 16


def read_plain_text(path: Path, most_bytes: int, encoding: str = "utf-8") -> str:
    """The text of a file of at most `most_bytes`.

    Raises:
        OSError: it cannot be read, is larger, or is a pipe or a device, which may never end.
        UnicodeDecodeError: it is not text of that encoding.
    """
    return read_plain_bytes(path, most_bytes).decode(encoding)


def read_plain_bytes(path: Path, most_bytes: int, *, from_pipe: bool = False) -> bytes:
    """The contents of a file of at most `most_bytes`.

    from_pipe: take what comes through a pipe as well, such as a shell's `<(zcat table.csv.gz)`. It
    can be read only once.

    Raises:
        OSError: it cannot be read, is larger, is a device, or is a pipe that may not be read or
            stays silent.
    """
    if "\0" in str(path):
        raise OSError(errno.EINVAL, "Its name holds a null character", str(path))
    _check_kind(os.stat(path).st_mode, path, from_pipe)
    # The other end of a pipe may never be opened.
    handle = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_NOCTTY | os.O_CLOEXEC)
    try:
        status = os.fstat(handle)
        # Another file may stand there by now.
        _check_kind(status.st_mode, path, from_pipe)
        if status.st_size > most_bytes:
            raise _too_large(path, status.st_size, most_bytes)
        return _contents(handle, path, most_bytes, is_pipe=stat.S_ISFIFO(status.st_mode))
    finally:
        os.close(handle)


def _check_kind(mode: int, path: Path, from_pipe: bool) -> None:
    if stat.S_ISDIR(mode):
        raise IsADirectoryError(errno.EISDIR, os.strerror(errno.EISDIR), str(path))
    if not (stat.S_ISREG(mode) or (from_pipe and stat.S_ISFIFO(mode))):
        raise OSError(None, "It is a pipe or a device, not a file", str(path))


def _contents(handle: int, path: Path, most_bytes: int, is_pipe: bool) -> bytes:
    """All that is there now, and all that comes until the other end is closed."""
    poll = select.poll()
    poll.register(handle, select.POLLIN)
    contents = bytearray()
    while True:
        if is_pipe and not poll.poll(PATIENCE_SECONDS * 1000):
            raise OSError(None, f"Nothing came through the pipe for {PATIENCE_SECONDS} s", path)
        chunk = os.read(handle, CHUNK)
        if not chunk:
            return bytes(contents)
        contents += chunk
        # Some files tell no size, or grow.
        if len(contents) > most_bytes:
            raise _too_large(path, len(contents), most_bytes)


def _too_large(path: Path, size: int, most_bytes: int) -> OSError:
    reason = f"It has {size} bytes, at most {most_bytes} are read"
    return OSError(errno.EFBIG, reason, str(path))
