# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest

from pulsewright.quant.closed_loop.bayes import (
    BayesController,
    chosen_bursts,
    predicted,
    prior,
    read_variance,
    updated,
)
from pulsewright.quant.closed_loop.bayes_population import BayesPopulation, bayes_population
from pulsewright.quant.closed_loop.trials import (
    MeasuredDevices,
    make_trials,
    overshot,
    run_trials,
)
from pulsewright.quant.datasets.synthetic import synthetic_curves

PLACES = 40
PLACE = np.log1p(np.arange(PLACES)) / np.log(PLACES)
CODES = np.rint(np.stack([64 * PLACE, 64 * PLACE**2, 64 * PLACE**3])).astype(np.int64)
POPULATION = BayesPopulation(
    CODES, np.full(3, 1 / 64), np.array([0.02, 0.01]), np.full(PLACES, 1e-5), (0.0, math.log(1e6)),
    0.5, 0.005,
)  # fmt: skip
SHAPES = POPULATION.shapes


def device(gain: float, bend: float) -> np.ndarray:
    return 500_000 + gain * (SHAPES[0] + bend * SHAPES[1])


def after_reads(current: np.ndarray, places: list[int]) -> tuple[np.ndarray, np.ndarray]:
    """Expected currents and deviations after reads without noise at `places`."""
    mean, covariance = prior(POPULATION, current[:1])
    noise = np.zeros(1)
    for place in places:
        read = current[place : place + 1]
        noise = read_variance(POPULATION, read, np.array([10]))
        mean, covariance = updated(POPULATION, mean, covariance, np.array([place]), read, noise)
    return predicted(POPULATION, mean, covariance, noise)


def test_a_device_is_known_better_with_every_read() -> None:
    current = device(2.2e6, 0.1)
    errors, deviations = [], []
    for places in ([0], [0, 4], [0, 4, 15], [0, 4, 15, 25]):
        expected, deviation = after_reads(current, places)
        errors.append(abs(expected[0, -1] - current[-1]))
        deviations.append(deviation[0, -1])
    assert errors[-1] < 0.02 * current[-1] < 0.2 * errors[0]
    assert (np.diff(deviations) < 0).all()


@pytest.mark.parametrize("gain", [0.6e6, 1e6, 1.8e6])
def test_what_is_expected_lies_within_its_deviation(gain: float) -> None:
    current = device(gain, -0.05)
    expected, deviation = after_reads(current, [0, 3, 10])
    assert (np.abs(expected[0] - current) < 3 * deviation[0]).all()


def test_one_update_is_the_posterior_of_normal_distributions() -> None:
    """Against the closed form with inverse covariances."""
    mean, covariance = prior(POPULATION, np.array([5e5]))
    place, read = np.array([7]), np.array([1.1e6])
    noise = read_variance(POPULATION, read, np.array([1000]))
    found, spread = updated(POPULATION, mean, covariance, place, read, noise)
    row = np.array([1, *SHAPES[:, 7]])
    total = noise[0] + POPULATION.rest_variance[7] * mean[0, 1] ** 2
    precision = np.linalg.inv(covariance[0]) + np.outer(row, row) / total
    expected = np.linalg.inv(precision)
    right = np.linalg.inv(covariance[0]) @ mean[0] + row * read[0] / total
    assert found[0] == pytest.approx(expected @ right, rel=1e-6)
    assert spread[0] == pytest.approx(expected, rel=1e-5, abs=1e-3 * np.abs(expected).max())


def test_the_likeliest_place_and_no_risk_beyond() -> None:
    expected = np.arange(20)[None] * 10.0
    sure, unsure = np.full((1, 20), 0.1), np.full((1, 20), 20.0)
    level, tolerance, place = np.array([[100.0]]), np.array([[4]]), np.array([3])

    def burst(deviation: np.ndarray, risk: float) -> int:
        return int(chosen_bursts(expected, deviation, level, tolerance, place, risk)[0])

    assert burst(sure, 0.01) == 7
    # Above 104 by one in a hundred: 2.33 deviations of 20 below it, at 57.
    assert burst(unsure, 0.01) == 2
    assert burst(unsure, 0.05) == 4
    assert burst(np.full((1, 20), 1e4), 0.01) == 1


def test_less_risk_takes_more_reads_and_a_second_run_is_the_same() -> None:
    devices = MeasuredDevices(synthetic_curves(0, curves=60))
    learned = bayes_population(devices, np.flatnonzero(devices.learnable & (np.arange(60) < 40)))
    trials = make_trials(devices, devices.learnable & (np.arange(60) >= 40))
    fold = np.zeros(60, dtype=np.int64)
    bold, careful = (BayesController({0: learned}, fold, risk, 1) for risk in (0.2, 0.001))
    first, again = (run_trials(devices, trials, careful) for _ in range(2))
    for one, other in zip(first, again, strict=True):
        assert np.array_equal(one, other)
    other = run_trials(devices, trials, bold)
    assert 1 < other.reads.mean() < first.reads.mean() < 6
    assert overshot(trials, first).mean() < 0.8 * overshot(trials, other).mean()
