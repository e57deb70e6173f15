# SPDX-License-Identifier: Apache-2.0
"""Folders that are read or written: data, process design kits, caches, the build folder."""

import os
import tempfile
from collections.abc import Iterator
from pathlib import Path

from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.flow.inputs.curves import DATA_VARIABLE
from pulsewright.flow.user_folders import is_replaced, is_writable, user_folders
from pulsewright.quant.datasets.measured import SHA256
from pulsewright.synth.cells.technology import PDK_VARIABLES


def place_findings() -> Iterator[Finding]:
    """Variables that name folders, then folders that must be writable."""
    yield _data()
    yield from map(_design_kit, PDK_VARIABLES)
    for variable, folder in user_folders().items():
        yield _user_folder(variable, folder)
    yield _written("temporary files", Path(tempfile.gettempdir()), "set TMPDIR to another folder")
    yield _written("build", Path.cwd() / "build", "go to another folder, or give --build FOLDER")


def _data() -> Finding:
    name, purpose = DATA_VARIABLE, "the measured curves; synthetic ones need none"
    value = os.environ.get(name, "")
    remedy = f"set it to the folder with {' and '.join(SHA256)}, or give --download"
    if not value:
        return Finding("variable", name, State.NOT_SET, "", purpose, remedy)
    is_there = all((Path(value) / file).is_file() for file in SHA256)
    state = State.OK if is_there else State.BROKEN
    return Finding("variable", name, state, value, purpose, "" if is_there else remedy)


def _design_kit(name: str) -> Finding:
    purpose, remedy = "cells of IHP SG13G2", "set it to the folder of the process design kit"
    value = os.environ.get(name, "")
    if not value:
        return Finding("variable", name, State.NOT_SET, "", purpose, remedy)
    is_there = Path(value).is_dir()
    state = State.OK if is_there else State.BROKEN
    return Finding("variable", name, state, value, purpose, "" if is_there else remedy)


def _user_folder(variable: str, folder: Path) -> Finding:
    """Where the user's own cannot be written, another is used and lost with the machine."""
    purpose = "caches of Yosys, fonts and compilers"
    if is_replaced(folder):
        remedy = f"set {variable} to a folder that can be written, so that caches are kept"
        return Finding("folder", variable, State.NOT_WRITABLE, str(folder), purpose, remedy)
    return Finding("folder", variable, State.OK, str(folder), purpose)


def _written(name: str, folder: Path, remedy: str) -> Finding:
    state = State.OK if is_writable(folder) else State.NOT_WRITABLE
    told = "" if state is State.OK else remedy
    return Finding("folder", name, state, str(folder), "what is made", told, for_run=True)
