# SPDX-License-Identifier: Apache-2.0
"""Somewhere to write for the tools that keep caches and settings in the user's home.

In containers a process often runs as a user without a home, or with one that it cannot write.
Matplotlib, fontconfig, Dask and the WebAssembly runtime of Yosys then warn, leave files elsewhere,
or end. They all ask the same variables, so these are set for this process and its children.
"""

import atexit
import os
import shutil
import stat
import tempfile
from contextlib import suppress
from functools import cache
from pathlib import Path

# Each variable, and where its folder is in the home when it is not set.
_FOLDERS = {
    "XDG_CACHE_HOME": ".cache",
    "XDG_CONFIG_HOME": ".config",
    "XDG_DATA_HOME": ".local/share",
}

# For this run alone.
_made: set[Path] = set()


def ensure_writable_user_folders() -> None:
    """Point home, cache, settings and data to a folder of ours, each if it cannot be written.

    The folder is `pulsewright-<uid>` among the temporary files, kept for the next run; if somebody
    else made it, it is a new one for this run alone.

    Raises:
        OSError: there is nowhere to write temporary files.
    """
    own_folder = cache(_own_folder)
    home = Path(os.environ.get("HOME", ""))
    if not is_writable(home):
        home = own_folder()
        os.environ["HOME"] = str(home)
    for variable, place in _FOLDERS.items():
        given = os.environ.get(variable, "")
        folder = Path(given) if given else home / place
        if not is_writable(folder):
            os.environ[variable] = str(own_folder() / place)


def user_folders() -> dict[str, Path]:
    """Home, cache, settings and data as they are, by the variable that names each."""
    home = Path(os.environ.get("HOME", ""))
    folders = {
        variable: Path(os.environ.get(variable) or home / place)
        for variable, place in _FOLDERS.items()
    }
    return {"HOME": home, **folders}


def is_replaced(folder: Path) -> bool:
    """True if it is one of ours among the temporary files, and not the user's own."""
    parents = (folder, *folder.parents)
    return any(_is_own(one) for one in parents if one.parent == Path(tempfile.gettempdir()))


def _is_own(folder: Path) -> bool:
    return folder.name == f"pulsewright-{os.getuid()}" or folder in _made


def is_writable(folder: Path) -> bool:
    """True if `folder` is one that can be written, or can be made."""
    if not folder.is_absolute():
        return False
    while not os.path.lexists(folder) and folder != folder.parent:
        folder = folder.parent
    return folder.is_dir() and os.access(folder, os.W_OK | os.X_OK)


def _own_folder() -> Path:
    folder = Path(tempfile.gettempdir()) / f"pulsewright-{os.getuid()}"
    with suppress(FileExistsError):
        folder.mkdir(mode=0o700)
    found = folder.lstat()
    private = stat.S_ISDIR(found.st_mode) and stat.S_IMODE(found.st_mode) & 0o077 == 0
    if private and found.st_uid == os.getuid():
        return folder
    # Code is loaded from caches, so nobody else may have written them.
    folder = Path(tempfile.mkdtemp(prefix="pulsewright-"))
    _made.add(folder)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder
