# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.closed_loop.bayes_population import SPREADS, bayes_population
from pulsewright.quant.closed_loop.trials import MeasuredDevices
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves

CURVES = 24
PLACE = np.log1p(np.arange(60)) / np.log(60)
# A mode that is orthogonal to the straight rise.
MODE = PLACE**2 - PLACE * (PLACE**2 @ PLACE) / (PLACE @ PLACE)
RANDOM = np.random.default_rng(0)
FIRST = 1e-6 * 2 ** RANDOM.uniform(0, 4, CURVES)


def devices(gain: np.ndarray, bend: np.ndarray) -> MeasuredDevices:
    shape = PLACE + bend[:, None] * MODE
    currents = FIRST[:, None] + gain[:, None] * shape
    currents *= 1 + 0.002 * np.random.default_rng(1).standard_normal(currents.shape)
    return MeasuredDevices(PulseCurves(synthetic_curves(0).parameters[:CURVES], currents))


BENDS = np.where(np.arange(CURVES) % 2, 0.1, -0.1)
FOUND = bayes_population(devices(3 * FIRST, BENDS), np.arange(CURVES))


def test_tables_are_codes_of_eight_bits() -> None:
    assert FOUND.tables.shape == (3, 60)
    assert np.abs(FOUND.tables).max(axis=1).min() >= 64
    assert np.abs(FOUND.tables).max() <= 127
    assert np.array_equal(np.exp2(np.rint(np.log2(FOUND.scales))), FOUND.scales)


def test_the_usual_rise_and_what_devices_differ_by() -> None:
    usual, mode, _ = FOUND.shapes
    assert usual == pytest.approx(PLACE, abs=0.04)
    along = np.abs(mode @ MODE) / np.linalg.norm(mode) / np.linalg.norm(MODE)
    assert along > 0.99
    assert FOUND.mode_variance[0] == pytest.approx(0.01 * MODE @ MODE, rel=0.2)
    assert FOUND.mode_variance[1] < 0.1 * FOUND.mode_variance[0]
    assert FOUND.noise == pytest.approx(0.002, rel=0.3)


def test_gains_by_the_first_current() -> None:
    slope, offset = FOUND.gain_line
    assert slope == pytest.approx(1, abs=0.02)
    assert np.exp(offset) == pytest.approx(3, rel=0.1)
    assert FOUND.gain_spread == SPREADS[0]
    scattered = 3 * FIRST * np.exp(np.random.default_rng(2).normal(0, 0.5, CURVES))
    wide = bayes_population(devices(scattered, BENDS), np.arange(CURVES))
    assert 0.3 < wide.gain_spread < 0.9


def test_a_curve_that_was_not_chosen_changes_nothing() -> None:
    chosen = np.arange(CURVES - 1)
    other = BENDS.copy()
    other[-1] = 0.4
    for one, changed in zip(
        bayes_population(devices(3 * FIRST, BENDS), chosen),
        bayes_population(devices(3 * FIRST, other), chosen),
        strict=True,
    ):
        assert np.array_equal(one, changed)


def test_two_curves_are_too_few() -> None:
    with pytest.raises(PulsewrightError, match="2 curves that rise, for a population with 2 modes"):
        bayes_population(devices(3 * FIRST, BENDS), np.array([3, 5]))
