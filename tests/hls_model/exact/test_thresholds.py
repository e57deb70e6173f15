# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.exact.staircase import integer_staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.exact.thresholds import thresholds

rationals = st.fractions(min_value=-5, max_value=5, max_denominator=12)
positives = st.fractions(min_value=Fraction(1, 20), max_value=3, max_denominator=20)
roots = st.sampled_from([1, 2, 3, Fraction(5, 3), Fraction(9, 4)])


@settings(max_examples=50)
@given(positives, rationals, rationals, roots, positives, st.sampled_from(["ROUND", "HALF_UP"]))
def test_a_threshold_is_the_first_integer_that_has_the_code(
    factor: Fraction,
    inside: Fraction,
    outside: Fraction,
    square: Fraction,
    scale: Fraction,
    rounding: str,
) -> None:
    """Gains and offsets as batch normalisation makes them, with and without a root."""
    root = Surd.root(Fraction(square))
    gain, offset = Surd.of(factor) * root, Surd.of(inside) * root + Surd.of(outside)
    staircase = integer_staircase(
        "Q", scale, Fraction(1), (-6, 9), rounding, zero_point_after_rounding=False
    )
    found, ties = thresholds(gain, offset, staircase)
    on_step = False
    for level, threshold in enumerate(found, start=1):
        at, before = (gain * Surd.of(one) + offset for one in (threshold, threshold - 1))
        assert staircase.code(at) >= level > staircase.code(before)
        position = Surd.of(staircase.steps[level - 1].position)
        on_step |= position in (at, before)
    assert ties == on_step


def test_an_irrational_gain_may_hit_a_step_where_the_sum_is_0() -> None:
    staircase = integer_staircase(
        "Q", Fraction(1), Fraction(0), (0, 3), "FLOOR", zero_point_after_rounding=True
    )
    root = Surd.root(Fraction(2))
    found, ties = thresholds(root, Surd.of(1) - root * Surd.of(7), staircase)
    assert found[0] == 7
    assert ties
