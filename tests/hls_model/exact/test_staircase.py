# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.staircase import (
    ROUNDINGS,
    Staircase,
    bipolar_staircase,
    integer_staircase,
    rounded,
)
from pulsewright.hls_model.exact.surd import Surd
from tests.hls_model.exact import reference

# Many halves and integers among them.
values = st.fractions(min_value=-20, max_value=20, max_denominator=6)
scales = st.fractions(min_value=Fraction(1, 8), max_value=4, max_denominator=8)
limits = st.tuples(st.integers(-9, 3), st.integers(0, 12)).map(lambda one: (one[0], sum(one)))


@given(values, st.sampled_from(sorted(ROUNDINGS)))
def test_roundings_are_those_of_their_definitions(value: Fraction, rounding: str) -> None:
    assert rounded(value, rounding) == reference.ROUNDINGS[rounding](value)


@given(scales, limits, st.sampled_from(sorted(ROUNDINGS)), st.booleans(), st.data())
def test_codes_stand_for_what_the_quantiser_makes(
    scale: Fraction, ends: tuple[int, int], rounding: str, after: bool, data: st.DataObject
) -> None:
    zero_point = Fraction(data.draw(st.integers(*ends)))
    if not after:
        zero_point += data.draw(st.sampled_from([Fraction(0), Fraction(1, 2), Fraction(1, 3)]))
    made = integer_staircase(
        "Q", scale, zero_point, ends, rounding, zero_point_after_rounding=after
    )
    quantiser = reference.Quantiser(scale, zero_point, *ends, rounding, after)
    for value in data.draw(st.lists(values, min_size=1, max_size=8)):
        assert made.value(made.code(Surd.of(value))) == quantiser(value)


def test_a_bipolar_quantiser_has_its_step_at_0() -> None:
    made = bipolar_staircase("B", Fraction(3, 2))
    assert [made.value(made.code(Surd.of(x))) for x in (-1, 0, 1)] == [
        Fraction(-3, 2),
        Fraction(3, 2),
        Fraction(3, 2),
    ]
    moved = made.moved(Fraction(-1, 2))
    assert [moved.code(Surd.of(Fraction(x, 4))) for x in (-3, -2, -1)] == [0, 1, 1]


def byte(scale: Fraction = Fraction(1, 3), low: int = -8, high: int = 7) -> Staircase:
    return integer_staircase("Q", scale, Fraction(0), (low, high), zero_point_after_rounding=True)


@given(values, values, values)
def test_clipping_before_drops_the_codes_that_it_hides(
    value: Fraction, one: Fraction, other: Fraction
) -> None:
    low, high = min(one, other), max(one, other)
    made = byte().of_values_within(Surd.of(low), Surd.of(high))
    clipped = min(max(value, low), high)
    plain = byte()
    assert made.value(made.code(Surd.of(value))) == plain.value(plain.code(Surd.of(clipped)))
    assert made.first == -8 + plain.code(Surd.of(low))


@given(values, st.integers(-20, 20), st.integers(-20, 20))
def test_clipping_afterwards_does_the_same_to_results(
    value: Fraction, one: int, other: int
) -> None:
    low, high = Fraction(min(one, other), 3), Fraction(max(one, other), 3)
    made, plain = byte().clipped(low, high, "Clip"), byte()
    expected = min(max(plain.value(plain.code(Surd.of(value))), low), high)
    assert made.value(made.code(Surd.of(value))) == expected


def test_clipping_between_two_results_is_refused() -> None:
    with pytest.raises(PulsewrightError, match=r"node 7 clips at 0.5, which is none of the values"):
        byte().clipped(Fraction(1, 2), None, "node 7")
    # Beyond all of them it changes nothing.
    assert byte().clipped(Fraction(-100), Fraction(100), "node 7") == byte()


def test_clipping_to_what_no_result_reaches_leaves_one_code() -> None:
    below = byte().clipped(Fraction(-100), Fraction(-101, 2), "Clip")
    assert (below.top, below.shift, below.first) == (0, Fraction(-101, 2), -8 - 144)
    above = byte().clipped(Fraction(20, 3), None, "Clip")
    assert (above.top, above.shift, above.first) == (0, Fraction(20, 3), 20)


@settings(max_examples=30)
@given(scales, scales, st.fractions(-3, 3, max_denominator=4), st.lists(values, min_size=5))
def test_two_quantisers_are_one(
    first_scale: Fraction, second_scale: Fraction, shift: Fraction, given_values: list
) -> None:
    first, second = byte(first_scale), byte(second_scale, -3, 9)
    both, reached = first.then(Surd.of(first.gain), Surd.of(first.shift + shift), second)
    for value in given_values:
        between = first.value(first.code(Surd.of(value))) + shift
        expected = second.value(second.code(Surd.of(between)))
        assert both.value(both.code(Surd.of(value))) == expected
        assert reached.value(reached.code(Surd.of(between))) == expected
    assert (both.top, both.gain, both.shift) == (reached.top, reached.gain, reached.shift)
