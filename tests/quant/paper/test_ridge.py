# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.drawn_rows import draw_rows
from pulsewright.quant.paper.ridge import PENALTY, fit_ridge, ridge_features
from pulsewright.quant.splits import SplitKind


def test_features_of_one_pulse() -> None:
    inputs = np.array([[9.0, 2.5, -2.0, 0.09, 0.3, 0.4]])
    u, n, width = 0.5, 9 / 99, np.log(10)
    bend = u * (1 - u)
    expected = [u**2, n, bend * width, 4 * bend * width, 4 * u**2, n * 0.5, u * n * 0.25]
    assert np.allclose(ridge_features(inputs), [expected], rtol=1e-12)


def test_the_first_pulse_has_no_features(small) -> None:
    first = small.inputs[:, 0] == 0
    assert not ridge_features(small.inputs[first]).any()


def test_gradient_vanishes_at_the_solution(small) -> None:
    rows = np.arange(0, small.rows, 7)
    model = fit_ridge(small, rows)
    assert model.parameter_count == 8
    residual = model.predict(small.inputs[rows]) - small.targets[rows]
    features = ridge_features(small.inputs[rows])
    assert np.allclose(features.T @ residual + PENALTY * model.weights, 0, atol=1e-9)
    assert abs(residual.sum()) < 1e-9


def test_one_row_is_predicted_by_itself(small) -> None:
    model = fit_ridge(small, np.array([150]))
    assert not model.weights.any()
    assert model.offset == small.targets[150]


def test_on_synthetic_curves(synthetic) -> None:
    drawn = draw_rows(synthetic, SplitKind.ROWS, 0)
    prediction = fit_ridge(synthetic, drawn.train).predict(synthetic.inputs[drawn.test])
    assert ((prediction - synthetic.targets[drawn.test]) ** 2).mean() < 0.0065


def test_on_measured_curves(measured_curves) -> None:
    drawn = draw_rows(measured_curves, SplitKind.ROWS, 42)
    prediction = fit_ridge(measured_curves, drawn.train).predict(measured_curves.inputs[drawn.test])
    assert ((prediction - measured_curves.targets[drawn.test]) ** 2).mean() < 0.0067


def test_no_row(small) -> None:
    with pytest.raises(PulsewrightError, match="on 0 rows has no solution"):
        fit_ridge(small, np.array([], dtype=np.int64))


def test_features_that_overflow(small) -> None:
    # PulseCurves refuses such values; the ridge regression must not rely on it.
    curves = PulseCurves(small.parameters, small.currents)
    inputs = small.inputs.copy()
    inputs[:, 2] = 1e200
    curves.__dict__["inputs"] = inputs
    with (
        np.errstate(over="ignore", invalid="ignore"),
        pytest.raises(PulsewrightError, match="too large for the features"),
    ):
        fit_ridge(curves, np.arange(10))
