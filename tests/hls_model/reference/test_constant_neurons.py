# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.reference.constant_neurons import common_scales
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, Rounding
from tests.hls_model.exact_reference import rounded

INPUT_FRAC = 5
CODES = FixedPoint(width=8, frac=7, signed=False)


def moved(
    weights: list[int], bias: list[int], fracs: list[int], output: FixedPoint | None = CODES
) -> tuple[list[int], list[int]]:
    """One weight a neuron; a hidden layer if it has an output format."""
    new_bias, new_fracs = common_scales(
        np.array(weights).reshape(-1, 1),
        np.array(bias),
        np.array(fracs),
        INPUT_FRAC,
        output is not None,
        output,
        Rounding.HALF_EVEN,
    )
    return new_bias.tolist(), new_fracs.tolist()


def handed_on(
    bias: IntegerArray, fracs: IntegerArray, relu: bool, output: FixedPoint | None, rounding: str
) -> list[Fraction]:
    """What neurons without weights hand on, as real numbers."""
    values = []
    for one, frac in zip(bias.tolist(), fracs.tolist(), strict=True):
        value = Fraction(one) / Fraction(2) ** (frac + INPUT_FRAC)
        value = max(value, Fraction(0)) if relu else value
        if output is not None:
            code = min(rounded(value * Fraction(2) ** output.frac, rounding), output.maximum)
            value = Fraction(code) / Fraction(2) ** output.frac
        values.append(value)
    return values


@given(st.data(), st.booleans(), st.sampled_from(list(Rounding)))
def test_every_neuron_hands_on_what_it_did(
    data: st.DataObject, hidden: bool, rounding: Rounding
) -> None:
    neurons = data.draw(st.integers(1, 4))
    weights = np.array([[data.draw(st.sampled_from([0, 0, 3]))] for _ in range(neurons)])
    bias = np.array([data.draw(st.integers(-(2**31), 2**31)) for _ in range(neurons)])
    fracs = np.array([data.draw(st.sampled_from([3, 8, 9, 30, 40])) for _ in range(neurons)])
    output = None
    if hidden and data.draw(st.booleans()):
        width, frac = data.draw(st.integers(1, 9)), data.draw(st.integers(-2, 50))
        output = FixedPoint(width=width, frac=frac, signed=False)
    new_bias, new_fracs = common_scales(weights, bias, fracs, INPUT_FRAC, hidden, output, rounding)
    live = weights[:, 0] != 0
    assert new_bias[live].tolist() == bias[live].tolist()
    assert new_fracs[live].tolist() == fracs[live].tolist()
    before, after = (
        handed_on(b, f, hidden, output, rounding.value)
        for b, f in ((bias, fracs), (new_bias, new_fracs))
    )
    assert [v for v, one in zip(after, live, strict=True) if not one] == [
        v for v, one in zip(before, live, strict=True) if not one
    ]


def test_a_pruned_neuron_takes_the_scale_of_its_layer() -> None:
    """As Brevitas exports it: 2**-40, and a bias that this scale cuts to 32 bits."""
    assert moved([1, 0, 1], [9, 0, 9], [8, 40, 8]) == ([9, 0, 9], [8, 8, 8])
    assert moved([1, 0, 1], [9, 2**31 - 1, 9], [8, 40, 8]) == ([9, 0, 9], [8, 8, 8])
    # A code of 3 at 2**-7 is 192 at 2**-13.
    assert moved([1, 0], [9, 3 << 38], [8, 40]) == ([9, 192], [8, 8])


def test_a_neuron_within_the_scales_of_others_stays_as_it_is() -> None:
    assert moved([1, 0, 1], [9, -7, 9], [6, 7, 9]) == ([9, -7, 9], [6, 7, 9])


def test_an_accumulator_that_is_handed_on_keeps_its_bits() -> None:
    assert moved([1, 0], [9, 5], [8, 40], None) == ([9, 5], [8, 40])
    assert moved([1, 0], [9, 5 << 32], [8, 40], None) == ([9, 5], [8, 8])


@pytest.mark.parametrize(
    ("bias", "expected"),
    [([0, 0], ([0, 0], [-5, -5])), ([4, -24], ([1, -6], [38, 38]))],
)
def test_a_layer_without_weights_has_the_coarsest_scale_of_its_biases(
    bias: list[int], expected: tuple[list[int], list[int]]
) -> None:
    assert moved([0, 0], bias, [40, 40], None) == expected
