# SPDX-License-Identifier: Apache-2.0
"""What was shown of the Verilog beside a run: vectors, faults, coverage, proofs."""

from pulsewright.flow.report.code_coverage_tables import (
    functional_table,
    hole_table,
    reached_table,
)
from pulsewright.flow.report.formal_table import formal_table, netlist_table
from pulsewright.flow.report.mutation_tables import score_table, survivor_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_section import PageSection
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.report.volume_table import volume_table
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace

_TOLD = {
    "drawn vectors": "how many drawn vectors agree with the C++ kernel",
    "planted faults": "which of the faults that were planted in it the benches see",
    "coverage": "what the benches reach of it, and drive",
    "proofs": "what is proven of it, for every sequence",
}


def fault_section(workspace: Workspace, shown: ShownResults) -> PageSection | None:
    """What `verify`, `mutate`, `coverage` and `prove` left; None if none of them did."""
    name, verilog = workspace.recipe.name, workspace.verilog(workspace.bus)
    lines = verilog.read_text(encoding="utf-8").splitlines() if verilog.exists() else []
    found: dict[str, list[ResultTable]] = {}
    if shown.volume is not None:
        found["drawn vectors"] = [volume_table(name, shown.volume)]
    if shown.mutation is not None:
        found["planted faults"] = [
            score_table(name, shown.mutation),
            survivor_table(name, shown.mutation, lines),
        ]
    if shown.coverage is not None:
        found["coverage"] = [
            reached_table(name, shown.coverage),
            hole_table(name, shown.coverage),
        ]
        if shown.coverage.functional:
            found["coverage"].append(functional_table(name, shown.coverage))
    if shown.proofs is not None:
        found["proofs"] = [formal_table(name, shown.proofs)]
        if shown.proofs.netlists:
            found["proofs"].append(netlist_table(name, shown.proofs))
    if not found:
        return None
    return PageSection(
        "faults",
        ", ".join(found).capitalize(),
        "Of the Verilog of this page: "
        + "; ".join(_TOLD[one] for one in found)
        + ". What is of other Verilog, benches or code than now is not shown.",
        tables=[table_document(one) for tables in found.values() for one in tables],
    )
