# SPDX-License-Identifier: Apache-2.0
"""Reads a file that a user names, and nothing that would keep the reader waiting for ever."""

from pathlib import Path


def read_plain_text(path: Path, encoding: str = "utf-8") -> str:
    """The text of a file.

    Raises:
        OSError: it cannot be read, or is a pipe or a device, which may never end.
        UnicodeDecodeError: it is not text of that encoding.
    """
    if path.exists() and not (path.is_file() or path.is_dir()):
        raise OSError(None, "It is a pipe or a device, not a file", str(path))
    return path.read_text(encoding=encoding)
