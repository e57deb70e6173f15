# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.quant.datasets.curve_quality import curve_quality, grid_steps, smooth_curves
from pulsewright.quant.datasets.pulse_curves import PulseCurves
from pulsewright.quant.datasets.synthetic import synthetic_curves

PULSES = 100


def reads(count: int = 4) -> np.ndarray:
    """Curves of 1 to 4 uA, linear in log(1 + N), with a read noise of 5 nA."""
    growth = np.log1p(np.arange(PULSES)) / np.log1p(PULSES - 1)
    noise = 5e-9 * np.random.default_rng(1).standard_normal((count, PULSES))
    return 1e-6 + 3e-6 * growth + noise


def curves_of(currents: np.ndarray) -> PulseCurves:
    return PulseCurves(synthetic_curves(0).parameters[: len(currents)], currents)


@settings(max_examples=60, deadline=None)
@given(
    st.lists(st.integers(-400, 400).filter(bool), min_size=2, max_size=30),
    st.sampled_from([1e-7, 1e-6 / 3, 1.25e-9, 0.5]),
)
def test_the_grid_is_the_greatest_common_divisor(multiples: list[int], step: float) -> None:
    expected = step * np.gcd.reduce(multiples)
    found = grid_steps(np.array([multiples], dtype=np.float64) * step)[0]
    assert found == pytest.approx(expected, rel=1e-6)


def test_reads_on_no_grid_have_nearly_no_step() -> None:
    assert (grid_steps(reads()) < 1e-10).all()


def test_noise_and_shape() -> None:
    currents = reads()
    smooth, noise = smooth_curves(currents)
    # A median of 100 deviations has a standard error of 12 %.
    assert noise == pytest.approx(5e-9, rel=0.35)
    assert (np.diff(smooth, axis=1) >= 0).all()
    assert np.abs(smooth - (currents - currents.mean(0) + smooth.mean(0))).max() < 4e-8


def test_coarse_glitched_and_dead_curves_are_told() -> None:
    currents = reads(5)
    currents[1] = 1e-7 * np.rint(currents[1] / 1e-7)
    currents[2, 50] = 9e-6
    currents[3] = 1e-6 + 5e-9 * np.random.default_rng(2).standard_normal(PULSES)
    currents[4, 50] += 1e-7
    quality = curve_quality(curves_of(currents))
    assert quality.coarse.tolist() == [False, True, False, False, False]
    assert quality.resolution[1] == pytest.approx(1e-7)
    assert quality.dead.tolist() == [False, False, False, True, False]
    assert np.argwhere(quality.glitches).tolist() == [[2, 50], [4, 50]]
    # A glitch within the range of the curve leaves its scaling alone.
    assert quality.spoilt.tolist() == [False, False, True, False, False]
    assert quality.rise[[0, 1, 2, 4]] == pytest.approx(3e-6, rel=0.02)


def test_short_curves() -> None:
    quality = curve_quality(curves_of(np.array([[1e-6, 2e-6], [2e-6, 3e-6]])))
    assert quality.smooth == pytest.approx(quality.currents)
    assert not quality.glitches.any()


def test_synthetic_curves_are_on_no_grid() -> None:
    quality = curve_quality(synthetic_curves(0))
    assert not quality.coarse.any()
    assert not quality.dead.any()
