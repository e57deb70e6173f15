# SPDX-License-Identifier: Apache-2.0
import itertools

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.requantiser_widths import (
    addends_of,
    requantiser_widths,
    rounding_half,
    scale_rows,
)
from tests.models import random_model


@st.composite
def small_layers(draw: st.DrawFn) -> DenseLayer:
    """Two inputs of three bits, so that every vector can be tried."""
    weight, neurons = st.integers(-3, 3), draw(st.integers(1, 3))
    each = {"min_size": neurons, "max_size": neurons}
    return DenseLayer(
        weights=draw(st.lists(st.lists(weight, min_size=2, max_size=2), **each)),
        bias=draw(st.lists(st.integers(-20, 20), **each)),
        input_format=FixedPoint(width=3, frac=0, signed=draw(st.booleans())),
        weight_format=FixedPoint(width=3, frac=0, signed=True),
        relu=True,
        output_format=FixedPoint(width=4, frac=0, signed=False),
        rounding=draw(st.sampled_from(Rounding)),
        requantiser={
            "multiplier": draw(st.lists(st.integers(0, 40), **each)),
            "offset": draw(st.lists(st.integers(-300, 300), **each)),
            "shift": draw(st.integers(0, 9)),
        },
    )


def signed_bits(values: list[int]) -> int:
    return max(max(v.bit_length() if v >= 0 else (-v - 1).bit_length() for v in values) + 1, 1)


@settings(max_examples=200)
@given(small_layers())
def test_sums_are_just_wide_enough_for_every_input(layer: DenseLayer) -> None:
    source, half = layer.input_format, rounding_half(layer)
    codes = range(source.minimum, source.maximum + 1)
    multipliers = layer.requantiser.multiplier.tolist()
    sums = [
        m * (b + w[0] * x + w[1] * y) + o + half
        for x, y in itertools.product(codes, repeat=2)
        for w, b, m, o in zip(
            layer.weights.tolist(),
            layer.bias.tolist(),
            multipliers,
            layer.requantiser.offset.tolist(),
            strict=True,
        )
    ]
    widths = requantiser_widths(layer)
    assert widths.sum == signed_bits(sums)
    assert widths.multiplier == max(max(multipliers).bit_length(), 1)
    assert widths.product <= widths.sum
    assert widths.addend == min(signed_bits(addends_of(layer)), widths.sum)
    assert addends_of(layer) == [o + half for o in layer.requantiser.offset.tolist()]


@pytest.mark.parametrize(
    ("rounding", "half"),
    [(Rounding.FLOOR, 0), (Rounding.HALF_UP, 2**10), (Rounding.HALF_EVEN, 2**10)],
)
def test_half_a_step_rounds_to_nearest(rounding: Rounding, half: int) -> None:
    layer = random_model((3, 4, 1), multipliers=4, rounding=rounding).layers[0]
    changed = layer.model_copy(
        update={"requantiser": layer.requantiser.model_copy(update={"shift": 11})}
    )
    assert rounding_half(changed) == half


def test_reloadable_weights_may_make_any_accumulator_of_their_format() -> None:
    model = random_model((3, 4, 1), multipliers=6)
    layer = reloadable_formats(model).layers[0]
    held, requantiser = layer.accumulator_format, layer.requantiser
    half = rounding_half(layer)
    ends = [
        m * end + o + half
        for m, o in zip(requantiser.multiplier.tolist(), requantiser.offset.tolist(), strict=True)
        for end in (held.minimum, held.maximum)
    ]
    assert requantiser_widths(layer, reloadable=True).sum == signed_bits(ends)


def test_rows_are_those_of_the_groups() -> None:
    assert scale_rows([1, 2, 3, 4, 5], 3, 2) == [[1, 2], [3, 4], [5, 0]]
