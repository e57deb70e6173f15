# SPDX-License-Identifier: Apache-2.0
"""Measuring sessions, told from the order and the level of the curves: an inference.

The measurements name no devices. Curves that follow each other at one level of current are taken to
be of one device or one sitting; where the level jumps and stays, another begins.
"""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves

FloatArray = npt.NDArray[np.float64]

MOST_CURVES = 4096
# Reads at either end of a curve, as a share of its pulses, whose median is its level there.
END_SHARE = 0.03
# In standard deviations of the change from curve to curve: beyond, a curve is an outlier whose
# distance counts no further, so that one odd curve does not begin a session.
OUTLIER = 4.0
# Sum of squared deviations that a further session must save: somewhat more than two outliers.
SESSION_COST = 35.0
# Levels that a session may have, per standard deviation.
LEVELS_PER_DEVIATION = 2
MOST_LEVELS = 200
SMALLEST_CURRENT = 1e-9
NORMAL_DEVIATIONS = 1.4826


def sessions(curves: PulseCurves) -> IntegerArray:
    """(curves,) number of each curve's session, 0, 1, .. in the order of the curves.

    Optimal partitioning of the logarithms of first and last current under the bounded squared
    error of R-FPOP (Fearnhead and Rigaill, JASA 114, 2019), each session at a level of its own.
    Sweeps of pulse parameters move the level as well, so that a long sweep may be cut in two.

    Raises:
        PulsewrightError: there are more than 4096 curves.
    """
    if curves.curves > MOST_CURVES:
        raise PulsewrightError(
            f"{curves.curves} curves, and sessions are told of at most {MOST_CURVES}; "
            "split by curves instead"
        )
    level = _levels(curves.currents)
    if len(level) < 2:
        return np.zeros(len(level), dtype=np.int64)
    return _partition(level)


def session_folds(session: IntegerArray, folds: int) -> IntegerArray:
    """(curves,) number of each curve's fold: at most `folds` runs of neighbouring sessions.

    Sessions in their order fill a fold until it holds its share of the curves. Neighbours share a
    fold, so that a session cut in two by mistake is seldom on both sides.

    Raises:
        PulsewrightError: fewer than two folds are asked for, or there is one session.
    """
    sizes = np.bincount(session)
    if folds < 2 or len(sizes) < 2:
        raise PulsewrightError(
            f"{len(sizes)} sessions in {folds} folds; cross-validation takes two of each, "
            "so give curves of several devices"
        )
    share = sizes.sum() / folds
    fold_of_session = np.zeros(len(sizes), dtype=np.int64)
    fold, held = 0, 0
    for number, size in enumerate(sizes.tolist()):
        if held >= share:
            fold, held = fold + 1, 0
        fold_of_session[number] = fold
        held += size
    if fold == 0:
        fold_of_session[-1] = 1
    return fold_of_session[session]


def _levels(currents: FloatArray) -> FloatArray:
    """(curves, 2) logarithms of the first and the last current in deviations between neighbours."""
    ends = max(1, round(END_SHARE * currents.shape[1]))
    level = np.column_stack(
        [np.median(currents[:, :ends], axis=1), np.median(currents[:, -ends:], axis=1)]
    )
    level = np.log(np.maximum(level, SMALLEST_CURRENT))
    if len(level) < 2:
        return level
    change = np.abs(np.diff(level, axis=0))
    deviation = NORMAL_DEVIATIONS * np.median(change, axis=0) / np.sqrt(2)
    scaled: FloatArray = level / np.maximum(deviation, 1e-6)
    return scaled


def _partition(level: FloatArray) -> IntegerArray:
    curves = len(level)
    # (curves + 1, levels, 2) costs of the first curves at each level a session may have.
    summed = [_summed_costs(column) for column in level.T]
    best = np.full(curves + 1, np.inf)
    best[0] = -SESSION_COST
    begins = np.zeros(curves + 1, dtype=np.int64)
    for end in range(1, curves + 1):
        cost = sum(((one[end] - one[:end]).min(axis=1) for one in summed), np.zeros(end))
        total = best[:end] + cost + SESSION_COST
        begins[end] = int(total.argmin())
        best[end] = total[begins[end]]
    number = np.zeros(curves, dtype=np.int64)
    end = curves
    while end:
        number[begins[end] : end] = begins[end]
        end = int(begins[end])
    return np.asarray(np.unique(number, return_inverse=True)[1], dtype=np.int64).reshape(-1)


def _summed_costs(values: FloatArray) -> FloatArray:
    low, high = float(values.min()), float(values.max())
    levels = min(MOST_LEVELS, int((high - low) * LEVELS_PER_DEVIATION) + 2)
    centres = np.linspace(low, high, levels)
    cost = np.minimum((values[:, None] - centres) ** 2, OUTLIER**2)
    return np.concatenate([np.zeros((1, levels)), np.cumsum(cost, axis=0)])
