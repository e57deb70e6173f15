# SPDX-License-Identifier: Apache-2.0
"""What many drawn vectors showed, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals
from pulsewright.flow.steps.results import VolumeShown


def volume_table(name: str, shown: VolumeShown) -> ResultTable:
    """Vectors, cycles and pauses. name: the recipe's."""
    return ResultTable(
        "volume",
        f"{name}: engine on Verilator beside the C++ kernel",
        (
            Column("vectors", "vectors"),
            Column("mismatches", "mismatches"),
            Column("seed", "seed"),
            Column("cycles", "cycles"),
            Column("cycles_a_vector", "cycles a vector", decimals(2)),
            Column("stalled", "share of cycles that a result waited", decimals(3)),
        ),
        [
            (
                shown.vectors,
                0,
                shown.seed,
                shown.cycles,
                shown.cycles / shown.vectors,
                shown.stalled_cycles / shown.cycles,
            )
        ],
        "Vectors are uniform, at the ends of their range, near zero, or one code from the one "
        "before; both sides of the engine pause.",
    )
