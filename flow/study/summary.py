# SPDX-License-Identifier: Apache-2.0
"""The figures of a study as tables, for the terminal and as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np
from rich.table import Table

from pulsewright.flow.study.fronts import COSTS, front_of
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.quant.splits import SplitKind
from pulsewright.quant.studies.journal import Row
from pulsewright.quant.studies.points import Point
from pulsewright.quant.studies.study import StudyResult
from pulsewright.quant.studies.sweep import ERROR

REFINEMENTS = {"none": "unrefined", "output_layer": "refit", "last_two_layers": "refined"}
# What a configuration is called in one word, in the order in which a reader asks.
WORDS: dict[str, Callable[[Any], str]] = {
    "network": str,
    "split": str,
    "pulse_number": lambda value: f"N:{value}",
    "weight_bits": lambda value: f"W{value}",
    "activation_bits": lambda value: f"A{value}",
    "input_bits": lambda value: f"I{value}",
    "weight_scales": str,
    "scale_fit": lambda value: f"fit:{value}",
    "epochs": lambda value: f"qat:{value}" if value else "ptq",
    "batch_size": lambda value: f"batch:{value}",
    "learning_rate": lambda value: f"lr:{value:g}",
    "teacher": lambda value: f"teacher:{value:g}",
    "refinement": REFINEMENTS.__getitem__,
    "restarts": lambda value: f"restarts:{value}",
}
MOST_LINES = 60


def words(point: Point, columns: Iterable[str] = WORDS) -> str:
    """The point's configuration in words, such as "A1 W4 A8"."""
    return " ".join(WORDS[column](point[column]) for column in columns)


def grid_table(name: str, points: Sequence[Point]) -> Table:
    """One line a configuration of a grid; what is the same for all is in the title."""
    varied = [column for column in WORDS if len({point[column] for point in points}) > 1]
    same = words(points[0], [column for column in WORDS if column not in varied])
    published = any("ratio_to_published" in point.columns for point in points)
    most = max(len(point.seeds) for point in points)
    table = Table(title=f"{name}: {same}", title_justify="left")
    table.add_column("configuration")
    table.add_column("test MSE", justify="right", no_wrap=True)
    table.add_column("/ float", justify="right", no_wrap=True)
    if published:
        table.add_column("/ A1 published", justify="right", no_wrap=True)
    table.add_column("pJ", justify="right", no_wrap=True)
    for point in points[:MOST_LINES]:
        missing = most - len(point.seeds)
        name = words(point, varied) + (f" ({missing} seeds failed)" if missing else "")
        line = [name, f"{point['integer_mse']:.5f}", _with_spread(point, "ratio")]
        if published:
            line.append(_with_spread(point, "ratio_to_published"))
        table.add_row(*line, f"{point['tier2_logic_picojoule']:.1f}")
    if len(points) > MOST_LINES:
        table.caption = f"{len(points) - MOST_LINES} more in points.csv"
    return table


def front_table(points: Sequence[Point], kind: SplitKind) -> Table:
    """The points that are on a front of one split, and on which."""
    fronts: dict[int, tuple[Point, list[str]]] = {}
    for cost in COSTS:
        for point in front_of(points, kind, cost):
            fronts.setdefault(id(point), (point, []))[1].append(cost.title)
    table = Table(title=f"Pareto fronts, split by {kind.value}", title_justify="left")
    table.add_column("configuration")
    for label in ("test MSE", "pJ", "bits", "mult."):
        table.add_column(label, justify="right", no_wrap=True)
    table.add_column("fronts")
    found = [point for point, _ in fronts.values()]
    always = ("network", "weight_bits", "activation_bits")
    shown = [
        column
        for column in WORDS
        if column in always or len({point[column] for point in found}) > 1
    ]
    for point, titles in sorted(fronts.values(), key=lambda one: one[0]["integer_mse"]):
        table.add_row(
            words(point, shown),
            f"{point['integer_mse']:.5f}",
            f"{point['tier2_logic_picojoule']:.1f}",
            f"{point['parameter_bits']:.0f}",
            str(point["multipliers"]),
            ", ".join(titles),
        )
    return table


def baseline_table(result: StudyResult) -> Table:
    """Test errors of the baselines."""
    table = Table(title="Baselines in floating point, test MSE", title_justify="left")
    table.add_column("model")
    table.add_column("split")
    table.add_column("mean", justify="right")
    table.add_column("by seed", justify="right")
    for model, errors in (
        (f"ridge, {result.ridge_parameters} parameters", result.ridge),
        ("A1 as published", result.published_a1),
    ):
        for kind, values in errors.items():
            by_seed = " ".join(f"{value:.5f}" for value in values)
            table.add_row(model, kind.value, f"{np.mean(values):.5f}", by_seed)
    return table


def error_table(rows: Sequence[Row]) -> Table | None:
    """Configurations that failed, or None."""
    failed = [row for row in rows if ERROR in row]
    if not failed:
        return None
    table = Table(title=f"{len(failed)} configurations failed", title_justify="left")
    for label in ("network", "split", "seed", "W", "A", "error"):
        table.add_column(label)
    for row in failed[:MOST_LINES]:
        names = ("network", "split", "seed", "weight_bits", "activation_bits", ERROR)
        table.add_row(*(str(row[name]) for name in names))
    return table


def write_points(path: Path, points: Sequence[Point]) -> None:
    """Write the points, means and spreads over seeds, as CSV."""
    columns = dict.fromkeys(name for point in points for name in point.columns)
    spreads = dict.fromkeys(name for point in points for name in point.spread)
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow([*columns, *(f"{name}_spread" for name in spreads), "seeds"])
    for point in points:
        writer.writerow(
            [
                *(_cell(point.columns.get(name, "")) for name in columns),
                *(point.spread.get(name, "") for name in spreads),
                " ".join(map(str, point.seeds)),
            ]
        )
    write_text(path, buffer.getvalue())


def _cell(value: object) -> object:
    return " ".join(map(str, value)) if isinstance(value, list) else value


def _with_spread(point: Point, column: str) -> str:
    return f"{point[column]:.3f} ±{point.spread[column]:.3f}"
