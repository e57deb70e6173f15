# SPDX-License-Identifier: Apache-2.0
"""One inference by all three tiers: the paper's FLOP, tables of operations, and gates."""

from collections.abc import Iterable, Sequence

from pulsewright.flow.report.energy_tables import shipped_tables
from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals, words
from pulsewright.flow.steps.synthesis_result import (
    CURVE_JOBS,
    RANDOM_ROWS,
    GateEnergy,
    SynthesisShown,
)
from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.total import EnergyPart
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.workload import full_inference
from pulsewright.synth.energy.gate_run import WIRE_LOAD_PF
from pulsewright.synth.energy.groups import Part

Row = Sequence[JsonValue]


def tier3_figures(shown: SynthesisShown) -> list[EnergyFigure]:
    """What ran through gates, part by part and in all, as `report.json` has figures."""
    return [
        EnergyFigure(3, _node(energy), f"{_what(what)}{part}", picojoule)
        for energy in _measured(shown)
        for what, run in energy.runs.items()
        for part, picojoule in [
            *((f": {part.value}", one) for part, one in run.picojoule.items() if one),
            ("", run.total),
            (", with wires", sum(run.with_wires.values())),
        ]
    ]


def energy_tiers_table(
    name: str, model: IntegerMlp, folded: FoldedEngine, shown: SynthesisShown
) -> ResultTable | None:
    """An inference of the engine, a row for each source; None if no rows ran through gates.

    name: the recipe's.
    """
    gates = [row for energy in _measured(shown) for row in _tier3(energy)]
    if not gates:
        return None
    parts = ("arithmetic", "weights", "registers", "clock", "control")
    return ResultTable(
        "energy_tiers",
        f"{name}: pJ an inference by three tiers, each row at its own node",
        (
            Column("tier", "tier"),
            words("source", "source"),
            words("node", "node"),
            *(Column(f"{part}_picojoule", part, decimals(1)) for part in parts),
            Column("picojoule", "all", decimals(1)),
        ),
        [_tier1(model), *_tier2(model, folded), *gates],
        "Nodes differ, so that no two rows may be added. Tier 1: fp32 operations of another "
        "machine. Tier 2: operations alone, and registers where the table has an entry. Tier 3: "
        "all gates, with glitches and clock; leakage is in none.",
    )


def _tier1(model: IntegerMlp) -> Row:
    figure = tier1(model.sizes)
    return (1, figure.what, figure.node, None, None, None, None, None, figure.picojoule)


def _tier2(model: IntegerMlp, folded: FoldedEngine) -> Iterable[Row]:
    """By each table, weights where the engine has them."""
    for table in shipped_tables():
        total, *_ = energy_totals(model, folded, table, [full_inference(folded)])
        known = (
            None if part in total.uncounted else total.part(part)
            for part in (EnergyPart.WEIGHTS, EnergyPart.REGISTERS)
        )
        source = f"{table.name}, weights in {total.home_name}"
        node = table.operating_point
        yield (2, source, node, total.arithmetic, *known, None, None, total.picojoule)


def _tier3(energy: GateEnergy) -> Iterable[Row]:
    """Random rows, without wires part by part, and with them."""
    run = energy.runs.get(RANDOM_ROWS)
    if run is None:
        return
    order = (Part.ARITHMETIC, Part.WEIGHTS, Part.REGISTERS, Part.CLOCK, Part.CONTROL)
    for source, spent in (
        ("gates, random rows", run.picojoule),
        (f"the same with {WIRE_LOAD_PF * 1000:g} fF a pin", run.with_wires),
    ):
        parts = [spent.get(part, 0.0) for part in order]
        yield (3, source, _node(energy), *parts, sum(spent.values()))


def _measured(shown: SynthesisShown) -> list[GateEnergy]:
    return [one.energy for one in shown.cells if one.energy is not None]


def _what(run: str) -> str:
    return run if run == CURVE_JOBS else f"inference, {run}"


def _node(energy: GateEnergy) -> str:
    return f"{energy.technology}, {energy.voltage:g} V"
