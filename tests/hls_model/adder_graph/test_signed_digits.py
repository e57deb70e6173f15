# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.adder_graph.signed_digits import (
    LARGEST_COUNTED,
    canonical_signed_digits,
    digit_counts,
)


@pytest.mark.parametrize(
    ("value", "digits"),
    [
        (0, []),
        (1, [(0, 1)]),
        (-64, [(6, -1)]),
        (7, [(0, -1), (3, 1)]),
        (11, [(0, -1), (2, -1), (4, 1)]),
        (-85, [(0, -1), (2, -1), (4, -1), (6, -1)]),
    ],
)
def test_digits_worked_out_by_hand(value: int, digits: list[tuple[int, int]]) -> None:
    assert canonical_signed_digits(value) == digits


@given(st.integers(-(2**62), 2**62))
def test_digits_make_the_value_and_no_two_are_neighbours(value: int) -> None:
    digits = canonical_signed_digits(value)
    assert sum(digit << position for position, digit in digits) == value
    positions = [position for position, _ in digits]
    assert all(b - a > 1 for a, b in itertools.pairwise(positions))
    assert len(digits) <= abs(value).bit_length() // 2 + 1


@pytest.mark.parametrize(("width", "most"), [(2, 1), (4, 2), (8, 4), (16, 8)])
def test_a_weight_has_at_most_half_as_many_digits_as_bits(width: int, most: int) -> None:
    limit = 2 ** (width - 1) - 1
    counts = digit_counts(np.arange(-limit, limit + 1))
    assert counts.max() == most


@given(st.lists(st.integers(-LARGEST_COUNTED, LARGEST_COUNTED), min_size=1, max_size=5))
def test_counts_are_the_numbers_of_digits(values: list[int]) -> None:
    expected = [len(canonical_signed_digits(value)) for value in values]
    assert digit_counts(np.array(values, dtype=np.int64)).tolist() == expected
