# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.cells.timing import PROGRAM, longest_path, version
from pulsewright.synth.tools.logged_run import ToolError


@pytest.fixture
def other_program(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What the PATH has instead of OpenSTA; the test writes it."""
    program = tmp_path / "bin" / PROGRAM
    program.parent.mkdir()
    program.touch(mode=0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    return program


def test_a_program_without_a_version_is_no_opensta(other_program: Path) -> None:
    other_program.write_text("#!/bin/sh\n")
    with pytest.raises(PulsewrightError, match=r"sta -version tells no version.*apt-get install"):
        version()


def test_what_an_old_program_does_not_know_is_told_in_its_words(
    other_program: Path, mini: CellLibrary, mini_technology: Technology, tmp_path: Path
) -> None:
    netlist = Netlist("top", {"ports": {}, "cells": {}, "netnames": {}}, mini)
    path = mini_technology.corners[TYPICAL]
    other_program.write_text('#!/bin/sh\necho "invalid command name read_liberty"; exit 1\n')
    with pytest.raises(ToolError, match="OpenSTA ended with 1: invalid command name read_liberty"):
        longest_path(netlist, TYPICAL, path, tmp_path)
    other_program.write_text("#!/bin/sh\necho no timing here\n")
    with pytest.raises(PulsewrightError, match="OpenSTA found no path in top; see"):
        longest_path(netlist, TYPICAL, path, tmp_path)
