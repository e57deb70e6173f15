# SPDX-License-Identifier: Apache-2.0
import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.isotonic import isotonic


@given(st.lists(st.integers(-20, 20), min_size=1, max_size=12))
def test_isotonic_meets_the_conditions_of_least_squares(values: list[int]) -> None:
    """Never falling, each block the mean of its values, and no beginning of a block above it."""
    given_values: npt.NDArray[np.float64] = np.array(values, dtype=np.float64)
    result = isotonic(given_values)
    assert (np.diff(result) >= 0).all()
    for level in np.unique(result):
        block = given_values[result == level]
        assert block.mean() == pytest.approx(level)
        beginnings = np.cumsum(block) / np.arange(1, len(block) + 1)
        assert (beginnings >= level - 1e-9).all()
