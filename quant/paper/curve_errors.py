# SPDX-License-Identifier: Apache-2.0
"""The figures of a learning curve's point, from predictions of all rows; free of Torch."""

from collections.abc import Sequence
from typing import Any

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.metrics import (
    clustered_standard_error,
    mean_squared_error,
    median_curve_error,
)
from pulsewright.quant.paper.drawn_rows import DrawnRows
from pulsewright.quant.paper.floor import most_frequent_set
from pulsewright.quant.paper.published import SCRIPT_CURVES, SCRIPT_PARAMETERS_OF
from pulsewright.quant.paper.targets import FloatArray, Target, predicted_levels, target_rows
from pulsewright.quant.splits import SplitKind

Row = dict[str, Any]
"""Column name to JSON scalar, or lists of them."""


def measured_row(
    curves: PulseCurves,
    kind: SplitKind,
    target: Target,
    seeds: Sequence[int],
    drawn: Sequence[DrawnRows],
    used: Sequence[IntegerArray],
    predictions: FloatArray,
) -> Row:
    """Figures of several seeds' predictions (seeds, rows), as lists with one entry a seed.

    used: the rows each was trained on. In the row:
    test_mse, test_se: mean squared error on the test rows, in the target's units, and its standard
    error clustered by curve. median_curve_mse: the median over curves of the same errors.
    r_squared: the share of the target's variance on the test rows that is explained.
    curve_mse: for each curve the mean squared error of its predicted levels, all pulses; None for
    a curve that a split by curve or by parameter set left in training.
    script_curve_mse: the same for curves 1 to 9, each compared as the published script does, with
    a prediction for the parameters of curve 0; empty if there are no ten curves.
    example_curve: the levels predicted for `example_curve(curves)`.
    """
    row: Row = {"seeds": [int(seed) for seed in seeds], "train_rows": [len(rows) for rows in used]}
    y, example = target_rows(curves, target), example_curve(curves)
    columns = [
        _row_errors(curves, one, y, prediction)
        | _curve_errors(curves, kind, one, predicted_levels(curves, target, prediction), example)
        for one, prediction in zip(drawn, predictions, strict=True)
    ]
    for name in columns[0]:
        row[name] = [column[name] for column in columns]
    return row


def _row_errors(
    curves: PulseCurves, drawn: DrawnRows, targets: FloatArray, prediction: FloatArray
) -> Row:
    """Figures of one seed over its test rows."""
    p, t, curve = prediction[drawn.test], targets[drawn.test], curves.curve_index[drawn.test]
    mse = mean_squared_error(p, t)
    return {
        "test_mse": mse,
        "test_se": clustered_standard_error(p, t, curve),
        "median_curve_mse": median_curve_error(p, t, curve),
        "r_squared": 1 - mse / max(float(t.var()), np.finfo(np.float64).tiny),
    }


def _curve_errors(
    curves: PulseCurves, kind: SplitKind, drawn: DrawnRows, predicted: FloatArray, example: int
) -> Row:
    """Figures of one seed over whole curves. predicted: levels (curves, pulses)."""
    levels = curves.targets.reshape(curves.curves, curves.pulses)
    errors = ((predicted - levels) ** 2).mean(axis=1)
    held_back = np.isin(np.arange(curves.curves), curves.curve_index[drawn.test])
    tested = np.broadcast_to(kind is SplitKind.ROWS or held_back, errors.shape)
    return {
        "curve_mse": [
            _short(error) if shown else None for error, shown in zip(errors, tested, strict=True)
        ],
        "script_curve_mse": [
            _short(((predicted[SCRIPT_PARAMETERS_OF] - levels[number]) ** 2).mean())
            for number in SCRIPT_CURVES
            if curves.curves > max(SCRIPT_CURVES)
        ],
        "example_curve": [_short(value) for value in predicted[example]],
    }


def example_curve(curves: PulseCurves) -> int:
    """Number of an ordinary curve of the most frequent parameter set.

    Its distance from the set's mean curve is the median.
    """
    frequent = np.flatnonzero(most_frequent_set(curves))
    levels = curves.targets.reshape(curves.curves, curves.pulses)[frequent]
    distance = ((levels - levels.mean(axis=0)) ** 2).mean(axis=1)
    return int(frequent[np.argsort(distance, kind="stable")[(len(frequent) - 1) // 2]])


def _short(value: float) -> float:
    """Six significant digits, which is more than the errors are known to."""
    return float(f"{value:.6g}")
