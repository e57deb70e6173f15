# SPDX-License-Identifier: Apache-2.0
"""The figures behind tables and plots as CSV files."""

from collections.abc import Iterable
from pathlib import Path

import numpy as np

from pulsewright.flow.report.csv_tables import Line, write_csv_tables
from pulsewright.flow.reproduce.error_carriers import carriers
from pulsewright.flow.reproduce.results import Results, share_at_or_below
from pulsewright.flow.reproduce.tasks import Point, Protocol
from pulsewright.hls_model.energy.figures import floating_point_operations, tier1
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.paper.curve_errors import example_curve
from pulsewright.quant.paper.published import (
    CURVE_MSE,
    FULL_DATA_MSE,
    SMALL_FRACTION,
    SMALL_FRACTION_MSE,
    TABLE_2,
)
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind


def write_csv_files(results: Results, folder: Path) -> list[Path]:
    """Write all files into `folder`, each whole or not at all; their paths.

    Raises:
        PulsewrightError: the folder cannot be written.
    """
    tables: dict[str, list[Line]] = {
        "table_2.csv": table_2_lines(),
        "fig_4b.csv": [_summary(results, point) for point in results.points()],
        "fig_4b_seeds.csv": [
            line for point in results.points() for line in _seed_lines(results, point)
        ],
        "fig_5.csv": fig_5_lines(results),
        "fig_5_curves.csv": example_lines(results),
        "error_carriers.csv": [carrier._asdict() for carrier in carriers(results)],
        "floor.csv": [
            {"target": target.value, **floor._asdict()} for target, floor in results.floors.items()
        ],
    }
    return write_csv_tables(tables, folder)


def table_2_lines() -> list[Line]:
    """Operations and energy of the paper's networks beside what it prints."""
    return [
        {
            "network": name,
            "layers": "-".join(map(str, sizes)),
            "flop": floating_point_operations(sizes),
            "flop_paper": TABLE_2[name].flop,
            "nanojoule": f"{tier1(sizes).picojoule / 1000:g}",
            "nanojoule_paper": TABLE_2[name].nanojoule,
        }
        for name, sizes in PRESETS.items()
    ]


def fig_5_lines(results: Results) -> list[Line]:
    """Errors of whole curves by fraction, network and target, split by rows."""
    lines: list[Line] = []
    for point in results.points():
        if point.protocol is not Protocol.PUBLISHED or point.kind is not SplitKind.ROWS:
            continue
        paper = CURVE_MSE.get(point.fraction)
        errors = results.column(point, "curve_mse")
        reference = errors[:, results.reference]
        lines.append(
            {
                "target": point.target.value,
                "network": point.model,
                "fraction": f"{point.fraction:g}",
                "mean": errors.mean(),
                "median": np.median(errors, axis=1).mean(),
                "reference_mean": reference.mean(),
                "reference_median": np.median(reference, axis=1).mean(),
                "paper": "" if paper is None else paper,
                "share_at_or_below_paper": ""
                if paper is None
                else share_at_or_below(errors, paper),
                "reference_share_at_or_below_paper": ""
                if paper is None
                else share_at_or_below(reference, paper),
            }
        )
    return lines


def example_lines(results: Results) -> list[Line]:
    """The example curve and what the first seed's networks predict for it."""
    curves = results.curves
    example = example_curve(curves)
    columns = {
        f"{point.model}_{point.target.value}_{point.fraction:g}": results.column(
            point, "example_curve"
        )[0]
        for point in results.points()
        if point.protocol is Protocol.PUBLISHED
        and point.kind is SplitKind.ROWS
        and point.fraction in CURVE_MSE
    }
    given = curves.targets.reshape(curves.curves, curves.pulses)[example]
    return [
        {
            "curve": example,
            "pulse_number": pulse,
            "given": given[pulse],
            **{name: values[pulse] for name, values in columns.items()},
        }
        for pulse in range(curves.pulses)
    ]


def paper_test_mse(point: Point) -> str:
    """The paper's Fig. 4(b) at a point; empty where it has none."""
    if (point.protocol, point.kind, point.target) != (
        Protocol.PUBLISHED,
        SplitKind.ROWS,
        Target.LEVEL,
    ):
        return ""
    if point.fraction == SMALL_FRACTION:
        return f"{SMALL_FRACTION_MSE[point.model]:g}"
    return "{:g}-{:g}".format(*FULL_DATA_MSE) if point.fraction == 1 else ""


def _names(point: Point) -> dict[str, object]:
    return {
        "protocol": point.protocol.value,
        "split": point.kind.value,
        "target": point.target.value,
        "model": point.model,
        "fraction": f"{point.fraction:g}",
    }


def _summary(results: Results, point: Point) -> Line:
    mse = results.column(point, "test_mse")
    return {
        **_names(point),
        "train_rows": round(float(results.column(point, "train_rows").mean())),
        "seeds": mse.size,
        "test_mse_mean": mse.mean(),
        "test_mse_least": mse.min(),
        "test_mse_most": mse.max(),
        "standard_error_by_curve": results.column(point, "test_se").mean(),
        "median_curve_mse": results.column(point, "median_curve_mse").mean(),
        "r_squared": results.column(point, "r_squared").mean(),
        "whole_curve_mse": np.nanmean(results.column(point, "curve_mse")),
        "test_mse_paper": paper_test_mse(point),
    }


def _seed_lines(results: Results, point: Point) -> Iterable[Line]:
    columns = ("seeds", "train_rows", "test_mse", "test_se", "median_curve_mse", "r_squared")
    values = [results.rows[point.key][column] for column in columns]
    names = ("seed", "train_rows", "test_mse", "standard_error_by_curve", *columns[4:])
    for seed_values in zip(*values, strict=True):
        yield {**_names(point), **dict(zip(names, seed_values, strict=True))}
