# SPDX-License-Identifier: Apache-2.0
"""Designs of a variant, from what the steps of synthesis showed of them."""

from pulsewright.flow.report.synthesis_figures import Figures, main_figures, synthesis_figures
from pulsewright.flow.steps.exploration_result import ExploredDesign
from pulsewright.flow.steps.synthesis_result import BUS, CURVE, RANDOM_ROWS, SynthesisShown
from pulsewright.flow.steps.synthesised import ENGINE
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine

SLOW = "slow"


def measured_designs(
    shown: SynthesisShown, folded: FoldedEngine, curve_cycles: int | None
) -> list[ExploredDesign]:
    """The engine alone, where there is one, and the coprocessor, at the MHz that each reaches.

    curve_cycles: of a curve job over all pulse numbers; None without one.
    """
    return [_design(figures, folded, curve_cycles) for figures in synthesis_figures(shown)]


def _design(figures: Figures, folded: FoldedEngine, curve_cycles: int | None) -> ExploredDesign:
    luts, flip_flops, dsps, block_rams, gates, megahertz, picojoule = main_figures(figures)
    spread, runs = figures["megahertz"], figures.get("energy", {})
    inferences = runs.get(RANDOM_ROWS, runs.get(BUS, {}))
    resources = figures["resources"]
    leakage = figures.get("leakage_nanowatt")
    # Between knots an engine for piecewise-linear curves makes no inferences.
    along_curve = {} if folded.piecewise_linear is not None else runs.get(CURVE, {})
    period = None if megahertz is None else 1000 / megahertz
    is_engine = figures["design"] == ENGINE
    return ExploredDesign(
        design=figures["design"],
        luts_with_carries=luts,
        flip_flops=flip_flops,
        dsps=dsps,
        block_rams=block_rams,
        kilo_gate_equivalents=gates,
        area_square_micrometre=resources.get("area_square_micrometre"),
        leakage_microwatt=None if leakage is None else leakage / 1000,
        megahertz=megahertz,
        megahertz_least=spread.get("least", spread.get(SLOW)),
        million_a_second=_over(megahertz, folded.initiation_interval) if is_engine else None,
        interval_nanosecond=_times(folded.initiation_interval, period),
        latency_nanosecond=_times(folded.latency, period),
        curve_nanosecond=_times(curve_cycles, period),
        picojoule=picojoule,
        with_wires_picojoule=inferences.get("with_wires_picojoule"),
        curve_picojoule=along_curve.get("picojoule"),
        remark=figures.get("remark", ""),
    )


def _times(cycles: int | None, period: float | None) -> float | None:
    return None if cycles is None or period is None else cycles * period


def _over(megahertz: float | None, cycles: int) -> float | None:
    return None if megahertz is None else megahertz / cycles
