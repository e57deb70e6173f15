# SPDX-License-Identifier: Apache-2.0
"""A copy of the package, to be edited, and commands that run on it."""

import compileall
import os
import shutil
import subprocess
import sys
from pathlib import Path
from py_compile import PycInvalidationMode

from pulsewright.flow.code_digest import HOUSE

ROOMS = ("firmware", "flow", "hls_model", "quant", "rtl", "sim", "synth")


class HouseCopy:
    """`<folder>/pulsewright`, all of it."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.package = folder / "pulsewright"
        self.package.mkdir(parents=True)
        (self.package / "__init__.py").touch()
        for room in ROOMS:
            ignored = shutil.ignore_patterns("__pycache__", "build")
            shutil.copytree(HOUSE / room, self.package / room, ignore=ignored)
        # By digest: an edit may leave the size and, within a second, the time as they were.
        compileall.compile_dir(
            self.package, quiet=1, invalidation_mode=PycInvalidationMode.CHECKED_HASH
        )

    def edit(self, file: str, old: str, new: str) -> None:
        """Replace a text that is there."""
        path = self.package / file
        text = path.read_text(encoding="utf-8")
        assert old in text, f"{file} has no {old!r}"
        path.write_text(text.replace(old, new, 1), encoding="utf-8")

    def python(self, *arguments: object) -> str:
        """What a Python prints that imports the copy."""
        run = subprocess.run(
            [sys.executable, *map(str, arguments)],
            env={**os.environ, "PYTHONPATH": str(self.folder), "PYTHONDONTWRITEBYTECODE": "1"},
            cwd=self.folder,
            capture_output=True,
            text=True,
            check=False,
        )
        assert run.returncode == 0, run.stdout + run.stderr
        return run.stdout

    def pulsewright(self, *arguments: object) -> str:
        """What a command of the copy prints."""
        return self.python("-m", "pulsewright.flow.cli", *arguments)
