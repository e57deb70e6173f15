# SPDX-License-Identifier: Apache-2.0
"""The figures of a study as tables, for the terminal and as CSV."""

import csv
import io
from collections.abc import Callable, Iterable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, decimals
from pulsewright.flow.report.result_table import words as column_of_words
from pulsewright.flow.study.fronts import FITTED_COSTS, costs_of, front_of
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
    "activation_scales": lambda value: f"activations:{value}",
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


def grid_table(name: str, points: Sequence[Point]) -> ResultTable:
    """One line a configuration of a grid; what is the same for all is in the title."""
    varied = [column for column in WORDS if len({point[column] for point in points}) > 1]
    same = words(points[0], [column for column in WORDS if column not in varied])
    published = any("ratio_to_published" in point.columns for point in points)
    most = max(len(point.seeds) for point in points)
    columns = [
        column_of_words("configuration", "configuration"),
        Column("integer_mse", "test MSE", decimals(5)),
        Column("ratio", "/ float", _spread_text),
    ]
    if published:
        columns.append(Column("ratio_to_published", "/ A1 published", _spread_text))
    columns += [
        Column("multipliers", "mult."),
        Column("latency", "cycles"),
        Column("tier2_logic_picojoule", "pJ", decimals(1)),
    ]
    rows = []
    for point in points[:MOST_LINES]:
        missing = most - len(point.seeds)
        label = words(point, varied) + (f" ({missing} seeds failed)" if missing else "")
        line: list[JsonValue] = [label, point["integer_mse"], _with_spread(point, "ratio")]
        if published:
            line.append(_with_spread(point, "ratio_to_published"))
        costs = [point[name] for name in ("multipliers", "latency", "tier2_logic_picojoule")]
        rows.append([*line, *costs])
    left = len(points) - MOST_LINES
    note = f"{left} more in points.csv" if left > 0 else ""
    return ResultTable(f"grid_{name}", f"{name}: {same}", tuple(columns), rows, note)


def front_table(points: Sequence[Point], kind: SplitKind) -> ResultTable:
    """The points that are on a front of one split, and on which."""
    fronts: dict[int, tuple[Point, list[str]]] = {}
    for cost in costs_of(points):
        for point in front_of(points, kind, cost):
            fronts.setdefault(id(point), (point, []))[1].append(cost.title)
    found = [point for point, _ in fronts.values()]
    fitted = [cost for cost in FITTED_COSTS if cost in costs_of(found)]
    always = ("network", "weight_bits", "activation_bits")
    shown = [
        column
        for column in WORDS
        if column in always or len({point[column] for point in found}) > 1
    ]
    return ResultTable(
        f"fronts_{kind.value}",
        f"Pareto fronts, split by {kind.value}",
        (
            column_of_words("configuration", "configuration"),
            Column("integer_mse", "test MSE", decimals(5)),
            Column("tier2_logic_picojoule", "pJ", decimals(1)),
            Column("parameter_bits", "bits", decimals(0)),
            Column("multipliers", "mult."),
            *(Column(cost.column, f"{cost.title} (fit)", _places(cost.column)) for cost in fitted),
            Column("fronts", "fronts", ", ".join, is_number=False),
        ),
        [
            (
                words(point, shown),
                point["integer_mse"],
                point["tier2_logic_picojoule"],
                point["parameter_bits"],
                point["multipliers"],
                *(point.columns.get(cost.column) for cost in fitted),
                titles,
            )
            for point, titles in sorted(fronts.values(), key=lambda one: one[0]["integer_mse"])
        ],
    )


def _places(column: str) -> Callable[[float | None], str]:
    """Small engines have a few thousand gates, and some hundred look-up tables or pJ."""
    return decimals(2 if column == "fitted_kilo_gate_equivalents" else 0)


def baseline_table(result: StudyResult) -> ResultTable:
    """Test errors of the baselines."""
    return ResultTable(
        "baselines",
        "Baselines in floating point, test MSE",
        (
            column_of_words("model", "model"),
            column_of_words("split", "split"),
            Column("mean", "mean", decimals(5)),
            Column("by_seed", "by seed", lambda values: " ".join(map(decimals(5), values))),
        ),
        [
            (model, kind.value, float(np.mean(values)), [float(value) for value in values])
            for model, errors in (
                (f"ridge, {result.ridge_parameters} parameters", result.ridge),
                ("A1 as published", result.published_a1),
            )
            for kind, values in errors.items()
        ],
    )


def error_table(rows: Sequence[Row]) -> ResultTable | None:
    """Configurations that failed, or None."""
    failed = [row for row in rows if ERROR in row]
    if not failed:
        return None
    names = {
        "network": "network",
        "split": "split",
        "seed": "seed",
        "weight_bits": "W",
        "activation_bits": "A",
        ERROR: "error",
    }
    return ResultTable(
        "failed",
        f"{len(failed)} configurations failed",
        tuple(column_of_words(name, heading) for name, heading in names.items()),
        [[row[name] for name in names] for row in failed[:MOST_LINES]],
    )


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


def _with_spread(point: Point, column: str) -> dict[str, float]:
    return {"mean": point[column], "spread": point.spread[column]}


def _spread_text(value: Mapping[str, float]) -> str:
    return f"{value['mean']:.3f} ±{value['spread']:.3f}"
