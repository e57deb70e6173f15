# SPDX-License-Identifier: Apache-2.0
"""Energy: tier 1 as the paper counts, tier 2 from what the hardware executes."""

from collections.abc import Sequence

from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.energy.total import EnergyPart, EnergyTotal, WeightHome, total_energy
from pulsewright.hls_model.presets import multiply_accumulates
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.workload import (
    Workload,
    curve,
    full_inference,
    incremental_step,
)

# Spetzler et al., APL Mach. Learn. 3, 026103 (2025), Table II; the figure is that of NTX.
PICOJOULE_PER_FLOP = 9.3
PAPER_NODE = "22 nm FD-SOI (NTX, fp32)"


def floating_point_operations(sizes: tuple[int, ...]) -> int:
    """FLOP of one inference as the paper counts them, 2 * MAC: 896 for A1."""
    return 2 * multiply_accumulates(sizes)


def tier1(sizes: tuple[int, ...]) -> EnergyFigure:
    """The paper's estimate: FLOP * 9.3 pJ."""
    flop = floating_point_operations(sizes)
    return EnergyFigure(1, PAPER_NODE, f"{flop} FLOP x 9.3 pJ", flop * PICOJOULE_PER_FLOP)


def workloads(model: IntegerMlp, engine: FoldedEngine) -> list[Workload]:
    """An inference, a step of an incremental engine, and a curve if an input counts pulses."""
    found = [full_inference(engine)]
    if engine.incremental:
        found.append(incremental_step(engine))
    sweep = pulse_sweep(model)
    if sweep is not None:
        found.append(curve(engine, len(sweep.codes)))
    return found


def energy_totals(
    model: IntegerMlp,
    engine: FoldedEngine,
    table: EnergyTable,
    chosen: Sequence[Workload] | None = None,
) -> list[EnergyTotal]:
    """Totals of tier 2 of one table: each workload with its weights in each home.

    chosen: workloads, all of them if None. Reloadable weights are not in logic.
    """
    return [
        total_energy(model, engine, workload, table, home)
        for workload in (workloads(model, engine) if chosen is None else chosen)
        for home in WeightHome
        if not (engine.reloadable and home is WeightHome.LOGIC)
        and (table.sram or home is not WeightHome.SRAM)
    ]


def figures_of(total: EnergyTotal) -> list[EnergyFigure]:
    """Parts of a total that the table charges, then the total."""
    table = total.table
    parts = [
        EnergyFigure(
            2,
            table.operating_point,
            f"{total.what}: {part.value}",
            total.part(part),
            table.name,
        )
        for part in EnergyPart
        if total.part(part)
    ]
    whole = EnergyFigure(2, table.operating_point, total.what, total.picojoule, table.name)
    return [*parts, whole]


def tier2(
    model: IntegerMlp,
    engine: FoldedEngine,
    table: EnergyTable,
    chosen: Sequence[Workload] | None = None,
) -> list[EnergyFigure]:
    """Figures of `energy_totals`; of one inference alone if no workloads are chosen."""
    chosen = [full_inference(engine)] if chosen is None else chosen
    totals = energy_totals(model, engine, table, chosen)
    return [figure for total in totals for figure in figures_of(total)]
