# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import NamedTuple

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.sequence import curve_cycles
from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.package.design import PackagedDesign, packaged_design
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import Technology
from pulsewright.synth.energy.bus_run import (
    can_run,
    design_of_gates,
    makes_curves,
    run_coprocessor,
    run_curves,
)
from pulsewright.synth.energy.groups import Part
from tests.models import changed, fold_model, random_codes, random_model

WIDTHS = {"weight_width": 4, "activation_width": 4, "input_width": 8}
MODEL = random_model((5, 2, 2), 4, **WIDTHS)
FOLDED = fold_model(MODEL, [(1, 1), (1, 1)])


class Mapped(NamedTuple):
    """design: what the bus of the netlist is, told by its ports. top: what it was mapped from."""

    netlist: Netlist
    design: PackagedDesign
    top: BusTop | InstructionTop


Map = Callable[..., Mapped]


@pytest.fixture
def mapped(mini: CellLibrary, mini_technology: Technology, tmp_path: Path) -> Map:
    """A coprocessor in the cells of the small library, and what its bus is."""

    def make(
        bus: str = "obi",
        model: IntegerMlp = MODEL,
        folded: FoldedEngine = FOLDED,
        options: AttachmentOptions | None = None,
    ) -> Mapped:
        chosen, name = options or AttachmentOptions(), f"small_{bus}"
        top = coprocessor_top(bus, model, folded, chosen)
        text = to_verilog(top, name)
        netlist = map_to_cells(
            text, name, mini_technology, mini, 4.0, clock_gates=True, folder=tmp_path
        )
        design = design_of_gates(netlist, "small", bus, chosen, model, folded)
        return Mapped(netlist, design, top)

    return make


@pytest.mark.regression
@pytest.mark.parametrize("bus", ["obi", "apb"])
def test_gates_answer_on_the_bus_as_the_reference(bus: str, mapped: Map, tmp_path: Path) -> None:
    netlist, design, top = mapped(bus)
    assert design == packaged_design(top, MODEL, "small", bus)
    assert can_run(MODEL, bus)
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


def test_what_has_no_registers_for_vectors_on_a_bus_cannot_run() -> None:
    assert not can_run(MODEL, "pcpi")
    assert not can_run(random_model((129, 2, 2), 4, input_width=8), "obi")


@pytest.mark.regression
def test_reloadable_weights_are_loaded_before_the_rows(mapped: Map, tmp_path: Path) -> None:
    folded = FOLDED.model_copy(update={"reloadable": True})
    netlist, design, _ = mapped(folded=folded)
    found = run_coprocessor(netlist, design, random_codes(MODEL, 12), tmp_path)
    assert (found.rows, found.mismatches) == (10, 0)
    assert found.cycles >= folded.latency + 4
    *_, (last, _) = design.weight_image
    assert last >= WINDOW_BASE
    before, counted = (tmp_path / "bench.v").read_text().split("start = cycles;")
    assert f"bus_write({last}, " in before
    assert f"bus_write({last}, " not in counted
    layers = tuple(changed(one, weights=one.weights[:, ::-1]) for one in MODEL.layers)
    other = replace(design, model=changed(MODEL, layers=layers))
    assert other.weight_image != design.weight_image
    other_rows = run_coprocessor(netlist, other, random_codes(MODEL, 12), tmp_path)
    assert other_rows.mismatches == 0


@pytest.mark.regression
@pytest.mark.parametrize("incremental", [False, True])
def test_a_curve_is_asked_for_by_one_job(incremental: bool, mapped: Map, tmp_path: Path) -> None:
    model = random_model((5, 2, 2), 4, pulses=12, pulse_input=1, **WIDTHS)
    folded = FOLDED.model_copy(update={"incremental": incremental})
    netlist, design, _ = mapped(model=model, folded=folded)
    assert makes_curves(design)
    codes = random_codes(model, 4)
    found = run_curves(netlist, design, codes, tmp_path)
    assert (found.rows, found.mismatches) == (3, 0)
    # Two words are stored and 24 are loaded, some of which come back while others are computed.
    assert 24 <= found.cycles < curve_cycles(folded, 12) + 4 * 26
    with pytest.raises(PulsewrightError, match="two rows or more"):
        run_curves(netlist, design, codes[:1], tmp_path)


@pytest.mark.regression
def test_results_are_loaded_late_where_waits_are_bounded(mapped: Map, tmp_path: Path) -> None:
    options = AttachmentOptions(max_wait=2)
    netlist, design, _ = mapped(options=options)
    found = run_coprocessor(netlist, design, random_codes(MODEL, 6), tmp_path)
    assert (found.rows, found.mismatches) == (4, 0)


def test_curves_need_a_pulse_number_jobs_and_waits_without_a_bound() -> None:
    curves = random_model((5, 2, 2), 4, pulses=12)
    netlist = SimpleNamespace(ports={})
    for model, options, expected in (
        (MODEL, {}, False),
        (curves, {}, True),
        (curves, {"jobs": "infer"}, False),
        (curves, {"max_wait": 9}, False),
    ):
        chosen = AttachmentOptions.model_validate(options)
        design = design_of_gates(netlist, "small", "obi", chosen, model, FOLDED)
        assert makes_curves(design) is expected


@pytest.mark.regression
def test_integers_of_units_are_stored_where_the_map_is_in_gates(
    mapped: Map, tmp_path: Path
) -> None:
    options = AttachmentOptions(input_map="hardware", jobs="infer")
    netlist, design, _ = mapped(options=options)
    found = run_coprocessor(netlist, design, random_codes(MODEL, 12), tmp_path)
    assert (found.rows, found.mismatches) == (10, 0)
    # Five words are stored.
    assert found.cycles >= FOLDED.latency + 5
    bench = (tmp_path / "bench.v").read_text()
    assert f"bus_write({design.register_map['PHYSICAL_START[4]'].address}, " in bench
