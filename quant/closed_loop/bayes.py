# SPDX-License-Identifier: Apache-2.0
"""A baseline in software: each device as a draw from a population, told by its reads.

Current = offset + gain * (usual rise + two modes), all four normal, by a Kalman filter in floating
point; every read counts. Nothing of the future of a curve is used.
"""

import math
from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.quant.closed_loop.bayes_population import MODES, BayesPopulation
from pulsewright.quant.closed_loop.trials import Situation

FloatArray = npt.NDArray[np.float64]

STATES = 2 + MODES
# The offset is not known beforehand: in first currents.
OFFSET_SPREAD = 10.0
# Reads count as this much noisier than measured, since shapes are not exactly of the population.
NOISE_FACTOR = 1.3
SMALLEST_GAIN = 0.05
# The normal distribution function, interpolated to 1e-6.
DEVIATIONS = np.linspace(-6, 6, 2401)
NORMAL = np.array([math.erfc(-one / math.sqrt(2)) / 2 for one in DEVIATIONS.tolist()])


class BayesController:
    """The pulses that most likely end inside the tolerance, with at most `risk` to pass its limit.

    populations: by fold, of curves outside it. fold: (curves,). wider: times the spread of gains
    that is measured, since other sessions differ more than the curves of one. The filter of a trial
    begins anew at its first read, so that a controller may run one set of trials after another.
    """

    def __init__(
        self,
        populations: Mapping[int, BayesPopulation],
        fold: IntegerArray,
        risk: float,
        wider: float,
    ) -> None:
        self.populations = {
            number: one._replace(gain_spread=wider * one.gain_spread)
            for number, one in populations.items()
        }
        self.fold = fold
        self.risk = risk
        self._mean = np.zeros((0, STATES))
        self._covariance = np.zeros((0, STATES, STATES))

    def __call__(self, situation: Situation) -> IntegerArray:
        """(trials,) pulses to give next, 1 or more."""
        self._make_room(int(situation.trial.max()) + 1)
        of_fold = self.fold[situation.curve]
        burst = np.ones_like(situation.curve)
        for one in np.unique(of_fold).tolist():
            rows = np.flatnonzero(of_fold == one)
            burst[rows] = self._bursts(self.populations[one], situation, rows)
        return burst

    def _make_room(self, trials: int) -> None:
        more = trials - len(self._mean)
        if more > 0:
            self._mean = np.vstack([self._mean, np.zeros((more, STATES))])
            empty = np.zeros((more, STATES, STATES))
            self._covariance = np.concatenate([self._covariance, empty])

    def _bursts(
        self, population: BayesPopulation, situation: Situation, rows: IntegerArray
    ) -> IntegerArray:
        trial = situation.trial[rows]
        place = situation.history.last_place[rows]
        read = situation.history.last[rows].astype(np.float64)
        begins = np.flatnonzero(place == 0)
        mean, covariance = prior(population, read[begins])
        self._mean[trial[begins]], self._covariance[trial[begins]] = mean, covariance
        noise = read_variance(population, read, situation.history.resolution[rows])
        mean, covariance = updated(
            population, self._mean[trial], self._covariance[trial], place, read, noise
        )
        self._mean[trial], self._covariance[trial] = mean, covariance
        expected, deviation = predicted(population, mean, covariance, noise)
        level = situation.target.level[rows, None].astype(np.float64)
        tolerance = situation.target.tolerance[rows, None]
        return chosen_bursts(expected, deviation, level, tolerance, place, self.risk)


def prior(population: BayesPopulation, first: FloatArray) -> tuple[FloatArray, FloatArray]:
    """Means (rows, 4) and covariances of devices by their first current, pA."""
    slope, offset = population.gain_line
    gain = np.exp(slope * np.log(np.maximum(first, 1)) + offset)
    mean = np.zeros((len(first), STATES))
    mean[:, 0], mean[:, 1] = first, gain
    variance = np.empty_like(mean)
    variance[:, 0] = (OFFSET_SPREAD * np.maximum(first, 1)) ** 2
    variance[:, 1] = (population.gain_spread * gain) ** 2
    variance[:, 2:] = gain[:, None] ** 2 * population.mode_variance
    return mean, np.eye(STATES) * variance[:, :, None]


def read_variance(
    population: BayesPopulation, read: FloatArray, resolution: IntegerArray
) -> FloatArray:
    """(rows,) of reads, pA**2: their noise, and the rounding to a step of the instrument."""
    share: FloatArray = (NOISE_FACTOR * population.noise * read) ** 2 + resolution**2 / 12
    return np.maximum(share, 1.0)


def updated(
    population: BayesPopulation,
    mean: FloatArray,
    covariance: FloatArray,
    place: IntegerArray,
    read: FloatArray,
    noise: FloatArray,
) -> tuple[FloatArray, FloatArray]:
    """Means and covariances after a read at `place`: one step of a Kalman filter (1960)."""
    row = _design(population)[place]
    rest = population.rest_variance[place] * mean[:, 1] ** 2
    gained = np.einsum("rij,rj->ri", covariance, row)
    weight = gained / (np.einsum("ri,ri->r", row, gained) + noise + rest)[:, None]
    error = read - np.einsum("ri,ri->r", row, mean)
    after = mean + weight * error[:, None]
    after[:, 1] = np.maximum(after[:, 1], SMALLEST_GAIN * mean[:, 1])
    return after, covariance - weight[:, :, None] * gained[:, None, :]


def predicted(
    population: BayesPopulation, mean: FloatArray, covariance: FloatArray, noise: FloatArray
) -> tuple[FloatArray, FloatArray]:
    """(rows, places) expected reads, never falling, and their standard deviations."""
    design = _design(population)
    expected = np.maximum.accumulate(mean @ design.T, axis=1)
    variance = ((design @ covariance) * design).sum(axis=2)
    variance += population.rest_variance * mean[:, 1:2] ** 2 + noise[:, None]
    return expected, np.sqrt(np.maximum(variance, 1.0))


def chosen_bursts(
    expected: FloatArray,
    deviation: FloatArray,
    level: FloatArray,
    tolerance: IntegerArray,
    place: IntegerArray,
    risk: float,
) -> IntegerArray:
    """(rows,) pulses after which a read is most likely inside, before those of too much risk."""
    over = _normal((expected - level - tolerance) / deviation)
    inside = _normal((expected - level + tolerance) / deviation) - over
    ahead = np.arange(expected.shape[1]) > place[:, None]
    best = np.where(ahead, inside, -1.0).argmax(axis=1)
    risky = ahead & (over > risk)
    first_risky = np.where(risky.any(axis=1), risky.argmax(axis=1), expected.shape[1])
    burst: IntegerArray = np.maximum(np.minimum(best, first_risky - 1) - place, 1)
    return burst


def _design(population: BayesPopulation) -> FloatArray:
    """(places, 4) what offset, gain and modes add to the current at every place."""
    shapes = population.shapes
    return np.column_stack([np.ones(shapes.shape[1]), *shapes])


def _normal(deviations: FloatArray) -> FloatArray:
    found: FloatArray = np.interp(deviations, DEVIATIONS, NORMAL)
    return found
