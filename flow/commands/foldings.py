# SPDX-License-Identifier: Apache-2.0
"""Synthesis of the foldings of a recipe, one after the other."""

from typing import TYPE_CHECKING

from pulsewright.flow.foldings import foldings_folder, give_model
from pulsewright.flow.order import MODEL, QUANTISE, RTL, make
from pulsewright.flow.output import Output
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.flow.workspace import Workspace

if TYPE_CHECKING:
    from pulsewright.flow.report.folding_tables import MeasuredFolding
    from pulsewright.flow.steps.synthesise import Chosen


def compare_foldings(
    output: Output, workspace: Workspace, chosen: "Chosen", foldings: list[Workspace], rows: int
) -> list["MeasuredFolding"]:
    """Synthesise these foldings of the recipe, and hand out what compares them.

    Raises:
        PulsewrightError: as `measure`.
        VerificationError: a result of the gates differs from the integer model.
    """
    from pulsewright.flow.report.folding_tables import MeasuredFolding
    from pulsewright.flow.steps.synthesise import measure

    make(workspace, QUANTISE, MODEL, later=(*GENERATOR, *chosen.packages))
    measured = []
    for folding in foldings:
        give_model(workspace, folding)
        RTL.take(folding)
        measured.append(MeasuredFolding(folding.folded, measure(folding, chosen, rows)))
    _show(output, workspace, chosen.name, measured)
    return measured


def _show(
    output: Output, workspace: Workspace, target: str, measured: list["MeasuredFolding"]
) -> None:
    from pulsewright.flow.report.duty_plot import plot_duty_cycle
    from pulsewright.flow.report.folding_tables import (
        cheapest_table,
        folding_costs,
        folding_table,
        plot_foldings,
    )

    name, folder = workspace.recipe.name, foldings_folder(workspace)
    output.table(folding_table(name, target, measured))
    title = f"{name} on {target}, by multipliers"
    picture = folder / f"area_{target}.png"
    if plot_foldings(title, measured, picture):
        output.file("area", picture, "area by inferences a second")
    costs = folding_costs(measured)
    if costs:
        output.table(cheapest_table(name, costs))
        picture = folder / f"duty_cycle_{target}.png"
        plot_duty_cycle(costs, title, picture)
        output.file("duty_cycle", picture, "energy by rate")
    output.file("foldings", folder, "Verilog, scripts, netlists and logs")
