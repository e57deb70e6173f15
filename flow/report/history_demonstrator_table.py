# SPDX-License-Identifier: Apache-2.0
"""What the firmware of the closed loop printed, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.history_demonstrator import HistoryDemonstratorResult

TITLES = {"coprocessor": "coprocessor", "software": "software on the core"}


def history_demonstrator_table(result: HistoryDemonstratorResult) -> ResultTable:
    """Reads and overshoot of the trials, and what a decision takes of the core, by who inferred."""
    energy = result.energy
    note = ""
    if energy.core_picojoule is not None:
        note = (
            f"The core at {energy.core_picojoule:g} pJ a cycle, {energy.core_node}, not measured "
            f"here: {energy.core_source}."
        )
    first = next(iter(result.ways.values()))
    return ResultTable(
        "history_demonstrator",
        f"{first['trials']} trials on {result.core}: means, and every decision beside Python's",
        (
            words("inference", "inference"),
            Column("decisions", "decisions"),
            Column("mismatches", "mismatches"),
            Column("reads", "reads", decimals(2)),
            Column("pulses", "pulses", decimals(1)),
            Column("overshoot", "over", lambda share: f"{100 * share:.1f} %"),
            Column("cycles", "cycles a decision", decimals(0)),
            Column("inference_cycles", "of which inference", decimals(0)),
            Column("core_nanojoule", "core, nJ a decision", decimals(0)),
        ),
        [
            _row(TITLES.get(name, name), fields, energy.core_picojoule)
            for name, fields in result.ways.items()
        ],
        note,
    )


def _row(
    title: str, fields: dict[str, int], core_picojoule: float | None
) -> tuple[str | int | float | None, ...]:
    trials, decisions = fields["trials"], max(fields["decisions"], 1)
    return (
        title,
        fields["decisions"],
        fields["mismatches"],
        fields["reads"] / trials,
        fields["pulses"] / trials,
        fields["over"] / trials,
        fields["cycles"] / decisions,
        fields["inference_cycles"] / decisions,
        None if core_picojoule is None else fields["cycles"] / decisions * core_picojoule / 1000,
    )
