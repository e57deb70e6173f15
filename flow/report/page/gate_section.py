# SPDX-License-Identifier: Apache-2.0
"""What the Verilog takes on FPGAs and in cells, and what an inference costs there."""

from dataclasses import replace

import numpy as np

from pulsewright.flow.report.gate_energy_tables import duty_costs, duty_table, energy_table
from pulsewright.flow.report.page.html_tables import table_document
from pulsewright.flow.report.page.page_figure import PageFigure, figure, rounded
from pulsewright.flow.report.page.page_section import PageSection
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.report.tables import synthesis_tables
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.steps.synthesis_result import GateEnergy
from pulsewright.flow.workspace import Workspace

LEAST_A_SECOND = 1.0
RATES = 60


def gate_section(workspace: Workspace, shown: ShownResults) -> PageSection | None:
    """Area, timing and energy of all targets; None if nothing was synthesised."""
    tables, name = synthesis_tables(workspace, shown), workspace.recipe.name
    energies = [one.energy for one in shown.synthesis.cells if one.energy is not None]
    figures = []
    for energy in energies:
        tables.append(_named(energy_table(name, energy), energy))
        if energy.inferences is not None:
            tables.append(_named(duty_table(name, energy), energy))
            figures.append(duty_figure(energy))
    if not tables:
        return None
    return PageSection(
        "synthesis", "Gates", figures=figures, tables=[table_document(one) for one in tables]
    )


def duty_figure(energy: GateEnergy) -> PageFigure:
    """What an inference costs by how many are asked for a second."""
    from plotly import graph_objects

    traces = []
    for clock, cost in duty_costs(energy).items():
        rates = np.geomspace(LEAST_A_SECOND, cost.most_a_second, RATES).tolist()
        # The last one is the most that there may be, whatever the rounding.
        rates[-1] = cost.most_a_second
        traces.append(
            graph_objects.Scatter(
                name=f"clock {clock} between",
                x=rounded(rates),
                y=rounded(map(cost.picojoule, rates)),
                mode="lines",
            )
        )
    return figure(
        f"duty-cycle-{energy.technology}",
        f"Energy of an inference in cells of {energy.technology} by how many are asked for a "
        "second, with leakage and idle cycles between them.",
        traces,
        showlegend=True,
        xaxis={"title": {"text": "inferences a second"}, "type": "log"},
        yaxis={"title": {"text": "pJ an inference"}, "type": "log"},
    )


def _named(table: ResultTable, energy: GateEnergy) -> ResultTable:
    """Of one of several technologies, whose tables stand on one page."""
    return replace(table, name=f"{table.name}_{energy.technology}")
