# SPDX-License-Identifier: Apache-2.0
"""Foldings of one network beside each other: what they take, how fast they are, what they cost."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from pulsewright.flow.report.gate_energy_tables import MEGAHERTZ, duty_costs
from pulsewright.flow.report.log_ticks import logarithmic
from pulsewright.flow.report.non_dominated import non_dominated
from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals, words
from pulsewright.flow.report.synthesis_figures import SIZE_COLUMNS, main_figures, synthesis_figures
from pulsewright.flow.steps.synthesis_result import SynthesisShown
from pulsewright.flow.steps.synthesised import ENGINE
from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.files.atomic_write import atomic_path
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.synth.energy.duty_cycle import DutyCost, cheapest_by_rate


class MeasuredFolding(NamedTuple):
    """A folding, and what one target showed of it."""

    folded: FoldedEngine
    shown: SynthesisShown

    @property
    def pipeline(self) -> str:
        """As recipes have it."""
        return "shallow" if self.folded.layers[0].shallow else "deep"

    @property
    def name(self) -> str:
        """In tables and pictures."""
        pipeline = "" if self.pipeline == "deep" else f", {self.pipeline}"
        return f"{self.folded.multipliers} multipliers{pipeline}"


def folding_table(name: str, target: str, measured: Sequence[MeasuredFolding]) -> ResultTable:
    """Each design of each folding. name: the recipe's."""
    fronts = on_front(measured)
    return ResultTable(
        "foldings",
        f"{name} with other numbers of multipliers, on {target}",
        (
            Column("multipliers", "multipliers"),
            words("pipeline", "pipeline"),
            words("design", "design"),
            Column("ii", "II"),
            Column("latency", "latency"),
            *SIZE_COLUMNS,
            Column("megahertz", "MHz", decimals(0)),
            Column("million_a_second", "million/s", decimals(2)),
            Column("latency_nanosecond", "latency, ns", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
            Column("on_front", "front", lambda is_on: {True: "*", False: "", None: ""}[is_on]),
        ),
        [row for one, is_on in zip(measured, fronts, strict=True) for row in _rows(one, is_on)],
        "million/s: inferences a second at that MHz, of an engine between its streams; pJ an "
        "inference on random rows, without wires and leakage. Front: no other engine is as good in "
        "area, rate, latency and pJ, as far as they are known.",
    )


def _rows(measured: MeasuredFolding, is_on_front: bool | None) -> list[tuple[JsonValue, ...]]:
    folded = measured.folded
    cycles = (folded.initiation_interval, folded.latency)
    rows = []
    for figures in synthesis_figures(measured.shown):
        design = figures["design"]
        *taken, reached, picojoule = main_figures(figures)
        rate = latency = is_on = None
        if design == ENGINE:
            is_on = is_on_front
            if reached is not None:
                rate, latency = reached / cycles[0], 1000 * cycles[1] / reached
        head = (folded.multipliers, measured.pipeline, design, *cycles)
        rows.append((*head, *taken, reached, rate, latency, picojoule, is_on))
    return rows


def on_front(measured: Sequence[MeasuredFolding]) -> list[bool | None]:
    """Whether no other engine is as good in area, rate, latency and energy; None without one."""
    points = [_costs(one) for one in measured]
    fronts = iter(non_dominated([point for point in points if point is not None]))
    return [None if point is None else next(fronts) for point in points]


def _costs(measured: MeasuredFolding) -> tuple[float, ...] | None:
    """Less of each is better; what no folding of the target has is 0."""
    folded = measured.folded
    for figures in synthesis_figures(measured.shown):
        if figures["design"] == ENGINE:
            luts, _, dsps, block_rams, gates, megahertz, picojoule = main_figures(figures)
            nanosecond = 1000 / megahertz if megahertz else 1.0
            times = (folded.initiation_interval * nanosecond, folded.latency * nanosecond)
            area = (gates,) if gates is not None else (luts, dsps, block_rams)
            return (*area, *times, picojoule or 0.0)
    return None


def folding_costs(measured: Sequence[MeasuredFolding]) -> dict[str, DutyCost]:
    """With a clock that stops between inferences, of the foldings whose rows ran.

    Of engines, or of coprocessors if no engine stands alone.
    """
    return {
        one.name: duty_costs(cells.energy)["stopped"]
        for one in measured
        for cells in one.shown.cells
        if cells.energy is not None
    }


def cheapest_table(name: str, costs: Mapping[str, DutyCost]) -> ResultTable:
    """Which folding is the cheapest where, leakage between inferences included."""
    return ResultTable(
        "cheapest_foldings",
        f"{name}: the cheapest folding by inferences a second",
        (
            Column("from_a_second", "from", decimals(0)),
            Column("to_a_second", "to", decimals(0)),
            words("folding", "folding"),
        ),
        [(one.least, one.most, one.name) for one in cheapest_by_rate(costs)],
        f"Clock of {MEGAHERTZ:g} MHz that is stopped between inferences.",
    )


def plot_foldings(title: str, measured: Sequence[MeasuredFolding], target: Path) -> bool:
    """Draw area over inferences a second, as PNG; False if no clock frequency is known."""
    import matplotlib as mpl

    points = [point for one in measured for point in _points(one)]
    if not points:
        return False
    mpl.use("Agg")
    from matplotlib import pyplot as plt

    figure, axis = plt.subplots(figsize=(7, 4.5))
    axis.plot([rate for rate, _, _ in points], [area for _, area, _ in points], "o")
    for rate, area, label in points:
        axis.annotate(label, (rate, area), xytext=(4, 4), textcoords="offset points", fontsize=8)
    is_cells = bool(measured[0].shown.cells)
    logarithmic(axis)
    axis.set_xlabel("million inferences a second")
    axis.set_ylabel("kGE" if is_cells else "LUT, carry cells included")
    axis.set_title(plot_text(title), fontsize=10)
    axis.grid(visible=True, which="both", alpha=0.3)
    figure.tight_layout()
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)
    return True


def _points(measured: MeasuredFolding) -> list[tuple[float, float, str]]:
    """Million inferences a second, area, and label of the engine."""
    found = []
    for figures in synthesis_figures(measured.shown):
        luts, _, _, _, gates, megahertz, _ = main_figures(figures)
        area = luts if gates is None else gates
        if figures["design"] == ENGINE and megahertz is not None and area is not None:
            rate = megahertz / measured.folded.initiation_interval
            found.append((rate, area, measured.name.removesuffix(" multipliers")))
    return found
