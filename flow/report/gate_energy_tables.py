# SPDX-License-Identifier: Apache-2.0
"""What the engine costs in standard cells, as tables."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.synthesis_result import GateEnergy
from pulsewright.synth.energy.duty_cycle import DutyCost
from pulsewright.synth.energy.gate_run import WIRE_LOAD_PF
from pulsewright.synth.energy.groups import Part

SHOWN_PARTS = tuple(Part)
# A clock that every core here reaches, and a microcontroller has.
MEGAHERTZ = 50.0
RATES = (1.0, 10.0, 1e2, 1e3, 1e4, 1e5)


def energy_table(name: str, result: GateEnergy) -> ResultTable:
    """Energy of one inference by part, for each run; of curves that of one curve."""
    return ResultTable(
        "gate_energy",
        f"{name} in cells of {result.technology} ({result.cell_library}, "
        f"{result.voltage:g} V): pJ an inference, or a curve",
        (
            words("rows_of", "rows"),
            Column("picojoule", "pJ", decimals(1)),
            *(Column(f"{part.value}_picojoule", part.value, decimals(1)) for part in SHOWN_PARTS),
            Column("glitches_picojoule", "glitches of all", decimals(1)),
            Column("with_wires_picojoule", "with wires", decimals(1)),
            Column("cycles", "cycles", decimals(1)),
            Column("idle_picojoule_a_cycle", "idle, pJ a cycle", decimals(3)),
            Column("rows", "counted"),
            Column("mismatches", "mismatches"),
        ),
        [
            (
                rows,
                run.total,
                *(run.picojoule[part] for part in SHOWN_PARTS),
                run.glitches,
                sum(run.with_wires.values()),
                run.cycles,
                run.idle_picojoule,
                run.rows,
                run.mismatches,
            )
            for rows, run in result.runs.items()
        ],
        "Gates in simulation with delays; glitches: of nets that move to and fro between two edges "
        f"of the clock; with wires: {WIRE_LOAD_PF * 1000:g} fF for each pin "
        "that a net drives; idle: with a clock that runs, without leakage, which is below.",
    )


def duty_costs(result: GateEnergy) -> dict[str, DutyCost]:
    """Random rows at `MEGAHERTZ`, by what the clock does between inferences; none if none ran.

    Of the engine, or of the coprocessor if no engine stands alone.
    """
    run = result.inferences
    if run is None:
        return {}
    common = (run.total, run.cycles, MEGAHERTZ, result.leakage_nanowatt)
    return {
        "stopped": DutyCost(*common),
        "running": DutyCost(*common, idle_cycle=run.idle_picojoule),
    }


def duty_table(name: str, result: GateEnergy) -> ResultTable:
    """Energy of one inference at some rates, with what is spent between them."""
    return ResultTable(
        "duty_cycle",
        f"{name}: pJ an inference by inferences a second, leakage and idle cycles included",
        (
            words("clock", "clock between"),
            Column("idle_microwatt", "idle, µW", decimals(2)),
            *(Column(f"picojoule_at_{rate:.0f}", f"{rate:,.0f}", decimals(0)) for rate in RATES),
            Column("break_even", "half is idle at", decimals(0)),
        ),
        [
            (
                clock,
                cost.leakage / 1000 + cost.idle_cycle * cost.megahertz,
                *(cost.picojoule(rate) if rate <= cost.most_a_second else None for rate in RATES),
                cost.break_even,
            )
            for clock, cost in duty_costs(result).items()
        ],
        f"Clock of {MEGAHERTZ:g} MHz; stopped: leakage alone.",
    )
