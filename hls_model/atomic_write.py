# SPDX-License-Identifier: Apache-2.0
"""Files that exist whole or not at all."""

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from hls_model.errors import PulsewrightError


@contextmanager
def atomic_path(target: Path) -> Iterator[Path]:
    """Yield a temporary sibling of `target` that replaces it when the block ends without an error.

    An earlier `target` stays untouched until the new one is complete.

    Raises:
        PulsewrightError: the folder cannot be made or written.
    """
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(
            dir=target.parent, prefix=f".{target.name}.", suffix=".part"
        )
        os.close(handle)
    except OSError as error:
        raise PulsewrightError(
            f"cannot write {target}: {error.strerror}; choose another folder or free this one"
        ) from error
    temporary = Path(name)
    try:
        yield temporary
        os.chmod(temporary, 0o644)
        os.replace(temporary, target)
    except OSError as error:
        raise PulsewrightError(
            f"cannot write {target}: {error.strerror}; choose another folder or free this one"
        ) from error
    finally:
        temporary.unlink(missing_ok=True)


def write_text(target: Path, text: str) -> None:
    """Write `text` as UTF-8 to `target`, whole or not at all.

    Raises:
        PulsewrightError: the folder cannot be made or written.
    """
    with atomic_path(target) as temporary:
        temporary.write_text(text, encoding="utf-8")
