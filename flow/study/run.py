# SPDX-License-Identifier: Apache-2.0
"""A study from its file to its table, plots and recipes."""

import hashlib
from pathlib import Path

from rich.console import Console

from flow.build_folder import source_digest
from flow.curve_input import CurveInput
from flow.progress import progress_bars
from flow.study.fronts import COSTS, front_of
from flow.study.plots import plot_fronts, plot_width_map
from flow.study.study_file import StudyFile
from flow.study.summary import (
    baseline_table,
    error_table,
    front_table,
    grid_table,
    write_points,
)
from flow.study.table import read_table, write_table
from flow.study.winning_recipes import write_recipe
from hls_model.errors import PulsewrightError
from quant.datasets.pulse_curves import PulseCurves
from quant.splits import SplitKind
from quant.studies.cluster import ClusterOptions
from quant.studies.journal import Journal
from quant.studies.points import Point, points_of
from quant.studies.study import StudyResult, run_study

ROOMS = ("quant", "hls_model")
TABLE = "study.parquet"


def study_step(
    file: StudyFile, given: CurveInput, folder: Path, cluster: ClusterOptions, console: Console
) -> None:
    """Run what is missing of a study, write everything that comes of it, and print its tables.

    Raises:
        PulsewrightError: the data cannot be used, the scheduler not reached, or the folder not
            written; a table of another version is in it; every configuration failed.
    """
    given.check()
    table = folder / TABLE
    if table.exists():
        # Of another version it would be lost; that is to be found out before hours of work.
        read_table(table)
    curves = given.load(file.seeds[0])
    made_from = {
        "curves": _digest(curves),
        "settings": file.study().settings.model_dump(mode="json"),
        "code": source_digest(ROOMS),
    }
    with (
        Journal.open(folder / "floats", made_from) as floats,
        Journal.open(folder / "rows", made_from) as rows,
        progress_bars(console) as progress,
    ):
        result = run_study(file.study(), curves, floats, rows, cluster, progress)
    write_table(table, result.rows)
    points = points_of(result.rows)
    write_points(folder / "points.csv", points)
    failed = error_table(result.rows)
    if failed is not None:
        console.print(failed)
    if not points:
        raise PulsewrightError(
            f"every configuration failed, the first with: {result.rows[0]['error']}; "
            "change the study, or see to the workers, and run it again"
        )
    _write_plots(file, points, result, folder)
    _write_recipes(file, points, given.path, folder / "recipes")
    for grid in file.grid:
        console.print(grid_table(grid.name, _of_grid(points, grid.name)))
    for kind in _kinds(points):
        console.print(front_table(points, kind))
    console.print(baseline_table(result))
    console.print(f"table, plots and recipes: {folder}", highlight=False, soft_wrap=True)


def _digest(curves: PulseCurves) -> str:
    digest = hashlib.sha256(curves.parameters.tobytes())
    digest.update(curves.currents.tobytes())
    return digest.hexdigest()


def _kinds(points: list[Point]) -> list[SplitKind]:
    return [kind for kind in SplitKind if any(point["split"] == kind.value for point in points)]


def _of_grid(points: list[Point], name: str) -> list[Point]:
    return [point for point in points if name in point["grids"]]


def _write_plots(file: StudyFile, points: list[Point], result: StudyResult, folder: Path) -> None:
    for kind in _kinds(points):
        plot_fronts(points, kind, result, file.name, folder / f"pareto_{kind.value}.png")
        for grid in file.grid:
            ours = [point for point in _of_grid(points, grid.name) if point["split"] == kind.value]
            plot_width_map(
                ours, f"{grid.name}, {kind.value}", folder / f"widths_{grid.name}_{kind.value}.png"
            )


def _write_recipes(file: StudyFile, points: list[Point], data: Path | None, folder: Path) -> None:
    """One recipe for each point of a front, named by its network, widths and split."""
    for kind in _kinds(points):
        winners = [point for cost in COSTS for point in front_of(points, kind, cost)]
        for point in winners:
            network = point["network"].lower().replace("-", "_")
            widths = f"w{point['weight_bits']}_a{point['activation_bits']}_i{point['input_bits']}"
            name = f"net{network}_{widths}_{kind.value}".replace("-", "_")[:40]
            write_recipe(folder / f"{name}.toml", name, file, point, data)
