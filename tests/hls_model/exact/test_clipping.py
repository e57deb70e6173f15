# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.clipping import Clipping
from pulsewright.hls_model.exact.surd import Surd

NUMBERS = st.fractions(-9, 9, max_denominator=8)
POSITIVE = st.fractions(Fraction(1, 8), 9, max_denominator=8)


@st.composite
def bounds(draw: st.DrawFn) -> tuple[Fraction | None, Fraction | None]:
    low, high = sorted((draw(NUMBERS), draw(NUMBERS)))
    return draw(st.sampled_from([(low, high), (None, high), (low, None), (None, None)]))


def surd(value: Fraction | None) -> Surd | None:
    return None if value is None else Surd.of(value)


def clipping(ends: tuple[Fraction | None, Fraction | None]) -> Clipping:
    return Clipping(surd(ends[0]), surd(ends[1]))


def clipped(value: Surd, by: Clipping) -> Surd:
    if by.low is not None and value < by.low:
        value = by.low
    return by.high if by.high is not None and by.high < value else value


@given(bounds(), bounds(), NUMBERS)
def test_two_clippings_are_one(
    first: tuple[Fraction | None, Fraction | None],
    second: tuple[Fraction | None, Fraction | None],
    number: Fraction,
) -> None:
    both = clipping(first).then(*(surd(end) for end in second))
    one_by_one = clipped(clipped(Surd.of(number), clipping(first)), clipping(second))
    assert clipped(Surd.of(number), both) == one_by_one


@given(bounds(), NUMBERS, NUMBERS, POSITIVE)
def test_bounds_follow_the_values(
    ends: tuple[Fraction | None, Fraction | None],
    number: Fraction,
    summand: Fraction,
    factor: Fraction,
) -> None:
    value, before = Surd.of(number), clipping(ends)
    for changed, after in (
        (lambda one: one + Surd.of(summand), before.plus("here", [Surd.of(summand)])),
        (lambda one: one * Surd.of(factor), before.times("here", [Surd.of(factor)])),
    ):
        assert clipped(changed(value), after) == changed(clipped(value, before))


ONE, TWO, ZERO = Surd.of(1), Surd.of(2), Surd.of(0)


def test_where_nothing_is_clipped_anything_may_follow() -> None:
    assert Clipping().is_none
    assert Clipping().times("here", [ONE, ZERO - TWO]) == Clipping()
    assert Clipping().plus("here", [ONE, TWO]) == Clipping()


def test_a_relu_keeps_its_bound_under_positive_factors_by_channel() -> None:
    relu = Clipping(low=ZERO)
    assert not relu.is_none
    assert relu.times("here", [ONE, TWO]) == relu


@pytest.mark.parametrize("factor", [ZERO, ZERO - ONE])
def test_a_factor_that_turns_a_clipping_around_is_refused(factor: Surd) -> None:
    with pytest.raises(PulsewrightError, match="here multiplies by a factor that is not positive"):
        Clipping(low=ZERO).times("here", [factor])


@pytest.mark.parametrize("limits", [Clipping(low=ONE), Clipping(high=ONE), Clipping(ZERO, ONE)])
def test_bounds_that_would_differ_by_channel_are_refused(limits: Clipping) -> None:
    with pytest.raises(PulsewrightError, match="here differs by channel and follows a clipping"):
        limits.times("here", [ONE, TWO])
    with pytest.raises(PulsewrightError, match="here differs by channel and follows a clipping"):
        limits.plus("here", [ONE, TWO])
