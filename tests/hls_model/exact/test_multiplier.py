# SPDX-License-Identifier: Apache-2.0
"""The smallest multipliers against a search of all of them."""

import itertools

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.exact.multiplier import (
    Constraints,
    UnreproducibleError,
    smallest_multipliers,
)
from pulsewright.hls_model.reference.fixed_point import Rounding, round_shift

LOW, HIGH = -20, 25
ACCUMULATORS = np.arange(LOW, HIGH + 1)


def constraints(tables: list[list[int]]) -> Constraints:
    neurons = len(tables)
    return Constraints.of(
        np.arange(1, len(tables[0]) + 1),
        np.array(tables, dtype=np.int64),
        np.full(neurons, LOW),
        np.full(neurons, HIGH),
    )


def codes(multiplier: int, offset: int, shift: int, rounding: Rounding, top: int) -> np.ndarray:
    scaled = ACCUMULATORS * multiplier + offset
    return np.clip(round_shift(scaled, shift, rounding), 0, top)


def searched(table: list[int], rounding: Rounding, shifts: range, most: int) -> tuple | None:
    """The smallest shift, and at it the smallest multiplier, that any offset makes right."""
    expected = np.searchsorted(np.array(table), ACCUMULATORS, side="right")
    for shift, multiplier in itertools.product(shifts, range(most)):
        span = (len(table) + 1 << shift) + multiplier * 30
        for offset in range(-span, span + 1):
            if (codes(multiplier, offset, shift, rounding, len(table)) == expected).all():
                return shift, multiplier
    return None


tables = st.lists(st.integers(LOW, HIGH + 1), min_size=1, max_size=3).map(sorted)


@settings(max_examples=40)
@given(tables, st.sampled_from(Rounding))
def test_no_smaller_multiplier_does_it(table: list[int], rounding: Rounding) -> None:
    expected = searched(table, rounding, range(3), 5)
    try:
        found = smallest_multipliers(constraints([table]), rounding)
    except UnreproducibleError:
        assert expected is None
        return
    made = codes(int(found.multiplier[0]), int(found.offset[0]), found.shift, rounding, len(table))
    assert made.tolist() == np.searchsorted(np.array(table), ACCUMULATORS, side="right").tolist()
    if expected is not None:
        assert (found.shift, int(found.multiplier[0])) == expected
    else:
        assert found.shift > 2 or int(found.multiplier[0]) >= 5


@settings(max_examples=200)
@given(
    st.integers(1, 2**20),
    st.integers(0, 24),
    st.integers(-(2**24), 2**24),
    st.sampled_from(Rounding),
    st.integers(1, 15),
)
def test_what_some_multiplier_makes_is_found(
    multiplier: int, shift: int, offset: int, rounding: Rounding, top: int
) -> None:
    table = codes(multiplier, offset, shift, rounding, top)
    thresholds = [LOW + int(np.searchsorted(table, level)) for level in range(1, top + 1)]
    found = smallest_multipliers(constraints([thresholds]), rounding)
    assert found.shift <= shift
    assert int(found.multiplier[0]) <= multiplier
    made = codes(int(found.multiplier[0]), int(found.offset[0]), found.shift, rounding, top)
    assert made.tolist() == table.tolist()


def test_neurons_share_the_shift_and_nothing_else() -> None:
    found = smallest_multipliers(
        constraints([[-15, 0, 15], [1, 2, 3], [26, 26, 26]]), Rounding.FLOOR
    )
    assert found.multiplier[2] == 0
    for neuron, table in enumerate([[-15, 0, 15], [1, 2, 3]]):
        made = codes(
            int(found.multiplier[neuron]), int(found.offset[neuron]), found.shift, Rounding.FLOOR, 3
        )
        assert made.tolist() == np.searchsorted(table, ACCUMULATORS, side="right").tolist()


def test_a_steep_neuron_beside_a_flat_one_widens_its_weights() -> None:
    """The flat one needs a shift at which the other's multiplier has more than 32 bits."""
    low, high = -(2**20), 2**20
    levels = np.arange(1, 16)
    flat = [-(-((level << 36) - 2**38) // 785399) for level in levels.tolist()]
    steep = [0] * 7 + [1] * 8
    ends = np.array([low, low]), np.array([high, high])
    found = smallest_multipliers(
        Constraints.of(levels, np.array([steep, flat]), *ends), Rounding.FLOOR
    )
    assert found.widening[0] > 0
    assert found.widening[1] == 0
    assert int(found.multiplier.max()) < 2**32
    for neuron, table in enumerate((steep, flat)):
        for level, threshold in zip(levels.tolist(), table, strict=True):
            for accumulator in (threshold, threshold - 1):
                widened = accumulator << int(found.widening[neuron])
                scaled = int(found.multiplier[neuron]) * widened + int(found.offset[neuron])
                assert (scaled >> found.shift >= level) == (accumulator >= threshold)


def test_no_more_than_eight_bits_are_added_to_weights() -> None:
    levels = np.arange(1, 16)
    flat = [-(-((level << 50) - 2**53) // 3141593) for level in levels.tolist()]
    ends = np.array([-(2**32)] * 2), np.array([2**32] * 2)
    both = Constraints.of(levels, np.array([[0] * 7 + [1] * 8, flat]), *ends)
    with pytest.raises(UnreproducibleError) as caught:
        smallest_multipliers(both, Rounding.FLOOR)
    assert caught.value.neuron == 0


def test_ties_to_even_need_half_to_even() -> None:
    """A half of the accumulator, rounded to even, climbs by 1 and 3 in turn."""
    table = [2, 3, 6, 7]
    with pytest.raises(UnreproducibleError):
        smallest_multipliers(constraints([table]), Rounding.FLOOR)
    found = smallest_multipliers(constraints([table]), Rounding.HALF_EVEN)
    assert (found.multiplier.tolist(), found.offset.tolist(), found.shift) == ([1], [0], 1)


def test_the_neuron_that_cannot_be_had_is_named() -> None:
    with pytest.raises(UnreproducibleError) as caught:
        smallest_multipliers(constraints([[1, 2, 3], [0, 1, 20]]), Rounding.FLOOR)
    assert caught.value.neuron == 1


def test_one_for_all_holds_what_each_neuron_must() -> None:
    both = constraints([[1, 4], [2, 5]])
    with pytest.raises(UnreproducibleError):
        smallest_multipliers(both.of_all_neurons(), Rounding.FLOOR)
    found = smallest_multipliers(constraints([[1, 4], [1, 4]]).of_all_neurons(), Rounding.FLOOR)
    own = smallest_multipliers(constraints([[1, 4]]), Rounding.FLOOR)
    assert found.multiplier.tolist() == own.multiplier.tolist()


def test_wide_accumulators_are_computed_without_overflow() -> None:
    scale, shift = 2**31 - 99, 53
    low, high = -(2**33), 2**33
    thresholds = [-((-(level << shift)) // scale) for level in range(1, 4)]
    wide = Constraints.of(
        np.arange(1, 4), np.array([thresholds]), np.array([low]), np.array([high])
    )
    found = smallest_multipliers(wide, Rounding.FLOOR)
    for level, threshold in enumerate(thresholds, start=1):
        for accumulator in (threshold, threshold - 1):
            scaled = int(found.multiplier[0]) * accumulator + int(found.offset[0])
            assert (scaled >> found.shift >= level) == (accumulator >= threshold)
