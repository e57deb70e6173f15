# SPDX-License-Identifier: Apache-2.0
"""Names that make, shells and simulators understand, for folders that have other names."""

import os
import re
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from types import TracebackType
from typing import Self

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder

# Blanks, quotes, `#`, `$`, `:`, `;`, `%`, `=`, `+`, ... mean something to one tool or another.
_PLAIN = re.compile(r"[A-Za-z0-9_./-]+")

# Variables that hold paths between separators, or that make reads.
PATH_VARIABLES = ("PATH", "PYTHONPATH", "GPI_USERS", "VERILATOR_ROOT", "LD_LIBRARY_PATH")


def is_plain(path: Path) -> bool:
    """True if every tool takes the path as it is."""
    return _PLAIN.fullmatch(str(path)) is not None and not any(
        part.startswith("-") for part in path.parts
    )


def plain_temporary_folder() -> Path:
    """The folder for temporary files: the user's, or the system's if tools trip over that name.

    Raises:
        PulsewrightError: none with a plain name can be written.
    """
    chosen = Path(tempfile.gettempdir()).absolute()
    for folder in (chosen, Path("/tmp"), Path("/var/tmp"), Path.home() / ".cache"):
        if is_plain(folder) and folder.is_dir() and os.access(folder, os.W_OK | os.X_OK):
            return folder
    raise PulsewrightError(
        f"the folder for temporary files {str(chosen)!r} has a name that Verilator and make do not "
        "take; set TMPDIR to one of letters, digits, points, dashes and underscores"
    )


class PlainPaths:
    """Links with plain names to folders that have others, as long as the context is open."""

    def __init__(self) -> None:
        self._scratch: Path | None = None
        self._links: dict[str, str] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if self._scratch is not None:
            shutil.rmtree(self._scratch, ignore_errors=True)

    def plain(self, path: Path) -> Path:
        """`path`, which exists, by a plain name: of a file, only its folder may have another.

        Raises:
            PulsewrightError: there is no place for the link.
        """
        path = path.absolute()
        if is_plain(path):
            return path
        folder = path if path.is_dir() else path.parent
        link = self._links.get(str(folder)) or self._link(folder)
        return Path(link) / path.relative_to(folder)

    def spelled(self, text: str) -> str:
        """`text` with the names of all folders that `plain` was asked for made plain."""
        # A folder in another one that was asked for as well has a link of its own.
        for folder in sorted(self._links, key=len, reverse=True):
            text = text.replace(folder, self._links[folder])
        return text

    def spelled_variables(self, variables: Mapping[str, str]) -> dict[str, str]:
        """The same of an environment, in the variables that hold paths."""
        return {
            name: self.spelled(value) if name in PATH_VARIABLES else value
            for name, value in variables.items()
        }

    @contextmanager
    def building(self, folder: Path) -> Iterator[Path]:
        """An empty folder to build in, whose contents are those of `folder` when the block ends.

        Make looks through links, and builds in no folder whose name has a blank. Where the name is
        plain the two are one.

        Raises:
            PulsewrightError: there is no place for it, or `folder` cannot be emptied.
        """
        fresh_folder(folder)
        if is_plain(folder.absolute()):
            yield folder
            return
        elsewhere = Path(tempfile.mkdtemp(dir=self._scratch_folder(), prefix="build"))
        yield elsewhere
        folder.rmdir()
        shutil.move(elsewhere, folder)

    def _scratch_folder(self) -> Path:
        if self._scratch is None:
            where = plain_temporary_folder()
            self._scratch = Path(tempfile.mkdtemp(dir=where, prefix="pulsewright_"))
        return self._scratch

    def _link(self, folder: Path) -> str:
        link = self._scratch_folder() / f"folder{len(self._links)}"
        link.symlink_to(folder)
        self._links[str(folder)] = str(link)
        return str(link)
