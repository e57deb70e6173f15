# SPDX-License-Identifier: Apache-2.0
"""What the demonstrator's firmware printed, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable
from pulsewright.flow.steps.demonstrator import DemonstratorResult

TITLES = {
    "guided": "guided by the model",
    "blind": "blind, pulse by pulse",
    "blind_doubling": "blind, doubling",
    "blind_extrapolated": "blind, extrapolated",
    "blind_best_pulse": "blind, best pulse*",
}
FIELDS = {
    "median_pulses": "pulses",
    "median_reads": "reads",
    "median_error_ppm": "ppm off",
    "reached": "reached",
    "over": "over",
    "short": "short",
}


def demonstrator_table(result: DemonstratorResult) -> ResultTable:
    """Pulses, reads and errors of every method, as the firmware printed them."""
    first = next(iter(result.methods.values()))
    cycles = result.methods["guided"]["median_cycles"]
    return ResultTable(
        "demonstrator",
        f"{first['devices']} devices, {first['trials']} targets, on {result.core}: medians",
        (
            Column("method", "method", lambda method: TITLES.get(method, method), is_number=False),
            *(Column(field, heading) for field, heading in FIELDS.items()),
        ),
        [
            (method, *(fields[field] for field in FIELDS))
            for method, fields in result.methods.items()
        ],
        f"* chosen in hindsight. Guided: {cycles} cycles a target, driver included.",
    )
