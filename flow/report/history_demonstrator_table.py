# SPDX-License-Identifier: Apache-2.0
"""What the firmware of the closed loop printed, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.history_demonstrator import HistoryDemonstratorResult

TITLES = {"coprocessor": "coprocessor", "software": "software on the core"}


def history_demonstrator_table(result: HistoryDemonstratorResult) -> ResultTable:
    """Reads and overshoot of the trials, and cycles of a decision, by who inferred."""
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
        ),
        [_row(TITLES.get(name, name), fields) for name, fields in result.ways.items()],
    )


def _row(title: str, fields: dict[str, int]) -> tuple[str | int | float, ...]:
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
    )
