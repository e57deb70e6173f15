# SPDX-License-Identifier: Apache-2.0
"""What was shown of the Verilog beside a run: vectors, faults, coverage, proofs."""

from pulsewright.flow.report.code_coverage_tables import hole_table, reached_table
from pulsewright.flow.report.formal_table import formal_table
from pulsewright.flow.report.mutation_tables import score_table, survivor_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import PageSection
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.report.volume_table import volume_table
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace


def fault_section(workspace: Workspace, shown: ShownResults) -> PageSection | None:
    """What `verify`, `mutate`, `coverage` and `prove` left; None if none of them did."""
    name, tables = workspace.recipe.name, list[ResultTable]()
    verilog = workspace.verilog(workspace.bus)
    lines = verilog.read_text(encoding="utf-8").splitlines() if verilog.exists() else []
    if shown.volume is not None:
        tables.append(volume_table(name, shown.volume))
    if shown.mutation is not None:
        tables.append(score_table(name, shown.mutation))
        tables.append(survivor_table(name, shown.mutation, lines))
    if shown.coverage is not None:
        tables.append(reached_table(name, shown.coverage))
        tables.append(hole_table(name, shown.coverage, lines))
    if shown.proofs is not None:
        tables.append(formal_table(name, shown.proofs))
    if not tables:
        return None
    return PageSection(
        "faults",
        "Drawn vectors, planted faults, coverage, proofs",
        "What the comparisons above would have found: faults that were planted in the Verilog and "
        "which of them the benches see; what of the Verilog the benches reach at all; and what is "
        "proven of it.",
        tables=[table_document(one) for one in tables],
    )
