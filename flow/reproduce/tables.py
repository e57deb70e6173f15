# SPDX-License-Identifier: Apache-2.0
"""What a reproduction found, beside the paper's figures, as grids.

Squared errors are in units of 1e-3, so that a line fits 80 columns.
"""

import math

import numpy as np

from pulsewright.flow.report.energy_tables import nanojoule
from pulsewright.flow.reproduce.grids import Grid
from pulsewright.flow.reproduce.results import FloatArray, Results, fraction_name, share_at_or_below
from pulsewright.flow.reproduce.tasks import RIDGE_NAME, Point, Protocol
from pulsewright.hls_model.energy.figures import floating_point_operations, tier1
from pulsewright.hls_model.presets import PRESETS
from pulsewright.quant.paper.published import (
    CURVE_MSE,
    FULL_DATA_MSE,
    SCRIPT_CURVES,
    SMALL_FRACTION,
    SMALL_FRACTION_MSE,
    TABLE_2,
)
from pulsewright.quant.paper.targets import Target
from pulsewright.quant.splits import SplitKind

SHOWN_FRACTIONS = (0.001, 0.01, 0.05, 0.1, 0.2, 1.0)
WHOLE = 1.0


def summary_grids(results: Results) -> list[Grid]:
    """What is printed at the end."""
    return [
        table_2_grid(),
        fraction_grid(results),
        split_grid(results),
        curve_grid(results),
        increment_grid(results),
    ]


def table_2_grid() -> Grid:
    """Table II from the layer sizes."""
    rows = [
        (
            name,
            "-".join(map(str, sizes)),
            str(floating_point_operations(sizes)),
            str(TABLE_2[name].flop),
            nanojoule(tier1(sizes).picojoule),
            TABLE_2[name].nanojoule,
        )
        for name, sizes in PRESETS.items()
    ]
    return Grid(
        "Table II: one inference", ("network", "layers", "FLOP", "paper", "nJ", "paper"), rows
    )


def fraction_grid(results: Results) -> Grid:
    """Fig. 4(b): test MSE by fraction of the training rows, published protocol, split by rows."""
    networks = results.settings.networks
    rows = []
    for fraction in results.settings.level_rows:
        if fraction not in SHOWN_FRACTIONS:
            continue
        cells = [
            over_seeds(results.column(_level(Protocol.PUBLISHED, name, fraction), "test_mse"))
            for name in networks
        ]
        ridge = results.column(_level(Protocol.RIDGE, RIDGE_NAME, fraction), "test_mse")
        rows.append((fraction_name(fraction), *cells, milli(float(ridge.mean())), _paper(fraction)))
    return Grid(
        "Fig. 4(b): test MSE, 1e-3, mean (least-most) of the seeds; split by rows",
        ("data", *networks, "ridge", "paper"),
        rows,
    )


def split_grid(results: Results) -> Grid:
    """Test MSE at full data for every split and training."""
    rows = []
    for kind in SplitKind:
        for protocol, names in (
            (Protocol.PUBLISHED, results.settings.networks),
            (Protocol.OWN, results.settings.own_networks),
            (Protocol.RIDGE, (RIDGE_NAME,)),
        ):
            for name in names:
                point = Point(protocol, kind, Target.LEVEL, name, WHOLE)
                if not results.has(point):
                    continue
                columns = ("test_mse", "test_se", "median_curve_mse")
                mse, error, median = (results.column(point, column) for column in columns)
                rows.append(
                    (
                        f"{kind.value}, {protocol.value}, {name}"
                        if protocol is not Protocol.RIDGE
                        else f"{kind.value}, ridge",
                        over_seeds(mse),
                        milli(float(error.mean())),
                        milli(float(median.mean())),
                    )
                )
    return Grid(
        "Full data: test MSE of the scaled read current, 1e-3, mean (least-most)",
        ("split, training, model", "test MSE", "SE by curve", "median"),
        rows,
    )


def curve_grid(results: Results) -> Grid:
    """Fig. 5: error of whole predicted curves, published protocol, split by rows."""
    rows = []
    for fraction, paper in CURVE_MSE.items():
        for name in results.settings.networks:
            point = _level(Protocol.PUBLISHED, name, fraction)
            if not results.has(point):
                continue
            errors = results.column(point, "curve_mse")
            reference = errors[:, results.reference]
            rows.append(
                (
                    fraction_name(fraction),
                    name,
                    *(milli(value) for value in (errors.mean(), _median(errors))),
                    milli(_median(reference)),
                    f"{1000 * paper:g}",
                    f"{100 * share_at_or_below(reference, paper):.0f} %",
                )
            )
    return Grid(
        "Fig. 5: MSE of whole curves, 1e-3; reference: the most frequent setting",
        ("data", "network", "mean", "median", "ref. median", "paper", "ref. <= paper"),
        rows,
    )


def script_grid(results: Results) -> Grid:
    """Curves 1 to 9, mean over seeds, compared as the published script compares them."""
    rows = []
    for fraction, paper in CURVE_MSE.items():
        for name in results.settings.networks:
            point = _level(Protocol.PUBLISHED, name, fraction)
            if not results.has(point):
                continue
            errors = results.column(point, "script_curve_mse")
            if errors.size:
                cells = (milli(error) for error in errors.mean(axis=0))
                rows.append((fraction_name(fraction), name, *cells, f"{1000 * paper:g}"))
    return Grid(
        "Fig. 5 as the script draws it: MSE of curves 1 to 9, 1e-3, mean of the seeds",
        ("data", "network", *(f"{number}" for number in SCRIPT_CURVES), "paper"),
        rows,
    )


def increment_grid(results: Results) -> Grid:
    """The other target: how much of it is explained, and the summed curves."""
    rows = []
    for point in results.points():
        if point.protocol is not Protocol.PUBLISHED or point.target is not Target.INCREMENT:
            continue
        if point.kind is SplitKind.ROWS and point.fraction not in (0.1, WHOLE):
            continue
        columns = ("test_mse", "r_squared", "curve_mse")
        mse, explained, curve = (results.column(point, column) for column in columns)
        level = point._replace(target=Target.LEVEL)
        rows.append(
            (
                f"{point.kind.value}, {fraction_name(point.fraction)}, {point.model}",
                milli(float(mse.mean())),
                f"{100 * explained.mean():.1f} %",
                milli(float(np.nanmean(curve))),
                milli(float(np.nanmean(results.column(level, "curve_mse"))))
                if results.has(level)
                else "",
            )
        )
    return Grid(
        "Target increment: test MSE; MSE of curves summed from it, and direct; 1e-3",
        ("split, data, network", "test MSE", "R2", "summed", "direct"),
        rows,
    )


def floor_grid(results: Results) -> Grid:
    """The floor of either target."""
    rows = [
        (
            target.value,
            f"{floor.any_function:.5f} +- {floor.any_function_se:.5f}",
            f"{floor.read_noise:.5f}",
            f"{floor.new_curve:.5f}",
            f"{floor.repeated_curves} of {floor.curves} curves in {floor.repeated_sets} sets",
        )
        for target, floor in results.floors.items()
    ]
    return Grid(
        "Irreducible floor of the MSE",
        ("target", "any function", "read noise", "new curve", "measured on"),
        rows,
    )


def over_seeds(values: FloatArray) -> str:
    """Mean (least-most), 1e-3."""
    return f"{milli(float(values.mean()))} ({milli(values.min(), 2)}-{milli(values.max(), 2)})"


def _level(protocol: Protocol, model: str, fraction: float) -> Point:
    return Point(protocol, SplitKind.ROWS, Target.LEVEL, model, fraction)


def _paper(fraction: float) -> str:
    if fraction == SMALL_FRACTION:
        return "/".join(f"{1000 * value:g}" for value in SMALL_FRACTION_MSE.values())
    return "-".join(f"{1000 * value:g}" for value in FULL_DATA_MSE) if fraction == WHOLE else ""


def milli(value: float, digits: int = 3) -> str:
    """A squared error in units of 1e-3 with this many significant digits."""
    decimals = max(0, digits - 1 - math.floor(math.log10(1000 * value))) if value > 0 else 0
    return f"{1000 * value:.{decimals}f}"


def _median(errors: FloatArray) -> float:
    """Median over curves, mean over seeds."""
    return float(np.median(errors, axis=1).mean())
