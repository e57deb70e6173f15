# SPDX-License-Identifier: Apache-2.0
"""What the page tells of a run: sections of finished results."""

import json
from collections.abc import Mapping
from typing import Any

from pulsewright.flow.report.energy_tables import tier1_line, total_table
from pulsewright.flow.report.page.fault_section import fault_section
from pulsewright.flow.report.page.gate_section import gate_section
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.imported_section import imported_section
from pulsewright.flow.report.page.page_section import Fact, PageSection, TextBlock
from pulsewright.flow.report.page.run_figures import (
    accuracy_figure,
    cycle_figure,
    energy_figure,
    error_by_pulse_figure,
    error_by_session_figure,
)
from pulsewright.flow.report.tables import (
    accuracy_table,
    coverage_table,
    proof_table,
)
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable


def built_facts(workspace: Workspace, document: Mapping[str, Any]) -> list[Fact]:
    """What the coprocessor is, and whether all comparisons agree."""
    model, folded = workspace.model, workspace.folded
    compared = document["mismatches"].values()
    rows = sum(one["rows"] for one in compared)
    wrong = sum(one["mismatches"] for one in compared)
    return [
        Fact("rows compared", f"{rows}"),
        Fact("mismatches", f"{wrong}", "bad" if wrong else "good"),
        Fact("network", "-".join(map(str, model.sizes))),
        Fact("parameters", f"{model.parameter_count}"),
        Fact("input format", str(model.input_format)),
        Fact("output", model.output_meaning),
        Fact("port", workspace.bus),
        Fact("multipliers", f"{folded.multipliers}"),
        Fact("initiation interval", f"{folded.initiation_interval} cycles"),
        Fact("latency", f"{folded.latency} cycles"),
        Fact("digest of the model", model.digest),
    ]


def run_sections(
    workspace: Workspace, shown: ShownResults, document: Mapping[str, Any]
) -> list[PageSection]:
    """Everything behind the curves: accuracy, comparisons, cycles, energy, gates, and how."""
    sections = [
        *_accuracy(workspace, shown),
        PageSection(
            "proof",
            "Who was compared with whom",
            "Every implementation beside the integer network, row by row. A row of the simulators "
            "is an inference through the bus; II and latency are measured beside their formulas.",
            tables=[table_document(proof_table(workspace, shown))],
        ),
        _timing(document["cycles"], shown),
        _energy(workspace),
    ]
    further = (
        imported_section(workspace),
        gate_section(workspace, shown),
        fault_section(workspace, shown),
    )
    return [*sections, *(one for one in further if one is not None), _made_again(document)]


def _accuracy(workspace: Workspace, shown: ShownResults) -> list[PageSection]:
    if shown.history is not None:
        table = table_document(coverage_table(shown.history))
        return [PageSection("accuracy", "Accuracy", tables=[table])]
    if shown.quantised is None:
        return []
    figures = accuracy_figure(shown.quantised), error_by_pulse_figure(workspace)
    by_session = error_by_session_figure(workspace)
    return [
        PageSection(
            "accuracy",
            "Accuracy",
            figures=[*figures, *([by_session] if by_session else [])],
            tables=[table_document(accuracy_table(shown.quantised))],
        )
    ]


def _timing(cycles: Mapping[str, Any], shown: ShownResults) -> PageSection:
    facts = [
        Fact("multiplier utilisation", f"{cycles['multiplier_utilisation']:.1%}"),
        Fact("inferences a second at 100 MHz", f"{100e6 / cycles['ii_formula']:,.0f}"),
    ]
    if cycles["curve_formula"] is not None:
        facts.append(Fact("a curve as one job", f"{cycles['curve_formula']} cycles"))
    for simulator, measured in cycles["bus_cycles_per_inference"].items():
        facts.append(Fact(f"through the bus, {simulator}", f"{measured:.1f} cycles"))
    for simulator, measured in cycles["stream_ii"].items():
        latency = cycles["stream_latency"][simulator]
        facts.append(Fact(f"through the streams, {simulator}", f"II {measured}, latency {latency}"))
    drawn = cycle_figure(shown.simulations)
    return PageSection("timing", "Cycles", facts=facts, figures=[drawn] if drawn else [])


def _energy(workspace: Workspace) -> PageSection:
    model, folded = workspace.model, workspace.folded
    totals = energy_totals(model, folded, EnergyTable.load())
    table = total_table(workspace.recipe.name, totals, tier1_line(model))
    return PageSection(
        "energy", "Energy", figures=[energy_figure(workspace)], tables=[table_document(table)]
    )


def _made_again(document: Mapping[str, Any]) -> PageSection:
    recipe = json.dumps(document["recipe"], indent=1)
    versions = "\n".join(f"{name} {version}" for name, version in document["versions"].items())
    return PageSection(
        "again",
        "Make it again",
        texts=[
            TextBlock("Command", document["command"]),
            TextBlock("Versions", versions),
            TextBlock("Recipe, with its defaults", recipe),
        ],
    )
