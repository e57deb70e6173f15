# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.exploration.measured_designs import measured_designs
from pulsewright.flow.steps.synthesis_result import CellsShown, FpgaShown, SynthesisShown
from pulsewright.hls_model.schedule.folding import fold_piecewise_linear
from pulsewright.hls_model.schedule.folding_search import fastest_folding
from tests.flow.synthesis_results import cell_result, fpga_mapping, fpga_routing, gate_energy

FOLDED = fastest_folding((6, 4, 1), 2)


def in_cells() -> SynthesisShown:
    return SynthesisShown(cells=[CellsShown(cells=cell_result(2000), energy=gate_energy(10))])


def test_figures_of_an_fpga_are_those_of_the_placements() -> None:
    shown = SynthesisShown(fpgas=[FpgaShown(mapping=fpga_mapping(), routing=fpga_routing())])
    engine, coprocessor = measured_designs(shown, FOLDED, 200)
    assert (engine.luts_with_carries, engine.dsps, engine.block_rams) == (7, 2, 0)
    assert (engine.megahertz, engine.megahertz_least) == (95, 90)
    assert engine.million_a_second == 95 / FOLDED.initiation_interval
    assert engine.interval_nanosecond == 1000 / 95 * FOLDED.initiation_interval
    assert engine.curve_nanosecond == 1000 / 95 * 200
    assert (coprocessor.design, coprocessor.megahertz, coprocessor.remark) == (
        "obi",
        None,
        "too large",
    )
    assert coprocessor.interval_nanosecond is None


def test_figures_of_cells_are_those_of_the_corners_and_the_runs() -> None:
    engine, coprocessor = measured_designs(in_cells(), FOLDED, None)
    assert (engine.kilo_gate_equivalents, engine.leakage_microwatt) == (2, 0.003)
    assert (engine.megahertz, engine.megahertz_least) == (200, 125)
    assert engine.latency_nanosecond == 5 * FOLDED.latency
    assert engine.curve_nanosecond is None
    # A coprocessor's rate is that of its bus.
    assert coprocessor.million_a_second is None
    assert engine.picojoule is not None
    assert engine.curve_picojoule == 2 * engine.picojoule
    assert coprocessor.picojoule == 3 * engine.picojoule
    assert engine.with_wires_picojoule == 2 * engine.picojoule
    assert coprocessor.with_wires_picojoule == 6 * engine.picojoule


def test_no_inferences_are_counted_as_the_knots_of_a_curve() -> None:
    engine, _ = measured_designs(in_cells(), fold_piecewise_linear((6, 4, 1)), 30)
    assert engine.picojoule is not None
    assert engine.curve_picojoule is None
