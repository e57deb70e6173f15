# SPDX-License-Identifier: Apache-2.0
"""A study from its file to its table, plots and recipes."""

import re
from pathlib import Path
from typing import TYPE_CHECKING

from rich.console import Console

from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.inputs.curves import CurveInput
from pulsewright.flow.output import Output
from pulsewright.flow.progress import progress_bars
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.study.fronts import costs_of, front_of, points_of_split
from pulsewright.flow.study.page import study_page
from pulsewright.flow.study.plots import plot_fronts, plot_width_map
from pulsewright.flow.study.scale_plot import plot_scales
from pulsewright.flow.study.study_file import StudyFile
from pulsewright.flow.study.summary import (
    baseline_table,
    error_table,
    front_table,
    grid_table,
    write_points,
)
from pulsewright.flow.study.table import check_overwritable, write_table
from pulsewright.flow.study.winning_recipes import recipe_name, recipe_text
from pulsewright.flow.workspace import Options
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.quant.curve_sources import CurveSource
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.cluster import ClusterOptions
from pulsewright.quant.studies.journal import Journal
from pulsewright.quant.studies.points import Point, points_of
from pulsewright.quant.studies.study import StudyResult, run_study

if TYPE_CHECKING:
    from pulsewright.flow.study.fitted_cells import SampledTarget

# What computes the rows of either journal. Float networks and baselines know no costs.
FLOAT_CODE = ("pulsewright.quant.studies.float_rows", "pulsewright.quant.studies.baselines")
ROW_CODE = ("pulsewright.quant.studies.evaluation",)
TABLE = "study.parquet"
PAGE = "report.html"


def study_step(
    file: StudyFile,
    given: CurveInput,
    folder: Path,
    cluster: ClusterOptions,
    output: Output,
    target: "SampledTarget | None" = None,
    command: str = "",
) -> None:
    """Run what is missing of a study, write everything that comes of it, and hand out its tables.

    target: what the cells of its engines are fitted for. command: what was typed, for the page.

    Raises:
        PulsewrightError: the data cannot be used, the scheduler not reached, or the folder not
            written; a table of another version is in it; every configuration failed.
    """
    given.check()
    # To be found out before hours of work.
    check_overwritable(folder / TABLE)
    curves = given.load(file.seeds[0])
    result = _trained(file, curves, folder, cluster, output.console)
    write_table(folder / TABLE, result.rows)
    points = points_of(result.rows)
    write_points(folder / "points.csv", points)
    failed = error_table(result.rows)
    if failed is not None:
        output.table(failed)
    _check_any(points, result)
    fits: list[ResultTable] = []
    if target is not None:
        points, fits = _fitted(file, points, target, folder, output.console)
    recipes = _recipes(file, points, given.path)
    _remove_old(folder)
    _write_plots(file, points, result, folder)
    for name, text in recipes.values():
        write_text(folder / "recipes" / f"{name}.toml", text)
    if target is not None and target.synthesise_front:
        winners = {recipes[id(point)][0]: point for point in points if id(point) in recipes}
        steps = Options(folder / "recipes", given.data, given.download, command=command)
        fits.append(_synthesised_front(winners, target, folder, steps, output.console))
    grids = [grid_table(grid.name, _of_grid(points, grid.name)) for grid in file.grid]
    others = [baseline_table(result), *fits]
    for table in (*grids, *(front_table(points, kind) for kind in _kinds(points)), *others):
        output.table(table)
    texts = {key: text for key, (_, text) in recipes.items()}
    page = study_page(file, points, result, texts, [*grids, *others], command)
    write_text(folder / PAGE, page)
    output.file("folder", folder, "page, table, plots and recipes")


# These need the generator of Verilog, which a study without a target does not.
def _fitted(
    file: StudyFile, points: list[Point], target: "SampledTarget", folder: Path, console: Console
) -> tuple[list[Point], list[ResultTable]]:
    """The points with columns of gates, and the tables of the fits."""
    from pulsewright.flow.study.fitted_cells import fit_tables, with_fitted_cells

    points, found = with_fitted_cells(points, file.initiation_interval, target, folder, console)
    write_points(folder / "points.csv", points)
    return points, fit_tables(target.chosen.name, found)


def _synthesised_front(
    winners: dict[str, Point],
    target: "SampledTarget",
    folder: Path,
    options: Options,
    console: Console,
) -> ResultTable:
    from pulsewright.flow.study.front_synthesis import synthesised_front

    return synthesised_front(winners, target, folder, options, console)


def _check_any(points: list[Point], result: StudyResult) -> None:
    if not points:
        raise PulsewrightError(
            f"every configuration failed, the first with: {result.rows[0]['error']}; "
            "change the study, or see to the workers, and run it again"
        )


def _trained(
    file: StudyFile, curves: PulseCurves, folder: Path, cluster: ClusterOptions, console: Console
) -> StudyResult:
    """Rows of all trainings, of which the journals in `folder` know some."""
    settings = file.study().settings.model_dump(
        mode="json", exclude={"initiation_interval", "published_a1"}
    )
    trainings: dict[str, object] = {"curves": curves.digest, "settings": settings}
    # Costs depend on the interval; trainings do not.
    costs = {"initiation_interval": file.initiation_interval}
    of_floats = {**trainings, "code": code_digest(FLOAT_CODE)}
    of_rows = {**trainings, **costs, "code": code_digest(ROW_CODE)}
    with (
        Journal.open(folder / "floats", of_floats) as floats,
        Journal.open(folder / "rows", of_rows) as rows,
        progress_bars(console) as progress,
    ):
        return run_study(file.study(), curves, floats, rows, cluster, progress)


def _kinds(points: list[Point]) -> list[SplitKind]:
    return [kind for kind in SplitKind if any(point["split"] == kind.value for point in points)]


def _of_grid(points: list[Point], name: str) -> list[Point]:
    return [point for point in points if name in point["grids"]]


def _remove_old(folder: Path) -> None:
    """Remove plots and recipes of an earlier run, which may be of other grids."""
    for pattern in ("pareto_*.png", "widths_*.png", "scales_*.png", "recipes/*.toml"):
        for path in folder.glob(pattern):
            path.unlink()


def _write_plots(file: StudyFile, points: list[Point], result: StudyResult, folder: Path) -> None:
    for kind in _kinds(points):
        plot_fronts(points, kind, result, file.name, folder / f"pareto_{kind.value}.png")
        _plot_scales(file.name, points_of_split(points, kind), kind, folder)
        for grid in file.grid:
            ours = points_of_split(_of_grid(points, grid.name), kind)
            for network in dict.fromkeys(point["network"] for point in ours):
                name = re.sub(r"\W+", "_", f"{grid.name}_{network}_{kind.value}")
                plot_width_map(
                    [point for point in ours if point["network"] == network],
                    f"{grid.name}: {network}, split by {kind.value}",
                    folder / f"widths_{name}.png",
                )


def _plot_scales(name: str, points: list[Point], kind: SplitKind, folder: Path) -> None:
    for network in dict.fromkeys(point["network"] for point in points):
        file = re.sub(r"\W+", "_", f"{network}_{kind.value}")
        plot_scales(
            [point for point in points if point["network"] == network],
            f"{name}: {network}, split by {kind.value}",
            folder / f"scales_{file}.png",
        )


def _recipes(file: StudyFile, points: list[Point], data: Path | None) -> dict[int, tuple[str, str]]:
    """Name and text of a recipe for each point of a front, by `id` of the point."""
    recipes: dict[int, tuple[str, str]] = {}
    for kind in _kinds(points):
        for point in (one for cost in costs_of(points) for one in front_of(points, kind, cost)):
            # A recipe makes synthetic curves from its own seed, a study from its first one.
            if file.data.source is CurveSource.SYNTHETIC and point.seeds[0] != file.seeds[0]:
                continue
            name = recipe_name(point)
            recipes[id(point)] = name, recipe_text(name, file, point, data)
    return recipes
