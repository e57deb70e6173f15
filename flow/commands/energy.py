# SPDX-License-Identifier: Apache-2.0
"""What `pulsewright energy` prints."""

from collections.abc import Iterable

from rich.console import Console

from pulsewright.flow.report.energy_explain import explanation, sources
from pulsewright.flow.report.energy_tables import (
    comparison_table,
    preset_table,
    preset_tier2_table,
    ratio_line,
    sensitivity_line,
    shipped_tables,
    total_table,
)
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable


def show_presets(console: Console, chosen: EnergyTable | None) -> None:
    """The paper's networks: its own estimate, and tier 2 by the chosen table or all of them."""
    console.print(preset_table())
    console.print(preset_tier2_table(shipped_tables() if chosen is None else [chosen]))


def show_recipe(
    console: Console, workspace: Workspace, chosen: EnergyTable | None, explain: bool
) -> None:
    """Tier 2 of the recipe's network by the chosen table, else by the default one and all others.

    explain: every line of every total, with the sources of the table.
    """
    model, folded, name = workspace.model, workspace.recipe.folded, workspace.recipe.name
    tables = shipped_tables() if chosen is None else [chosen]
    by_table = [energy_totals(model, folded, table) for table in tables]
    totals = by_table[0]
    console.print(total_table(name, totals))
    charged = [total for total in totals if total.picojoule]
    _print(console, map(sensitivity_line, charged))
    if chosen is None:
        console.print(comparison_table(name, by_table))
    _print(console, (ratio_line(model, total) for total in charged if total.workload.vectors == 1))
    if explain:
        for total in totals:
            _print(console, explanation(total))
        _print(console, sources(totals))


def _print(console: Console, lines: Iterable[str]) -> None:
    for line in lines:
        console.print(line, highlight=False, markup=False, soft_wrap=True)
