# SPDX-License-Identifier: Apache-2.0
"""What no model of the six inputs can get below.

Curves of one parameter set have, pulse by pulse, the same inputs and different currents. A model
sees the inputs alone, so on such rows the best it can predict is their mean.
"""

from typing import NamedTuple

import numpy as np

from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.metrics import clustered_standard_error
from pulsewright.quant.paper.targets import Target, target_rows


class Floor(NamedTuple):
    """Mean squared errors that no function of the inputs can undercut, and what they rest on.

    any_function: the least that any function whatever has over all rows of this data set. Exact,
    not an estimate: rows with equal inputs predicted by their own mean, rows whose inputs are
    unique by themselves. On a split by rows the test rows are a random quarter of these, so it is
    the floor of the expected test error too; a network cannot see which curve a row is of.
    any_function_se: its standard error, clustered by curve, as an estimate for other devices.
    read_noise: what the unique rows add for a function that is smooth in N, if the levels carry
    white noise: the mean square of their second differences over 6, twice that for increments. An
    estimate, and no part of the above.
    new_curve: expected on a curve that was not seen, of a parameter set that was: the variance
    between the curves of a set, unbiased (a set of n has n - 1 degrees of freedom), as a mean over
    the curves of repeated sets. For sets measured once nothing is known and 0 is put, so that
    `new_curve` too is below what can be expected.
    repeated_sets, repeated_curves, curves: sets with two curves or more, theirs, and all.
    """

    any_function: float
    any_function_se: float
    read_noise: float
    new_curve: float
    repeated_sets: int
    repeated_curves: int
    curves: int


def irreducible_floor(curves: PulseCurves, target: Target = Target.LEVEL) -> Floor:
    """Measure the floor of a data set for either target."""
    table = target_rows(curves, target).reshape(curves.curves, curves.pulses)
    size = np.bincount(curves.parameter_set)
    mean = np.zeros((len(size), curves.pulses))
    np.add.at(mean, curves.parameter_set, table)
    mean /= size[:, None]
    by_mean = mean[curves.parameter_set]
    curve_error = ((table - by_mean) ** 2).mean(axis=1)
    of_curve = size[curves.parameter_set]
    repeated = of_curve > 1
    unbiased = np.where(repeated, of_curve / np.maximum(of_curve - 1, 1), 0.0)
    noise = np.zeros(curves.curves)
    if curves.pulses > 2:
        levels = curves.targets.reshape(curves.curves, curves.pulses)
        noise = (np.diff(levels, n=2, axis=1) ** 2).mean(axis=1) / 6
        noise *= 2 if target is Target.INCREMENT else 1
    return Floor(
        any_function=float(curve_error.mean()),
        any_function_se=clustered_standard_error(
            by_mean.reshape(-1), table.reshape(-1), curves.curve_index
        )
        if curves.curves > 1
        else 0.0,
        read_noise=float(np.where(repeated, 0.0, noise).mean()),
        new_curve=float((unbiased * curve_error).mean()),
        repeated_sets=int((size > 1).sum()),
        repeated_curves=int(repeated.sum()),
        curves=curves.curves,
    )


def most_frequent_set(curves: PulseCurves) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    """(curves,) which curves are of the parameter set that was measured most often."""
    frequent = np.bincount(curves.parameter_set).argmax()
    return np.asarray(curves.parameter_set == frequent)
