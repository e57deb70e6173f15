# SPDX-License-Identifier: Apache-2.0
"""How far predictions are from the measured curves."""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray

FloatArray = npt.NDArray[np.float64]


def squared_errors(prediction: FloatArray, target: FloatArray) -> FloatArray:
    """(rows,) squared errors of predictions (rows,) or (rows, 1) against targets of either shape.

    Raises:
        PulsewrightError: the number of values differs, or there is none.
    """
    if prediction.size != target.size or target.size == 0:
        raise PulsewrightError(
            f"{prediction.size} predictions cannot be compared with {target.size} targets; "
            "give one prediction a row, and at least one row"
        )
    difference = prediction.reshape(-1).astype(np.float64) - target.reshape(-1)
    errors: FloatArray = difference**2
    return errors


def mean_squared_error(prediction: FloatArray, target: FloatArray) -> float:
    """Mean squared error of scaled read currents, dimensionless.

    Raises:
        PulsewrightError: the number of values differs, or there is none.
    """
    return float(squared_errors(prediction, target).mean())


def median_curve_error(
    prediction: FloatArray, target: FloatArray, curve_index: IntegerArray
) -> float:
    """Median over curves of each curve's mean squared error.

    The mean is ruled by a few bad devices: in the measurements the 13 worst of 266 curves carry
    two thirds of the squared error. The median says how well an ordinary curve is met.

    curve_index: (rows,) the curve of each row.

    Raises:
        PulsewrightError: the number of values differs, or there is none.
    """
    errors = squared_errors(prediction, target)
    _, curve = np.unique(curve_index, return_inverse=True)
    return float(np.median(np.bincount(curve, weights=errors) / np.bincount(curve)))


def clustered_standard_error(
    prediction: FloatArray, target: FloatArray, curve_index: IntegerArray
) -> float:
    """Standard error of the mean squared error when whole curves are the independent draws.

    The rows of one curve share its device, and so their errors: that of the mean over `rows`
    errors e with mean m is sqrt(G / (G - 1) * sum over G curves of (sum of e - m)**2) / rows (the
    linearised ratio estimator). Taken by rows as if they were independent, it comes out several
    times too small.

    curve_index: (rows,) the curve of each row.

    Raises:
        PulsewrightError: the number of values differs, or there are fewer than two curves.
    """
    errors = squared_errors(prediction, target)
    _, curve = np.unique(curve_index, return_inverse=True)
    curves = int(curve.max()) + 1
    if curves < 2:
        raise PulsewrightError(
            "the rows are of one curve, whose error has no spread; give rows of two curves or more"
        )
    deviations = np.bincount(curve, weights=errors - errors.mean())
    return float(np.sqrt(curves / (curves - 1) * (deviations**2).sum()) / errors.size)
