# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.input_codes import InputCodes
from pulsewright.hls_model.exact.staircase import integer_staircase
from pulsewright.hls_model.exact.surd import Surd

rationals = st.fractions(min_value=-3, max_value=3, max_denominator=50)
floats32 = st.floats(min_value=np.float32(0.01), max_value=8, width=32)


def input_codes(scale: float, gain: Surd, shift: Surd, features: int = 1) -> InputCodes:
    staircase = integer_staircase(
        "Q", Fraction(scale), Fraction(2), (-12, 11), zero_point_after_rounding=True
    )
    return InputCodes(Affine.uniform(features, gain, shift), staircase)


@settings(max_examples=60)
@given(floats32, rationals, rationals, st.sampled_from([1, 2, Fraction(9, 4)]))
def test_floats_next_to_steps_get_the_code_of_exact_arithmetic(
    scale: float, factor: Fraction, shift: Fraction, square: Fraction
) -> None:
    gain = Surd.of(factor) * Surd.root(Fraction(square))
    made = input_codes(scale, gain, Surd.of(shift))
    tried = [0.0, -0.0, 1e30, -1e30]
    for step in made.staircase.steps if factor else ():
        near = float((Surd.of(step.position) - Surd.of(shift)) * gain.reciprocal())
        tried += [near, np.nextafter(near, np.inf), np.nextafter(near, -np.inf)]
    expected = [
        made.first + made.staircase.code(gain * Surd.of(Fraction(float(one))) + Surd.of(shift))
        for one in tried
    ]
    assert made.codes(np.array(tried)[:, None])[:, 0].tolist() == expected


def test_steps_of_one_value_are_all_taken_at_once() -> None:
    """A gain so large that several steps have the same float."""
    made = input_codes(1.0, Surd.of(10**40), Surd.of(0))
    values = np.array([[-1e-30], [0.0], [1e-30]])
    assert made.codes(values).tolist() == [[-12], [2], [11]]


def test_features_have_maps_of_their_own() -> None:
    gains = Surd.of(1), Surd.of(-2)
    made = InputCodes(
        Affine(gains, (Surd.of(0), Surd.of(Fraction(1, 2)))),
        integer_staircase("Q", Fraction(1), Fraction(0), (-8, 7), zero_point_after_rounding=True),
    )
    assert made.codes(np.array([[1.2, 1.2], [2.5, 0.5], [100, 100]])).tolist() == [
        [1, -2],
        [2, 0],
        [7, -8],
    ]


@pytest.mark.parametrize(
    ("values", "words"),
    [
        (np.zeros((2, 3)), r"inputs must be \(rows, 1\), got \(2, 3\)"),
        (np.array([[np.nan]]), "inputs hold nan"),
    ],
)
def test_rows_that_are_none_are_refused(values: np.ndarray, words: str) -> None:
    with pytest.raises(PulsewrightError, match=words):
        input_codes(1.0, Surd.of(1), Surd.of(0)).codes(values)
