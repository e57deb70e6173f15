# SPDX-License-Identifier: Apache-2.0
"""Files and folders that exist whole or not at all."""

import os
import secrets
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError

# A file system's names end at 255 bytes.
LONGEST_PREFIX = 50


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary sibling of `target` that replaces it when the block ends without an error.

    An earlier `target` stays untouched until the new one is complete.

    Raises:
        PulsewrightError: the folder cannot be made or written.
    """
    with _temporary_sibling(target) as temporary:
        yield temporary
        os.replace(temporary, target)


def write_text(target: Path, text: str) -> None:
    """Write `text` as UTF-8 to `target`, whole or not at all.

    Raises:
        PulsewrightError: the folder cannot be made or written.
    """
    with atomic_path(target) as temporary:
        temporary.write_text(text, encoding="utf-8")


def write_new_text(target: Path, text: str) -> None:
    """The same for a file that is not there yet.

    Raises:
        PulsewrightError: it is there, which stays as it is; the folder cannot be made or written.
    """
    with _temporary_sibling(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
        try:
            _name_new(temporary, target)
        except FileExistsError as error:
            raise PulsewrightError(
                f"{target} is there already and is not overwritten; choose another folder, or move "
                "it away"
            ) from error


def write_folder(target: Path, contents: Mapping[str, bytes]) -> None:
    """Make the folder `target` hold these files, by their paths in it, and nothing else.

    An earlier `target` stays until all of them are written.

    Raises:
        PulsewrightError: the folder cannot be made or written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        aside = Path(tempfile.mkdtemp(dir=target.parent, prefix=f".{target.name}.", suffix=".part"))
    except OSError as error:
        raise _cannot_write(target, error) from error
    new, old = aside / "new", aside / "old"
    try:
        new.mkdir()
        for path, data in contents.items():
            (new / path).parent.mkdir(parents=True, exist_ok=True)
            (new / path).write_bytes(data)
        # A folder with files in it cannot be replaced in one step.
        if target.exists():
            os.replace(target, old)
        os.replace(new, target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        if old.exists() and not target.exists():
            os.replace(old, target)
        shutil.rmtree(aside, ignore_errors=True)


@contextmanager
def _temporary_sibling(target: Path) -> Iterator[Path]:
    """An empty file beside `target`, which is gone after the block under that name."""
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        temporary = _new_sibling(target)
    except OSError as error:
        raise _cannot_write(target, error) from error
    try:
        yield temporary
    except OSError as error:
        raise _cannot_write(target, error) from error
    finally:
        temporary.unlink(missing_ok=True)


def _name_new(temporary: Path, target: Path) -> None:
    """Give a file its name, unless there is another of that name.

    Raises:
        FileExistsError: there is.
    """
    try:
        os.link(temporary, target)
    except FileExistsError:
        raise
    except OSError:
        # This file system has no hard links; then nobody can be kept from being faster.
        if os.path.lexists(target):
            raise FileExistsError(target) from None
        os.replace(temporary, target)


def _new_sibling(target: Path) -> Path:
    """An empty file that nobody else has, with the rights that the user's umask leaves.

    `tempfile` makes files that the user alone may read.
    """
    name = f".{target.name[:LONGEST_PREFIX]}.{secrets.token_hex(8)}.part"
    temporary = target.parent / name
    os.close(os.open(temporary, os.O_CREAT | os.O_EXCL | os.O_WRONLY | os.O_CLOEXEC, 0o666))
    return temporary


def _cannot_write(target: Path, error: OSError) -> PulsewrightError:
    return PulsewrightError(
        f"cannot write {target}: {error.strerror}; choose another folder or free this one"
    )
