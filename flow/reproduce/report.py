# SPDX-License-Identifier: Apache-2.0
"""The report of a reproduction, in Markdown: figures, verdicts, and what disagrees."""

from pulsewright.flow.reproduce.error_carriers import (
    carrier_grid,
    carrier_sentences,
    carriers,
)
from pulsewright.flow.reproduce.grids import markdown_table
from pulsewright.flow.reproduce.remarks import (
    CURVE_SENTENCES,
    DISAGREEMENTS,
    floor_sentences,
    fraction_sentences,
    introduction,
    ridge_sentence,
    split_sentences,
    target_sentences,
)
from pulsewright.flow.reproduce.results import Results
from pulsewright.flow.reproduce.tables import (
    curve_grid,
    floor_grid,
    fraction_grid,
    increment_grid,
    script_grid,
    split_grid,
    table_2_grid,
)
from pulsewright.flow.reproduce.verdicts import verdict_grid


def report_text(results: Results) -> str:
    """The whole report."""
    parts = [f"# Reproduction on the {results.source_name} curves\n", introduction(results)]
    if results.measured:
        parts += ["## Verdicts\n", markdown_table(verdict_grid(results))]
    parts += [
        "## Table II\n",
        markdown_table(table_2_grid()),
        "## Fig. 4(b): error against the number of data\n",
        "![Test error against the number of data](fig_4b.png)\n",
        markdown_table(fraction_grid(results)),
        ridge_sentence(results),
        "## The floor\n",
        floor_sentences(results),
        markdown_table(floor_grid(results)),
        "## What carries the error\n" if carriers(results) else "",
        carrier_sentences(results) if carriers(results) else "",
        markdown_table(carrier_grid(results)) if carriers(results) else "",
        "## Three splits\n",
        "![Test error on three splits](splits.png)\n",
        markdown_table(split_grid(results)),
        split_sentences(results),
        "## Fig. 5: whole curves\n",
        "![Whole curves](fig_5.png)\n",
        markdown_table(curve_grid(results)),
        CURVE_SENTENCES,
        markdown_table(script_grid(results)) if results.measured else "",
        "## Where text and code disagree\n",
        markdown_table(increment_grid(results)),
        target_sentences(results),
        fraction_sentences(results),
        DISAGREEMENTS,
    ]
    return "\n".join(part for part in parts if part)
