# SPDX-License-Identifier: Apache-2.0
import math
from decimal import Decimal, localcontext
from fractions import Fraction

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd

fractions = st.fractions(min_value=-1000, max_value=1000, max_denominator=10**6)
squares = st.fractions(min_value=0, max_value=1000, max_denominator=10**4)
# A rational part and a few roots, some of them of squares and of multiples of others.
terms = st.lists(st.tuples(fractions, squares | st.sampled_from([2, 8, 18, 3, 12, 6])), max_size=4)


def surd(parts: list[tuple[Fraction, Fraction]]) -> Surd:
    total = Surd.of(0)
    for factor, square in parts:
        total = total + Surd.of(factor) * Surd.root(Fraction(square))
    return total


def decimal(value: Fraction) -> Decimal:
    return Decimal(value.numerator) / Decimal(value.denominator)


def value(parts: list[tuple[Fraction, Fraction]]) -> Decimal:
    return sum((decimal(Fraction(a)) * decimal(Fraction(b)).sqrt() for a, b in parts), Decimal(0))


@settings(max_examples=60)
@given(terms)
def test_sums_of_roots_have_the_sign_and_floor_of_their_decimals(parts: list) -> None:
    with localcontext() as context:
        context.prec = 120
        expected = value(parts)
        made = surd(parts)
        if abs(expected) < Decimal(10) ** -60:
            # No sum of so few such numbers is so small without being 0.
            assert made.sign() == 0
            return
        assert made.sign() == (1 if expected > 0 else -1)
        nearest = expected.to_integral_value()
        if abs(expected - nearest) < Decimal(10) ** -60:
            assert made.floor() == int(nearest)
        else:
            assert made.floor() == math.floor(expected)
        assert abs(decimal(made.nearest(80)) - expected) <= abs(expected) * Decimal(2) ** -79


@settings(max_examples=40)
@given(terms, terms)
def test_products_and_differences_are_exact(first: list, second: list) -> None:
    one, other = surd(first), surd(second)
    assert one * other == other * one
    assert ((one + other) * (one - other) - one * one + other * other).sign() == 0


@given(st.tuples(fractions.filter(bool), squares.filter(bool)))
def test_a_term_times_its_reciprocal_is_one(part: tuple) -> None:
    made = surd([part])
    assert made * made.reciprocal() == Surd.of(1)


def test_roots_that_are_multiples_of_each_other_are_one_term() -> None:
    made = Surd.root(Fraction(8)) - Surd.of(2) * Surd.root(Fraction(2))
    assert made.terms == {}
    product = 2**61 - 1
    assert (
        Surd.root(Fraction(9 * product)) - Surd.of(3) * Surd.root(Fraction(product))
    ).sign() == 0
    assert Surd.root(Fraction(9, 4)).rational == Fraction(3, 2)


def test_a_difference_far_below_float_has_a_sign() -> None:
    near = Surd.root(Fraction(2)).nearest(400)
    assert (Surd.root(Fraction(2)) - Surd.of(near)).sign() != 0
    assert abs(Surd.root(Fraction(2)).sign()) == 1


@settings(max_examples=40)
@given(terms, st.integers(1, 200))
def test_bounds_enclose(parts: list, bits: int) -> None:
    low, high = surd(parts).bounds(bits)
    with localcontext() as context:
        context.prec = 200
        scaled = value(parts) * 2**bits
        assert Decimal(low) - 1 <= scaled <= Decimal(high) + 1
    assert 0 <= high - low <= 2 * max(len(parts), 1)


@pytest.mark.parametrize(
    "divisor", [Surd.of(0), Surd.of(1) + Surd.root(Fraction(2))], ids=["zero", "sum"]
)
def test_division_by_0_and_by_sums_is_refused(divisor: Surd) -> None:
    with pytest.raises(PulsewrightError, match=r"division by .*; divide by a number"):
        divisor.reciprocal()
