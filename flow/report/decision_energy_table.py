# SPDX-License-Identifier: Apache-2.0
"""What the coprocessor takes for a decision, and from which core on it pays in energy."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.history_demonstrator import HistoryDemonstratorResult

COPROCESSOR, SOFTWARE = "coprocessor", "software"


def decision_energy_table(result: HistoryDemonstratorResult) -> ResultTable:
    """A row for each source: energy of both inferences, and the core above which it is less.

    The break-even is that energy over the cycles that the coprocessor saves the core: nobody's
    figure of a core enters it.
    """
    saved = cycles_of_decision(result, SOFTWARE) - cycles_of_decision(result, COPROCESSOR)
    return ResultTable(
        "decision_energy",
        f"The coprocessor in a decision, which saves {result.core} {saved:.0f} cycles",
        (
            Column("tier", "tier"),
            words("source", "source"),
            words("node", "node"),
            Column("picojoule", "pJ a decision", decimals(1)),
            Column("break_even_picojoule", "pays above, pJ a cycle", decimals(3)),
        ),
        [
            (
                one.tier,
                one.source,
                one.node,
                one.picojoule,
                one.picojoule / saved if saved > 0 else None,
            )
            for one in result.energy.coprocessor
        ],
        "Nodes differ, so that no two rows may be added. Features and rule are the core's.",
    )


def cycles_of_decision(result: HistoryDemonstratorResult, way: str) -> float:
    """Mean cycles of a decision by `way`, features, both inferences and rule included."""
    fields = result.ways[way]
    return fields["cycles"] / max(fields["decisions"], 1)
