# SPDX-License-Identifier: Apache-2.0
"""Folders for tools that take up what they find, such as make."""

import shutil
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError


def fresh_folder(folder: Path) -> Path:
    """Make `folder` an empty one of our own, whatever is there; a link goes, not its target.

    Raises:
        PulsewrightError: what is there cannot be removed, or the folder not be made.
    """
    try:
        if folder.is_symlink() or folder.is_file():
            folder.unlink()
        elif folder.exists():
            shutil.rmtree(folder)
        folder.mkdir(parents=True)
    except OSError as error:
        raise PulsewrightError(
            f"cannot empty {folder}: {error.strerror}; remove it, or choose another with --build"
        ) from error
    return folder
