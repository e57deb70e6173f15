# SPDX-License-Identifier: Apache-2.0
import re
import subprocess
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import OSU018, TYPICAL
from pulsewright.synth.layout.blif import net_names
from pulsewright.synth.layout.lef import read_lef
from pulsewright.synth.layout.qflow import PROGRAM, Layout, is_available, lay_out, version
from pulsewright.synth.layout.routed_design import read_def
from pulsewright.synth.layout.wires import wire_loads
from tests.synth.designs import COUNTER

LEF = Path("/usr/share/qflow/tech/osu018/osu018_stdcells.lef")


def test_a_missing_program_is_told(
    mini: CellLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    module = {"ports": {}, "cells": {}, "netnames": {}}
    monkeypatch.setenv("PATH", str(tmp_path))
    for call in (version, lambda: lay_out(Netlist("top", module, mini), mini, "a", tmp_path, 9.0)):
        with pytest.raises(PulsewrightError, match="apt-get install qflow qflow-tech-osu018"):
            call()


def test_a_tool_that_gives_up_leaves_its_words_and_its_log(
    mini: CellLibrary, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    program = tmp_path / "bin" / PROGRAM
    program.parent.mkdir()
    # Places, and cannot route.
    program.write_text(
        '#!/bin/sh\n[ "$1" = place ] && exit 0\necho "qrouter failure: Not all nets were routed."\n'
        "exit 1\n"
    )
    program.chmod(0o755)
    monkeypatch.setenv("PATH", str(program.parent))
    netlist = Netlist("top", {"ports": {}, "cells": {}, "netnames": {}}, mini)
    done: list[int] = []
    found = lay_out(netlist, mini, "osu018", tmp_path / "a layout", 9.0, done.append)
    assert found == Layout(None, None, None, "qrouter failure: Not all nets were routed.", {})
    assert done == [0, 1]
    assert "Not all nets" in (tmp_path / "a layout" / "route.log").read_text()
    with pytest.raises(PulsewrightError, match="qflow -v tells no version"):
        version()


@pytest.mark.regression
@pytest.mark.skipif(
    not (is_available() and LEF.exists()), reason="qflow with its tech-osu018 is not installed"
)
def test_a_counter_is_placed_routed_and_checked(tmp_path: Path) -> None:
    technology = OSU018.find(None)
    library = read_library(technology.corners[TYPICAL])
    mapped, project = tmp_path / "mapped", tmp_path / "a layout"
    mapped.mkdir()
    netlist = map_to_cells(
        COUNTER, "counter", technology, library, 4.0, clock_gates=True, folder=mapped
    )
    found = lay_out(netlist, library, "osu018", project, 300.0)
    assert (found.remark, found.drc_errors, found.lvs_errors) == ("", 0, 0)
    assert set(found.versions) == {"qrouter", "magic"}
    assert found.routed is not None
    lef, design = read_lef(LEF.read_text()), read_def(found.routed.read_text())
    placed = sorted(one.cell for one in design.cells if one.cell != "FILL")
    assert placed == sorted(one.cell.name for one in netlist.instances.values())
    assert design.width * design.height > netlist.area
    loads = wire_loads(design, lef, net_names(netlist))
    assert set(loads) == set(netlist.sinks)
    assert all(load > 0 for net, load in loads.items() if netlist.ends(net))
    _spoil_and_check(project)


def _spoil_and_check(project: Path) -> None:
    """Both checks find what is wrong."""
    # qflow's scripts take no path with a blank.
    plain = project.rename(project.with_name("layout"))
    reference = plain / "synthesis" / "counter.spc"
    text = reference.read_text()
    assert " NAND2X1\n" in text
    reference.write_text(text.replace(" NAND2X1\n", " NOR2X1\n", 1))
    assert "Total errors = 0" not in _stage(plain, "lvs")
    _crowd_wires(plain / "layout" / "counter.def")
    _stage(plain, "migrate")
    assert "drc = 0\n" not in _stage(plain, "drc")


def _crowd_wires(routed: Path) -> None:
    """Draw a wire of metal3 0.2 µm beside the longest one, where 0.3 µm are asked for."""
    text = routed.read_text()
    pattern = r"NEW metal3 \( (-?\d+) (-?\d+) \) \( (-?\d+) \* \)"
    longest = max(re.finditer(pattern, text), key=lambda one: abs(int(one[1]) - int(one[3])))
    beside = f"NEW metal3 ( {longest[1]} {int(longest[2]) + 50} ) ( {longest[3]} * )"
    routed.write_text(text.replace(longest[0], f"{beside}\n  {longest[0]}", 1))


def _stage(project: Path, stage: str) -> str:
    command = [PROGRAM, stage, "-T", "osu018", "counter"]
    return subprocess.run(command, cwd=project, capture_output=True, text=True, check=False).stdout
