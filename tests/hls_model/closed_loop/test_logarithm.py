# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.closed_loop.logarithm import (
    LARGEST_EXPONENT,
    LARGEST_INTEGER,
    LOGARITHMS,
    OCTAVE,
    POWERS,
    bit_length,
    exp2,
    log2,
)


def far_logarithms(values: np.ndarray) -> np.ndarray:
    return log2(values) - np.log2(values.astype(np.float64)) * OCTAVE


def test_every_logarithm_of_20_bits() -> None:
    values = np.arange(1, 1 << 20)
    assert np.abs(far_logarithms(values)).max() < 1.1
    assert (np.diff(log2(values)) >= 0).all()


@pytest.mark.regression
def test_every_logarithm_of_31_bits_never_falls() -> None:
    """All mantissas that differ to the tables, in every octave: what is below them is cut off."""
    before = -1
    for octave in range(31):
        bits = min(octave, 17)
        values = (1 << octave) + (np.arange(1 << bits) << (octave - bits))
        assert np.abs(far_logarithms(values)).max() < 1.1
        found = log2(values)
        assert found[0] >= before
        assert (np.diff(found) >= 0).all()
        before = int(found[-1])


@given(st.integers(1, LARGEST_INTEGER))
def test_logarithms_of_32_bit_integers(value: int) -> None:
    assert abs(far_logarithms(np.array([value]))[0]) < 1.1


def test_powers_of_two_are_exact() -> None:
    octaves = np.arange(31)
    assert (log2(1 << octaves) == octaves * OCTAVE).all()
    assert (exp2(np.arange(-12, 18) * OCTAVE) == 2.0 ** np.arange(0, 30)).all()


def test_integers_outside_are_taken_as_the_nearest() -> None:
    outside = np.array([-(2**40), -1, 0, LARGEST_INTEGER + 1, 2**40])
    assert log2(outside).tolist() == [0, 0, 0, *[int(log2(np.array(LARGEST_INTEGER)))] * 2]


def test_every_power() -> None:
    exponents = np.arange(-13 * OCTAVE, LARGEST_EXPONENT + 1)
    found = exp2(exponents)
    exact = 2.0 ** (exponents / OCTAVE) * OCTAVE
    assert (np.abs(found - exact) <= 1 + exact * 3e-5).all()
    assert (np.diff(found) >= 0).all()
    assert found.min() == 0
    assert found.max() < 2**30


def test_powers_outside() -> None:
    assert exp2(np.array([2**40]))[0] == exp2(np.array([LARGEST_EXPONENT]))[0]
    assert exp2(np.array([-(2**40), -40 * OCTAVE])).tolist() == [0, 0]


def test_tables_fit_16_and_32_bits() -> None:
    assert (LOGARITHMS[0], LOGARITHMS[-1], len(LOGARITHMS)) == (0, OCTAVE, 257)
    assert (POWERS[0], POWERS[-1], len(POWERS)) == (1 << 16, 1 << 17, 257)


@given(st.integers(0, 2**52))
def test_bit_length(value: int) -> None:
    assert bit_length(np.array([value]))[0] == value.bit_length()
