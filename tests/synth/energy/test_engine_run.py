# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.energy.engine_run import run_engine
from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.energy.groups import Part
from tests.models import fold_model, random_codes, random_model

FOLDINGS = [(1, 1), (1, 1)]


def small_model(seed: int) -> IntegerMlp:
    return random_model((2, 2, 1), seed, weight_width=4, activation_width=4, input_width=4)


def mapped(
    model: IntegerMlp, technology: Technology, library: CellLibrary, folder: Path
) -> Netlist:
    text = to_verilog(StreamTop(model, fold_model(model, FOLDINGS)), "pulse")
    return map_to_cells(text, "pulse", technology, library, 4.0, clock_gates=True, folder=folder)


def run(netlist: Netlist, model: IntegerMlp, codes: IntegerArray, folder: Path) -> EnergyRun:
    folder.mkdir()
    return run_engine(netlist, model, codes, fold_model(model, FOLDINGS).latency, folder)


def test_gates_compute_what_the_reference_does(
    mini: CellLibrary, mini_technology: Technology, tmp_path: Path
) -> None:
    model = small_model(1)
    netlist = mapped(model, mini_technology, mini, tmp_path)
    codes = random_codes(model, 24)
    found = run(netlist, model, codes, tmp_path / "run")
    assert (found.rows, found.mismatches) == (20, 0)
    assert found.cycles == fold_model(model, FOLDINGS).initiation_interval
    assert all(found.picojoule[part] > 0 for part in Part if part is not Part.BUS)
    assert found.picojoule[Part.BUS] == 0
    assert sum(found.with_wires.values()) > found.total
    assert 0 < found.idle_picojoule < found.total / found.cycles
    # The same row again and again moves less.
    same = run(netlist, model, codes[:1].repeat(24, axis=0), tmp_path / "same")
    assert same.mismatches == 0
    assert same.picojoule[Part.ARITHMETIC] < found.picojoule[Part.ARITHMETIC]
    # Another network's results are noticed.
    other = run(netlist, small_model(2), codes, tmp_path / "other")
    assert other.mismatches > 0
    with pytest.raises(PulsewrightError, match="4 rows are too few; give at least 5"):
        run(netlist, model, codes[:4], tmp_path / "few")


@pytest.mark.regression
def test_gates_of_sg13g2_compute_what_the_reference_does(
    sg13g2: Technology, tmp_path: Path
) -> None:
    model = small_model(3)
    netlist = mapped(model, sg13g2, read_library(sg13g2.corners[TYPICAL]), tmp_path)
    found = run(netlist, model, random_codes(model, 54), tmp_path / "run")
    assert (found.rows, found.mismatches) == (50, 0)
    assert 1 < found.total < 100
