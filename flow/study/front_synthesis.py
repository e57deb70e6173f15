# SPDX-License-Identifier: Apache-2.0
"""The recipes of a study's fronts, trained again and synthesised themselves."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from rich.console import Console

from pulsewright.flow.exploration.training import explored_network, share
from pulsewright.flow.order import DATASET, FLOAT, NETWORKS, RTL, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.result_table import Column, ResultTable, decimals
from pulsewright.flow.report.result_table import words as column_of_words
from pulsewright.flow.report.synthesis_figures import SIZE_COLUMNS, main_figures, synthesis_figures
from pulsewright.flow.steps.packages import GENERATOR
from pulsewright.flow.steps.synthesise import measure
from pulsewright.flow.study.fitted_cells import SampledTarget
from pulsewright.flow.study.mapped_samples import figures_of
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.quant.studies.points import Point

FRONT = "front"


def synthesised_front(
    recipes: Mapping[str, Point],
    target: SampledTarget,
    folder: Path,
    options: Options,
    console: Console,
) -> ResultTable:
    """Train and synthesise the recipes in `recipes/` of a study's folder, each unless it is done.

    recipes: the point of each, by the recipe's name. options: of the steps; paths of the recipes
    are absolute.

    Raises:
        PulsewrightError: the curves do not allow every split, a tool is missing, or refuses a
            design.
        VerificationError: Brevitas or the gates differ from the integer model.
    """
    trained: list[Workspace] = []
    rows = []
    for name, point in sorted(recipes.items()):
        recipe = load_recipe(folder / "recipes" / f"{name}.toml")
        workspace = Workspace(recipe, folder / FRONT, options, console)
        for step in (DATASET, FLOAT):
            for other in trained:
                share(step, other, workspace)
        make(workspace, *NETWORKS, later=(*GENERATOR, *target.chosen.packages))
        trained.append(workspace)
        RTL.take(workspace)
        rows.append(_row(workspace, point, target))
    return _table(target, rows)


def _row(workspace: Workspace, point: Point, target: SampledTarget) -> tuple[Any, ...]:
    figures = synthesis_figures(measure(workspace, target.chosen, target.rows))[0]
    luts, *others = main_figures(figures)
    measured = others[3] if luts is None else luts
    fitted = point.columns.get(figures_of(target.chosen)[0].column)
    error = explored_network(workspace).error
    ratio = None if fitted is None else measured / fitted
    return (workspace.recipe.name, error, luts, *others, fitted, ratio)


def _table(target: SampledTarget, rows: Sequence[tuple[Any, ...]]) -> ResultTable:
    return ResultTable(
        "synthesised_front",
        f"The fronts' engines on {target.chosen.name}, synthesised",
        (
            column_of_words("recipe", "recipe"),
            Column("error", "test MSE", decimals(5)),
            *SIZE_COLUMNS,
            Column("megahertz", "MHz", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
            Column("fitted_area", "area by the fit", decimals(2)),
            Column("area_to_fitted", "area/fit", decimals(2)),
        ),
        rows,
        "test MSE of the first seed's network; area: LUT in all, or kGE.",
    )
