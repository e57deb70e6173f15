# SPDX-License-Identifier: Apache-2.0
import json

import numpy as np
import pytest

from pulsewright.quant.metrics import mean_squared_error
from pulsewright.quant.paper.curve_errors import example_curve, measured_row
from pulsewright.quant.paper.drawn_rows import beginning, draw_rows
from pulsewright.quant.paper.floor import most_frequent_set
from pulsewright.quant.paper.targets import Target, target_rows
from pulsewright.quant.splits import COMMON_KINDS, SplitKind


def row_of(curves, kind: SplitKind, target: Target, predictions: np.ndarray) -> dict:
    drawn = [draw_rows(curves, kind, seed) for seed in range(len(predictions))]
    used = [beginning(one.train, 0.1) for one in drawn]
    seeds = range(len(predictions))
    return measured_row(curves, kind, target, seeds, drawn, used, predictions)


@pytest.mark.parametrize("target", list(Target))
@pytest.mark.parametrize("kind", COMMON_KINDS)
def test_perfect_predictions(small, kind: SplitKind, target: Target) -> None:
    row = row_of(small, kind, target, np.stack([target_rows(small, target)] * 2))
    assert row["test_mse"] == row["test_se"] == row["median_curve_mse"] == [0, 0]
    assert row["r_squared"] == [1, 1]
    known = [error for error in row["curve_mse"][0] if error is not None]
    assert max(known) < 1e-25
    assert len(known) == (
        small.curves if kind is SplitKind.ROWS else draw_rows(small, kind, 0).test.size / 100
    )
    levels = small.targets.reshape(small.curves, 100)
    assert np.allclose(row["example_curve"][1], levels[example_curve(small)], atol=1e-5)
    expected = [((levels[0] - levels[number]) ** 2).mean() for number in range(1, 10)]
    assert np.allclose(row["script_curve_mse"][0], expected, rtol=1e-5)
    json.dumps(row, allow_nan=False)


def test_the_mean_explains_nothing(small) -> None:
    drawn = draw_rows(small, SplitKind.ROWS, 0)
    target = small.targets[drawn.test]
    prediction = np.full(small.rows, target.mean())
    row = row_of(small, SplitKind.ROWS, Target.LEVEL, prediction[None])
    assert row["r_squared"] == [pytest.approx(0)]
    assert row["test_mse"] == [mean_squared_error(prediction[drawn.test], target)]
    assert row["seeds"] == [0]
    assert row["train_rows"] == [300]


def test_example_is_an_ordinary_curve_of_the_most_frequent_set(synthetic) -> None:
    frequent = most_frequent_set(synthetic)
    example = example_curve(synthetic)
    assert frequent[example]
    levels = synthetic.targets.reshape(-1, 100)
    distance = ((levels - levels[frequent].mean(axis=0)) ** 2).mean(axis=1)[frequent]
    own = ((levels[example] - levels[frequent].mean(axis=0)) ** 2).mean()
    assert (distance < own).sum() == (frequent.sum() - 1) // 2


def test_too_few_curves_for_the_script(small) -> None:
    few = type(small)(small.parameters[:8], small.currents[:8])
    row = row_of(few, SplitKind.ROWS, Target.LEVEL, few.targets[None])
    assert row["script_curve_mse"] == [[]]
