# SPDX-License-Identifier: Apache-2.0
"""Training and test rows as the published code draws them: 75:25, no validation, a beginning."""

import math
from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.paper.targets import FloatArray
from pulsewright.quant.splits import TEST_FRACTION, SplitKind, split

# `train_test_split(test_size=0.25, random_state=42)` of scikit-learn draws with NumPy's legacy
# generator; the seed of the published code draws the published split.
PUBLISHED_SEED = 42


class DrawnRows(NamedTuple):
    """Row numbers: training rows in drawn order, test rows in any."""

    train: IntegerArray
    test: IntegerArray


def draw_rows(curves: PulseCurves, kind: SplitKind, seed: int) -> DrawnRows:
    """Draw a quarter for the test. Seed 42 by rows is the very split of the published code.

    By curves and by parameter sets the test is that of `splits.split`, and its validation part
    trains as well. Sets are of different sizes, and so would be what a seed leaves for training;
    it is cut to the number of rows that every seed leaves, so that networks can be stacked.

    Raises:
        PulsewrightError: the seed is negative, or a part stays empty.
    """
    if kind is not SplitKind.ROWS:
        parts = split(curves, kind, seed, TEST_FRACTION)
        train = np.sort(np.concatenate([parts.train, parts.validation]))
        train = np.random.default_rng(seed).permutation(train)
        if kind is SplitKind.PARAMETER_SETS:
            train = train[: least_training_rows(curves)]
        return DrawnRows(train, parts.test)
    if seed < 0:
        raise PulsewrightError(f"seed is {seed}; choose 0 or more")
    order = row_order(curves.rows, seed)
    tested = math.ceil(TEST_FRACTION * curves.rows)
    return DrawnRows(order[tested:], order[:tested])


def least_training_rows(curves: PulseCurves) -> int:
    """Rows that a split by parameter sets leaves for training, whatever the seed, at least.

    Sets are drawn until they hold a quarter of the curves of all sets that may be drawn, so that
    the last of them can add all its curves but one to that.
    """
    sizes = np.bincount(curves.parameter_set)
    drawable = sizes[sizes <= curves.curves / 2]
    tested = math.ceil(TEST_FRACTION * int(drawable.sum())) - 1 + int(drawable.max(initial=1))
    return (curves.curves - tested) * curves.pulses


def row_order(rows: int, seed: int) -> IntegerArray:
    """The numbers 0 to rows - 1 in the order of a seed."""
    if seed == PUBLISHED_SEED:
        return np.random.RandomState(PUBLISHED_SEED).permutation(rows).astype(np.int64)
    return np.random.default_rng(seed).permutation(rows)


def beginning(train: IntegerArray, fraction: float) -> IntegerArray:
    """The first `fraction` (0..1, 0 excluded) of the drawn training rows, at least one.

    Raises:
        PulsewrightError: the fraction is out of range.
    """
    if not 0 < fraction <= 1:
        raise PulsewrightError(
            f"the fraction of training rows is {fraction}; choose a number above 0, at most 1"
        )
    return train[: max(1, int(fraction * len(train)))]


def standardised(curves: PulseCurves) -> FloatArray:
    """(rows, 6) inputs with mean 0 and standard deviation 1 over all rows, as published.

    Raises:
        PulsewrightError: an input is the same on all rows.
    """
    curves.features()
    scaled: FloatArray = (curves.inputs - curves.inputs.mean(axis=0)) / curves.inputs.std(axis=0)
    return scaled
