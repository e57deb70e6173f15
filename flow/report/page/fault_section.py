# SPDX-License-Identifier: Apache-2.0
"""What was shown of the Verilog beside a run: many drawn vectors, and faults that benches see."""

from pulsewright.flow.report.mutation_tables import score_table, survivor_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import PageSection
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.report.volume_table import volume_table
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace


def fault_section(workspace: Workspace, shown: ShownResults) -> PageSection | None:
    """What `pulsewright verify` and `pulsewright mutate` left; None if neither did."""
    name, tables = workspace.recipe.name, list[ResultTable]()
    if shown.volume is not None:
        tables.append(volume_table(name, shown.volume))
    if shown.mutation is not None:
        text = workspace.verilog(workspace.bus).read_text(encoding="utf-8")
        tables.append(score_table(name, shown.mutation))
        tables.append(survivor_table(name, shown.mutation, text.splitlines()))
    if not tables:
        return None
    return PageSection(
        "faults",
        "Drawn vectors and planted faults",
        "What the comparisons above would have found: faults that were planted in the Verilog, and "
        "which of them the benches see.",
        tables=[table_document(one) for one in tables],
    )
