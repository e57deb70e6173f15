# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import numpy as np
import pytest
from cocotb_coverage.coverage import coverage_db
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.sim.coverage.functional.arithmetic import (
    cover_rows,
    covering_codes,
    reachable_places,
)
from tests.models import plain_input_map, random_codes, random_model
from tests.sim.coverage.functional.conftest import hits, met

CODES, WEIGHTS = FixedPoint(width=4, frac=3, signed=True), FixedPoint(width=3, frac=0, signed=True)


def one_neuron(bias: int, shift: int) -> DenseLayer:
    """The code of an input, plus a bias, times 2**-shift, in codes of 2 bits."""
    return DenseLayer(
        weights=np.array([[1]]),
        bias=np.array([bias]),
        input_format=CODES,
        weight_format=WEIGHTS,
        relu=True,
        output_format=FixedPoint(width=2, frac=3 - shift, signed=False),
        rounding=Rounding.HALF_EVEN,
    )


@given(bias=st.integers(-20, 20), shift=st.integers(0, 3))
@settings(max_examples=100, deadline=None)
def test_places_are_those_that_some_input_comes_to(bias: int, shift: int) -> None:
    """By exact fractions, over all inputs."""
    found = set()
    for code in range(-8, 8):
        rounded = round(Fraction(code + bias, 1 << shift))
        found |= {"below the smallest code"} if rounded < 0 else set()
        found |= {"above the largest code"} if rounded > 3 else set()
        found |= {"the smallest code"} if rounded == 0 else set()
        found |= {"the largest code"} if rounded == 3 else set()
        found |= {"between them"} if 0 < rounded < 3 else set()
    # The range is taken for whole, and is so of one input with a weight of 1.
    assert set(reachable_places(one_neuron(bias, shift))) == found


def remainder(code: int, bias: int, shift: int) -> str:
    whole, rest = divmod(Fraction(code + bias, 1 << shift), 1)
    if rest == 0:
        return "no remainder"
    if rest == Fraction(1, 2):
        return f"half, an {'odd' if whole % 2 else 'even'} code below"
    return "less than half" if rest < Fraction(1, 2) else "more than half"


def two_layers(bias: int, shift: int) -> IntegerMlp:
    hidden = one_neuron(bias, shift)
    assert hidden.output_format is not None
    last = DenseLayer(
        weights=np.array([[-1]]),
        bias=np.array([1]),
        input_format=hidden.output_format,
        weight_format=WEIGHTS,
        relu=False,
    )
    return IntegerMlp(name="two", input_map=plain_input_map(1, CODES.width), layers=(hidden, last))


@pytest.mark.parametrize("shift", [1, 2, 3])
def test_remainders_are_those_of_exact_fractions(shift: int) -> None:
    model = two_layers(1, shift)
    codes = np.array([[-6], [-6], [3], [4]])
    cover_rows(model, codes)
    assert set(met("rounding_of_layer_1")) == {
        remainder(int(code), 1, shift) for code in codes[:, 0]
    }
    assert hits("changed_inputs") == {"no input": 1, "one input": 2}


@given(seed=st.integers(0, 1000))
@settings(max_examples=20, deadline=None)
def test_few_rows_meet_what_many_do(seed: int) -> None:
    coverage_db.clear()
    model = random_model((3, 4, 2), seed=seed)
    candidates = random_codes(model, 500, seed)
    points = ("codes_of_layer_1", "rounding_of_layer_1", "sums_of_the_last_layer")
    cover_rows(model, candidates)
    of_all = [met(name) for name in points]
    coverage_db.clear()
    chosen = covering_codes(model, candidates)
    cover_rows(model, chosen)
    assert [met(name) for name in points] == of_all
    assert len(chosen) <= sum(map(len, of_all))
