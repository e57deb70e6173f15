# SPDX-License-Identifier: Apache-2.0
"""What `pulsewright energy` hands out."""

from itertools import chain

from pulsewright.flow.output import Output
from pulsewright.flow.report.energy_explain import (
    explanation,
    explanation_table,
    source_table,
    sources,
    uncounted_table,
)
from pulsewright.flow.report.energy_tables import (
    comparison_table,
    preset_table,
    preset_tier2_table,
    ratio_line,
    ratio_table,
    sensitivity_line,
    sensitivity_table,
    shipped_tables,
    total_table,
)
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable


def show_presets(output: Output, chosen: EnergyTable | None) -> None:
    """The paper's networks: its own estimate, and tier 2 by the chosen table or all of them."""
    output.table(preset_table())
    output.table(preset_tier2_table(shipped_tables() if chosen is None else [chosen]))


def show_recipe(
    output: Output, workspace: Workspace, chosen: EnergyTable | None, explain: bool
) -> None:
    """Tier 2 of the recipe's network by the chosen table, else by the default one and all others.

    explain: every line of every total, with the sources of the table.
    """
    model, folded, name = workspace.model, workspace.folded, workspace.recipe.name
    tables = shipped_tables() if chosen is None else [chosen]
    by_table = [energy_totals(model, folded, table) for table in tables]
    totals = by_table[0]
    output.table(total_table(name, totals))
    charged = [total for total in totals if total.picojoule]
    output.lines(sensitivity_table(charged), map(sensitivity_line, charged))
    if chosen is None:
        output.table(comparison_table(name, by_table))
    single = [total for total in charged if total.workload.vectors == 1]
    output.lines(ratio_table(model, single), (ratio_line(model, total) for total in single))
    if explain:
        lines = chain.from_iterable(map(explanation, totals))
        output.lines(explanation_table(totals), lines)
        output.lines(uncounted_table(totals), ())
        output.lines(source_table(totals), sources(totals))
