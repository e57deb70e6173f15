# SPDX-License-Identifier: Apache-2.0
"""Means of reads and overshoot with their intervals, as plots and CSV files have them."""

from collections.abc import Mapping

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.comparison import paired_difference
from pulsewright.quant.closed_loop.trials import Outcome, Trials, overshot

Band = dict[str, float]


def bands(
    trials: Trials, session: IntegerArray, outcomes: Mapping[str, Outcome]
) -> dict[str, Band]:
    """Mean reads and share of overshoot of each, with its 95 % interval over sessions.

    session: (trials,). Keys: `reads_mean`, `reads_low`, `reads_high`, the same of `overshoot`.
    """
    zero = np.zeros(len(trials.curve))
    found = {}
    for name, outcome in outcomes.items():
        reads = paired_difference(outcome.reads.astype(np.float64), zero, session)
        over = paired_difference(overshot(trials, outcome).astype(np.float64), zero, session)
        found[name] = {
            **{f"reads_{end}": value for end, value in reads._asdict().items()},
            **{f"overshoot_{end}": value for end, value in over._asdict().items()},
        }
    return found
