# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import OSU018, TYPICAL, Technology
from pulsewright.synth.cells.timing import is_available, longest_path
from tests.synth.designs import COUNTER, GATED_COUNTER
from tests.synth.mini_library import MINI_LIBRARY


def test_a_counter_in_cells(mini_technology: Technology, mini: CellLibrary, tmp_path: Path) -> None:
    plain = map_to_cells(
        COUNTER, "counter", mini_technology, mini, 4.0, clock_gates=False, folder=tmp_path
    )
    assert plain.count("flip_flop") == 8
    assert plain.count("clock_gate") == 0
    assert plain.area >= 80
    assert plain.area == sum(one.cell.area for one in plain.instances.values())
    gated = map_to_cells(
        COUNTER, "counter", mini_technology, mini, 4.0, clock_gates=True, folder=tmp_path
    )
    assert (gated.count("flip_flop"), gated.count("clock_gate")) == (8, 1)
    # The enable steers one gate and no longer a multiplexer a bit.
    assert gated.area < plain.area


def test_the_gate_of_a_design_s_own_clock_is_the_library_s(
    mini_technology: Technology, mini: CellLibrary, tmp_path: Path
) -> None:
    mapped = map_to_cells(
        GATED_COUNTER,
        "gated_counter",
        mini_technology,
        mini,
        4.0,
        clock_gates=False,
        folder=tmp_path,
    )
    assert (mapped.count("flip_flop"), mapped.count("clock_gate")) == (8, 1)


def test_a_library_without_a_gate_of_clocks_is_told(
    mini_liberty: Path, mini_technology: Technology, tmp_path: Path
) -> None:
    text = mini_liberty.read_text()
    bare = tmp_path / "bare.lib"
    bare.write_text(text.replace('clock_gating_integrated_cell : "latch_posedge"', ""))
    with pytest.raises(
        PulsewrightError, match=r"library mini has no gate of clocks, which attachm"
    ):
        map_to_cells(
            GATED_COUNTER,
            "gated_counter",
            Technology("bare", "bare", {TYPICAL: bare}),
            read_library(bare),
            4.0,
            clock_gates=False,
            folder=tmp_path,
        )


def test_a_library_without_flip_flops_is_told(
    mini_liberty: Path, mini_technology: Technology, tmp_path: Path
) -> None:
    text = mini_liberty.read_text()
    start = text.index("cell (DFFR)")
    bare = tmp_path / "bare.lib"
    bare.write_text(text[:start] + text[text.index("cell (GATE)") :])
    technology = Technology("bare", "bare", {TYPICAL: bare})
    with pytest.raises(PulsewrightError, match="library mini has no flip-flop with a reset"):
        map_to_cells(
            COUNTER,
            "counter",
            technology,
            read_library(bare),
            4.0,
            clock_gates=False,
            folder=tmp_path,
        )


@pytest.mark.skipif(not is_available(), reason="OpenSTA is not installed")
def test_the_longest_path_is_what_the_tables_say(mini: CellLibrary, tmp_path: Path) -> None:
    module = {
        "ports": {
            "clk_i": {"direction": "input", "bits": [2]},
            "rst_ni": {"direction": "input", "bits": [3]},
            "q_o": {"direction": "output", "bits": [4]},
        },
        "netnames": {},
        "cells": {
            "half": {"type": "INV", "connections": {"A": [4], "Y": [5]}},
            "bit": {"type": "DFFR", "connections": {"D": [5], "RN": [3], "CK": [2], "Q": [4]}},
        },
    }
    netlist = Netlist("toggle", module, mini)
    liberty = tmp_path / "given.lib"
    liberty.write_text(MINI_LIBRARY)
    # Q drives the inverter, 2 fF, and the port, 6 fF; the inverter drives D, 2 fF, 0.05 ns before.
    expected = (0.1 + 0.008) + (0.1 + 0.002) + 0.05
    assert longest_path(netlist, "typical", liberty, tmp_path) == pytest.approx(expected, abs=2e-4)


@pytest.mark.regression
def test_a_second_library_serves_as_well(tmp_path: Path) -> None:
    try:
        technology = OSU018.find(None)
    except PulsewrightError as error:
        pytest.skip(str(error))
    library = read_library(technology.corners[TYPICAL])
    netlist = map_to_cells(
        COUNTER, "counter", technology, library, 4.0, clock_gates=True, folder=tmp_path
    )
    assert netlist.count("flip_flop") == 8
    assert netlist.area > 8 * library.cells["DFFSR"].area


@pytest.mark.regression
def test_sg13g2_gates_clocks(sg13g2: Technology, tmp_path: Path) -> None:
    library = read_library(sg13g2.corners[TYPICAL])
    netlist = map_to_cells(
        COUNTER, "counter", sg13g2, library, 4.0, clock_gates=True, folder=tmp_path
    )
    assert (netlist.count("flip_flop"), netlist.count("clock_gate")) == (8, 1)
    if is_available():
        paths = [
            longest_path(netlist, corner, path, tmp_path) for corner, path in sg13g2.corners.items()
        ]
        assert 0.1 < paths[0] < paths[1] < 4
