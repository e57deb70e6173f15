# SPDX-License-Identifier: Apache-2.0
import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.qonnx.dyadic import LARGEST_FRAC, finest_scale, fractional_bits, integers


def test_powers_of_two() -> None:
    scales = np.array([[1.0, 0.5], [2.0**-64, 2.0**64]])
    assert fractional_bits(scales, "scale").tolist() == [[0, 1], [64, -64]]


@pytest.mark.parametrize("value", [0.3, 0.0, -1.0, 3.0, 2.0**-65, 2.0**65])
def test_what_is_none_is_refused(value: float) -> None:
    with pytest.raises(PulsewrightError, match="the scale is "):
        fractional_bits(np.array([1.0, value]), "the scale")


def test_integers_at_their_scales() -> None:
    assert integers(np.array([[0.5, -1.25]]), np.array([1, 2]), "w", "no").tolist() == [[1, -5]]


@pytest.mark.parametrize(("value", "frac"), [(0.5, 0), (2.0**62, 0), (1.0, 62)])
def test_what_is_no_integer_is_named_with_its_place(value: float, frac: int) -> None:
    with pytest.raises(PulsewrightError, match=r"w\[1\] is .* at the scale 2\*\*-?\d+; mend it"):
        integers(np.array([0.0, value]), np.array([0, frac]), "w", "mend it")


def test_the_finest_scale_that_is_needed() -> None:
    assert finest_scale(np.array([1.0, -3.0])) == 0
    assert finest_scale(np.array([1.0, 0.375])) == 3
    assert finest_scale(np.array([0.1])) == 55


@given(
    st.lists(
        st.builds(math.ldexp, st.integers(-(2**53), 2**53), st.integers(-90, 9)),
        max_size=5,
    )
)
def test_the_finest_scale_is_the_first_that_makes_integers(values: list[float]) -> None:
    array = np.array(values, dtype=np.float64)
    frac = 0
    while frac < LARGEST_FRAC and (np.rint(np.ldexp(array, frac)) != np.ldexp(array, frac)).any():
        frac += 1
    assert finest_scale(array) == frac
