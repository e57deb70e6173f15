# SPDX-License-Identifier: Apache-2.0
"""Figures of controllers on the same trials, and what two of them differ by, paired."""

from collections.abc import Mapping
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.trials import Outcome, Trials, overshot, short

FloatArray = npt.NDArray[np.float64]
BoolArray = npt.NDArray[np.bool_]

DRAWS = 4000
CONFIDENCE = 0.95
# Reads that a share of overshoot beyond the allowed one counts as, when a member is chosen.
PENALTY = 1000.0
# A controller that overshoots less than this is not worse for it.
NEGLIGIBLE_OVERSHOOT = 0.01
# An overshoot costs a reset and a programming: pulses, and reads.
OVERSHOOT_PULSES, OVERSHOOT_READS = 30, 5


class Figures(NamedTuple):
    """Means over trials.

    overshoot, short: shares. relative_error: median of |I - level| / level.
    """

    trials: int
    reads: float
    pulses: float
    overshoot: float
    short: float
    relative_error: float


class Difference(NamedTuple):
    """A mean difference of two controllers with the 95 % interval of the bootstrap."""

    mean: float
    low: float
    high: float


def figures(trials: Trials, outcome: Outcome) -> Figures:
    """The figures of one controller."""
    error = np.abs(outcome.current - trials.level) / trials.level
    return Figures(
        len(trials.curve),
        float(outcome.reads.mean()),
        float(outcome.pulses.mean()),
        float(overshot(trials, outcome).mean()),
        float(short(trials, outcome).mean()),
        float(np.median(error)),
    )


def costs(trials: Trials, outcome: Outcome, read: float) -> FloatArray:
    """(trials,) pulses, `read` pulses a read, and 30 pulses and five reads for an overshoot."""
    over = overshot(trials, outcome)
    cost: FloatArray = (
        outcome.pulses + read * outcome.reads + (OVERSHOOT_PULSES + OVERSHOOT_READS * read) * over
    )
    return cost


def paired_difference(values: FloatArray, others: FloatArray, session: IntegerArray) -> Difference:
    """Mean of values - others, (trials,) each, with its interval over drawn sessions.

    Percentile bootstrap (Efron, 1979): whole sessions are drawn with replacement, since trials of
    one device are not independent. The same arguments give the same interval. session: (trials,).

    Raises:
        PulsewrightError: there is no trial.
    """
    if not len(values):
        raise PulsewrightError("no trial to compare; give curves that rise")
    difference = values.astype(np.float64) - others
    _, of_trial = np.unique(session, return_inverse=True)
    sums = np.bincount(of_trial, weights=difference)
    counts = np.bincount(of_trial)
    drawn = np.random.default_rng(0).multinomial(
        len(sums), np.full(len(sums), 1 / len(sums)), size=DRAWS
    )
    means = (drawn @ sums) / (drawn @ counts)
    tail = (1 - CONFIDENCE) / 2
    low, high = np.quantile(means, [tail, 1 - tail])
    return Difference(float(difference.mean()), float(low), float(high))


def tuned(
    trials: Trials,
    outcomes: Mapping[str, Outcome],
    session: IntegerArray,
    allowed: BoolArray,
) -> Outcome:
    """For the trials of each session the outcome of the member that is best on all others.

    Best: the fewest reads without more overshoot than `allowed` has on the same trials, or 1 %.
    session, allowed: (trials,); allowed: where a reference overshot.
    """
    members = list(outcomes.values())
    over = [overshot(trials, one) for one in members]
    chosen = np.zeros(len(trials.curve), dtype=np.int64)
    for one in np.unique(session).tolist():
        others = session != one
        if not others.any():
            others = np.ones_like(others)
        limit = max(float(allowed[others].mean()), NEGLIGIBLE_OVERSHOOT)
        cost = [
            float(member.reads[others].mean())
            + PENALTY * max(float(passed[others].mean()) - limit, 0.0)
            for member, passed in zip(members, over, strict=True)
        ]
        chosen[session == one] = int(np.argmin(cost))
    rows = np.arange(len(chosen))
    return Outcome(*(np.stack(column)[chosen, rows] for column in zip(*members, strict=True)))
