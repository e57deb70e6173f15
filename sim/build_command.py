# SPDX-License-Identifier: Apache-2.0
"""Runs what builds a program of a simulator, and keeps its log."""

import os
from collections.abc import Sequence
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.full_disk import check_room
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import run_tool


def run_build(command: Sequence[str], folder: Path, sentence: str, paths: PlainPaths) -> None:
    """Run `command` in the environment of its simulator, with its words in `folder`/build.log.

    sentence: what is told if it fails.

    Raises:
        PulsewrightError: it fails.
    """
    log = folder / "build.log"
    # A link of that name may point at a file of the user's.
    log.unlink(missing_ok=True)
    with log.open("w") as file:
        done = run_tool(command, environment=paths.spelled_variables(os.environ), log=file)
    if done.returncode != 0:
        check_room(folder)
        raise PulsewrightError(f"{sentence}; see {log}")
