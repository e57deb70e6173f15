# SPDX-License-Identifier: Apache-2.0
"""Eight parameters instead of a network: ridge regression on seven features of a pulse.

With u = log(1 + N) / log(100), which runs from 0 at the first pulse to 1 at the hundredth, curves
scaled to 0..1 are nearly the same polynomial of u. What the pulse parameters change is how much a
curve bends between its ends, u (1 - u), and how far it falls short of 1 in the end.

The features were chosen on the measured curves (random splits with seeds 20 to 23, from 159
candidates) and are fixed here; nothing is searched when a model is fitted.
"""

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves

FloatArray = npt.NDArray[np.float64]

LAST_PULSE = 99
REFERENCE_V_SET = 2.0  # V, of most measured curves
SHORT_TIME = 0.01  # s; widths below count as much shorter, and 0 s has a logarithm
# Of the sum of squared errors over all rows, so that it matters for tens of rows alone: a prior
# that coefficients are of order 1, against read currents known to some 0.1.
PENALTY = 0.1


def ridge_features(inputs: FloatArray) -> FloatArray:
    """(rows, 7) features of order 1 from inputs (rows, 6) in SI units, as `PulseCurves.inputs`."""
    number, v_set, v_anti, t_set, _, _ = inputs.T
    u = np.log1p(number) / np.log1p(LAST_PULSE)
    n = number / LAST_PULSE
    bend = u * (1 - u)
    width = np.log1p(t_set / SHORT_TIME)
    amplitude = v_set - REFERENCE_V_SET
    return np.column_stack(
        (
            u**2,
            n,
            bend * width,
            bend * width * v_anti**2,
            u**2 * v_anti**2,
            n * amplitude,
            u * n * amplitude**2,
        )
    )


@dataclass(frozen=True)
class Ridge:
    """Weights (7,) of the features, and an offset."""

    weights: FloatArray
    offset: float

    @property
    def parameter_count(self) -> int:
        """Numbers that were fitted: 8."""
        return self.weights.size + 1

    def predict(self, inputs: FloatArray) -> FloatArray:
        """(rows,) scaled read currents I_r,n from inputs (rows, 6) in SI units."""
        prediction: FloatArray = ridge_features(inputs) @ self.weights + self.offset
        return prediction


def fit_ridge(curves: PulseCurves, train_rows: IntegerArray) -> Ridge:
    """Minimise squared errors on `train_rows` plus `PENALTY` times the squared weights.

    The offset is free. Solved in closed form, the same bits for the same rows.

    Raises:
        PulsewrightError: no row, or the features overflow.
    """
    if train_rows.size == 0:
        raise PulsewrightError("a ridge regression on 0 rows has no solution; give at least one")
    features, target = ridge_features(curves.inputs[train_rows]), curves.targets[train_rows]
    if not np.isfinite(features).all():
        raise PulsewrightError(
            "a pulse parameter is too large for the features of the ridge regression; give the "
            "parameters in V and s"
        )
    mean, centre = features.mean(axis=0), target.mean()
    spread = features - mean
    normal = spread.T @ spread + PENALTY * np.eye(features.shape[1])
    weights = np.linalg.solve(normal, spread.T @ (target - centre))
    return Ridge(weights, float(centre - mean @ weights))
