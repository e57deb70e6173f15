# SPDX-License-Identifier: Apache-2.0
"""The journal of a sweep: finished rows, written as they come, so that nothing is done twice."""

import fcntl
import hashlib
import json
import math
import os
import stat
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Any, Self

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened

FORMAT_VERSION = 1
# A hundred thousand rows have 70 MB.
MOST_BYTES = 256 << 20
HEADER = b'{"format_version":1}\n'

# A pipe in its place is not waited for.
OPEN_FLAGS = os.O_RDWR | os.O_CREAT | os.O_APPEND | os.O_NONBLOCK | os.O_CLOEXEC

Row = dict[str, Any]
"""Column name to a JSON value; a float network keeps its parameters as nested lists."""


class Journal:
    """One JSON line a finished row, appended and synced to disk, after a header line.

    A run that is killed leaves at most one torn line, which the next one drops.
    """

    def __init__(self, path: Path, file: IO[bytes], rows: dict[str, Row]) -> None:
        self.path = path
        self._file = file
        self.rows = rows

    @classmethod
    def open(cls, path: Path, made_from: Mapping[str, object]) -> Self:
        """Open, or begin, the journal of what is made from `made_from`.

        made_from: all that decides the rows but is no part of their keys, such as digests of data
        and code; anything with a stable JSON text. The journal of something else is not touched:
        the digest of `made_from` is part of the file's name, <stem>-<digest>.jsonl.

        Raises:
            PulsewrightError: another run has it open, it is of another version, damaged before its
                last line, or cannot be written.
        """
        digest = hashlib.sha256(json.dumps(made_from, sort_keys=True, default=str).encode())
        path = path.with_name(f"{path.stem}-{digest.hexdigest()[:12]}.jsonl")
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            handle = os.open(path, OPEN_FLAGS, 0o666)
        except OSError as error:
            raise PulsewrightError(
                f"cannot write the journal {path}: {error.strerror}; choose another folder "
                "with --build"
            ) from error
        status = os.fstat(handle)
        if not stat.S_ISREG(status.st_mode) or status.st_size > MOST_BYTES:
            os.close(handle)
            raise _damaged(path, f"it is no file, or has more than {MOST_BYTES} bytes")
        file = os.fdopen(handle, "a+b")
        try:
            _lock(file, path)
            rows = _read(file, path)
            journal = cls(path, file, rows)
            if file.tell() == 0:
                journal._write({"format_version": FORMAT_VERSION})
        except BaseException:
            file.close()
            raise
        return journal

    def append(self, key: str, row: Row) -> None:
        """Keep a finished row.

        Raises:
            PulsewrightError: the disk is full, or the file went away.
        """
        self._write({"key": key, "row": row})
        self.rows[key] = row

    def close(self) -> None:
        """Close the file and let another run have it."""
        self._file.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def _write(self, line: Mapping[str, object]) -> None:
        text = json.dumps(line, separators=(",", ":"), allow_nan=False) + "\n"
        try:
            self._file.write(text.encode())
            self._file.flush()
            os.fsync(self._file.fileno())
        except OSError as error:
            raise PulsewrightError(
                f"cannot write the journal {self.path}: {error.strerror}; make room and run again, "
                f"the {len(self.rows)} finished rows are kept"
            ) from error


def _lock(file: IO[bytes], path: Path) -> None:
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        raise PulsewrightError(
            f"another run is writing {path}; wait for it, or choose another folder with --build"
        ) from error


def _read(file: IO[bytes], path: Path) -> dict[str, Row]:
    """Rows of complete lines; a torn last line is cut off, and the file stands at its end.

    A file that is no journal of this version is refused and stays as it is.
    """
    file.seek(0)
    content = file.read()
    complete = content.rfind(b"\n") + 1
    lines = content[:complete].split(b"\n")[:-1]
    if not lines and not HEADER.startswith(content):
        raise _damaged(path, "it has no header")
    try:
        version = json.loads(lines[0])["format_version"] if lines else FORMAT_VERSION
        if version != FORMAT_VERSION:
            raise PulsewrightError(
                f"the journal {path} has format_version {version!r}, this release writes "
                f"{FORMAT_VERSION}; move it away, or choose another folder with --build"
            )
        rows = {entry["key"]: entry["row"] for entry in map(json.loads, lines[1:])}
    except (ValueError, KeyError, TypeError, RecursionError) as error:
        raise _damaged(path, f"{type(error).__name__}: {error}") from error
    for key, row in rows.items():
        if not isinstance(key, str) or not _is_row(row):
            raise _damaged(path, f"the row of {shortened(key)} is {shortened(row)}")
    if complete < len(content):
        file.truncate(complete)
    file.seek(0, os.SEEK_END)
    return rows


def _is_row(row: object) -> bool:
    """True for a `Row`, whose numbers are finite."""
    return isinstance(row, dict) and bool(row) and _is_finite(row)


def _is_finite(value: object) -> bool:
    """True if no number in the JSON value is infinite or NaN."""
    if isinstance(value, dict):
        return all(map(_is_finite, value.values()))
    if isinstance(value, list):
        return all(map(_is_finite, value))
    return not isinstance(value, float) or math.isfinite(value)


def _damaged(path: Path, reason: str) -> PulsewrightError:
    return PulsewrightError(
        f"the journal {path} is damaged ({reason}); move it away, or choose another folder with "
        "--build"
    )
