# SPDX-License-Identifier: Apache-2.0
from dataclasses import replace
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.technology import Technology
from pulsewright.synth.energy.bus_run import can_run, design_of_gates, run_coprocessor
from pulsewright.synth.energy.groups import Part
from tests.models import fold_model, random_codes, random_model

MODEL = random_model((5, 2, 2), 4, weight_width=4, activation_width=4, input_width=8)
FOLDED = fold_model(MODEL, [(1, 1), (1, 1)])


@pytest.mark.regression
@pytest.mark.parametrize("bus", ["obi", "apb"])
def test_gates_answer_on_the_bus_as_the_reference(
    bus: str, mini: CellLibrary, mini_technology: Technology, tmp_path: Path
) -> None:
    top = coprocessor_top(bus, MODEL, FOLDED)
    name = f"small_{bus}"
    netlist = map_to_cells(
        to_verilog(top, name), name, mini_technology, mini, 4.0, clock_gates=True, folder=tmp_path
    )
    design = design_of_gates(netlist, "small", bus, AttachmentOptions(), MODEL, FOLDED)
    assert design == packaged_design(top, MODEL, "small", bus)
    assert can_run(design)
    assert not can_run(replace(design, bus="pcpi"))
    codes = random_codes(MODEL, 12)
    found = run_coprocessor(netlist, design, codes, tmp_path)
    assert (found.rows, found.mismatches) == (10, 0)
    # Two words are stored and two are loaded; the first load waits for the engine.
    assert found.cycles >= FOLDED.latency + 4
    assert found.picojoule[Part.BUS] > 0
    assert found.picojoule[Part.ARITHMETIC] > 0
    assert 0 < found.idle_picojoule < found.total
    with pytest.raises(PulsewrightError, match="2 rows are too few; give at least 3"):
        run_coprocessor(netlist, design, codes[:2], tmp_path)


@pytest.mark.regression
def test_integers_of_units_are_stored_where_the_map_is_in_gates(
    mini: CellLibrary, mini_technology: Technology, tmp_path: Path
) -> None:
    options = AttachmentOptions(input_map="hardware", jobs="infer")
    top = coprocessor_top("obi", MODEL, FOLDED, options)
    name = "small_obi"
    netlist = map_to_cells(
        to_verilog(top, name), name, mini_technology, mini, 4.0, clock_gates=True, folder=tmp_path
    )
    design = design_of_gates(netlist, "small", "obi", options, MODEL, FOLDED)
    found = run_coprocessor(netlist, design, random_codes(MODEL, 12), tmp_path)
    assert (found.rows, found.mismatches) == (10, 0)
    # Five words are stored.
    assert found.cycles >= FOLDED.latency + 5
    bench = (tmp_path / "bench.v").read_text()
    assert f"bus_write({design.register_map['PHYSICAL_START[4]'].address}, " in bench
