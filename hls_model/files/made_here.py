# SPDX-License-Identifier: Apache-2.0
"""Which programs and libraries of a build folder may be run: those that this user had made.

A build folder may come from anywhere, and so may every name, date and stamp in it. What was made is
therefore noted in a folder that only its user can write, by the digest of the file's bytes.
"""

import hashlib
import os
import stat
from contextlib import suppress
from pathlib import Path

from platformdirs import user_state_path

# A note is an empty file; older ones than so many are forgotten, and their programs made again.
MOST_NOTES = 2000


def note_made(path: Path, made_from: str) -> None:
    """Note that `path` was made now, from what the digest `made_from` stands for.

    Where there is no place for the note nothing is noted, and the file will be made again.
    """
    with suppress(OSError):
        notes = _notes_folder()
        if notes is not None:
            (notes / _note(path, made_from)).touch(mode=0o600)
            _forget_oldest(notes)


def is_made_here(path: Path, made_from: str) -> bool:
    """True if `path` is byte for byte what this user had made from `made_from`."""
    try:
        notes = _notes_folder()
        return notes is not None and (notes / _note(path, made_from)).is_file()
    except OSError:
        return False


def _note(path: Path, made_from: str) -> str:
    with path.open("rb") as file:
        content = hashlib.file_digest(file, "sha256").hexdigest()
    return hashlib.sha256(f"{made_from}\n{content}".encode()).hexdigest()


def _notes_folder() -> Path | None:
    """The folder of the notes; None without a home, or if another user could write it."""
    folder = user_state_path("pulsewright", appauthor=False) / "made"
    if not folder.is_absolute():
        return None
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    found = folder.lstat()
    ours = stat.S_ISDIR(found.st_mode) and found.st_uid == os.geteuid()
    return folder if ours and not stat.S_IMODE(found.st_mode) & 0o022 else None


def _forget_oldest(notes: Path) -> None:
    found = list(notes.iterdir())
    if len(found) > MOST_NOTES:
        found.sort(key=lambda note: note.stat().st_mtime_ns)
        for note in found[: len(found) - MOST_NOTES]:
            note.unlink(missing_ok=True)
