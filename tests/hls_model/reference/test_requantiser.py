# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.inference import exact_dtype, forward
from pulsewright.hls_model.reference.requantiser import Requantiser
from tests.hls_model.exact_reference import layer_output, reference_layer
from tests.models import changed, random_codes, random_model

BYTE = FixedPoint(width=8, frac=0, signed=False)
SIGNED_BYTE = FixedPoint(width=8, frac=0, signed=True)


def layer(**changes: object) -> DenseLayer:
    fields = {
        "weights": [[3, -2], [1, 7]],
        "bias": [5, -9],
        "input_format": SIGNED_BYTE,
        "weight_format": FixedPoint(width=4, frac=0, signed=True),
        "relu": True,
        "output_format": BYTE,
        "requantiser": {"multiplier": [5, 3], "offset": [100, -7], "shift": 4},
    }
    return DenseLayer(**(fields | changes))


@st.composite
def requantised_layers(draw: st.DrawFn) -> DenseLayer:
    """Multipliers, offsets and shifts of any size that fits, codes of 1 to 20 bits."""
    inputs, neurons = draw(st.integers(1, 6)), draw(st.integers(1, 5))
    row = st.lists(st.integers(-7, 7), min_size=inputs, max_size=inputs)
    relu = draw(st.booleans())
    bits, offset_bits = draw(st.integers(0, 32)), draw(st.integers(1, 58))
    multipliers = st.integers(0, max(2**bits - 1, 0))
    offsets = st.integers(-(2**offset_bits), 2**offset_bits)
    output_format = FixedPoint(
        width=draw(st.integers(1, 20)), frac=0, signed=not relu and draw(st.booleans())
    )
    return DenseLayer(
        weights=draw(st.lists(row, min_size=neurons, max_size=neurons)),
        bias=draw(st.lists(st.integers(-500, 500), min_size=neurons, max_size=neurons)),
        input_format=FixedPoint(width=draw(st.integers(1, 8)), frac=0, signed=draw(st.booleans())),
        weight_format=FixedPoint(width=4, frac=0, signed=True),
        relu=relu,
        rounding=draw(st.sampled_from(Rounding)),
        output_format=output_format,
        requantiser=Requantiser(
            multiplier=draw(st.lists(multipliers, min_size=neurons, max_size=neurons)),
            offset=draw(st.lists(offsets, min_size=neurons, max_size=neurons)),
            # Near the size of what is shifted, where codes are neither all zero nor saturated.
            shift=min(max(bits, offset_bits) + draw(st.integers(-8, 12)), 62)
            if max(bits, offset_bits) > 8
            else draw(st.integers(0, 62)),
            top=draw(st.none() | st.integers(output_format.minimum, output_format.maximum)),
        ),
    )


@pytest.mark.parametrize("examples", [150, pytest.param(500, marks=pytest.mark.regression)])
def test_codes_equal_those_of_exact_fractions(examples: int) -> None:
    @settings(max_examples=examples)
    @given(requantised_layers(), st.integers(0, 2**16))
    def check(dense: DenseLayer, seed: int) -> None:
        source = dense.input_format
        codes = np.random.default_rng(seed).integers(
            source.minimum, source.maximum + 1, (12, dense.inputs)
        )
        codes[0], codes[-1] = source.minimum, source.maximum
        reference = reference_layer(dense)
        expected = [layer_output(reference, row) for row in codes.tolist()]
        assert forward([dense], codes).tolist() == expected

    check()


@settings(max_examples=100)
@given(requantised_layers())
def test_the_range_of_what_is_shifted_holds_it(dense: DenseLayer) -> None:
    low, high = dense.scaled_range
    source = dense.input_format
    ends = np.where(dense.weights[:, :, None] > 0, [source.minimum, source.maximum], 0)
    ends = np.where(dense.weights[:, :, None] < 0, [source.maximum, source.minimum], ends)
    reached = [
        int(m) * (int(b) + sum(int(w) * int(x) for w, x in zip(row, end.T[side], strict=True)))
        + int(o)
        for m, o, b, row, end in zip(
            dense.requantiser.multiplier,
            dense.requantiser.offset,
            dense.bias,
            dense.weights,
            ends,
            strict=True,
        )
        for side in (0, 1)
    ]
    assert (low, high) == (min(reached), max(reached))


@settings(max_examples=100)
@given(
    st.lists(st.integers(1, 9), min_size=3, max_size=5),
    st.integers(0, 2**16),
    st.integers(1, 8),
    st.sampled_from(Rounding),
)
def test_one_multiplier_of_1_is_the_law_without(
    sizes: list[int], seed: int, width: int, rounding: Rounding
) -> None:
    model = random_model(sizes, seed=seed, activation_width=width, rounding=rounding)
    hidden = model.layers[0]
    ones, zeros = np.ones(hidden.neurons, dtype=int), np.zeros(hidden.neurons, dtype=int)
    if hidden.shift < 0:
        return
    requantiser = Requantiser(multiplier=ones, offset=zeros, shift=hidden.shift)
    other = changed(hidden, requantiser=requantiser)
    codes = random_codes(model, 30)
    assert forward([other], codes).tolist() == forward([hidden], codes).tolist()
    assert not requantiser.multiplies


def test_a_negative_accumulator_may_have_a_code() -> None:
    """No ReLU stands before the offset: -20 * 1 + 25 is 5."""
    dense = layer(
        weights=[[1]],
        bias=[0],
        requantiser={"multiplier": [1], "offset": [25], "shift": 0},
    )
    assert forward([dense], np.array([[-20], [-30], [127]])).tolist() == [[5], [0], [152]]


def test_a_multiplier_of_0_makes_a_constant() -> None:
    dense = layer(requantiser={"multiplier": [0, 0], "offset": [41, -3], "shift": 3})
    assert forward([dense], np.array([[1, 2], [-128, 127]])).tolist() == [[5, 0], [5, 0]]


def test_an_output_layer_saturates_to_both_ends_of_its_format() -> None:
    dense = layer(
        relu=False,
        output_format=SIGNED_BYTE,
        requantiser={"multiplier": [9, 9], "offset": [0, 0], "shift": 3},
    )
    results = forward([dense], np.array([[127, -128], [-128, 127], [0, 0]]))
    assert results.tolist() == [[127, -128], [-128, 127], [6, -10]]


def test_codes_end_at_the_top() -> None:
    """Three codes of a narrow quantiser of two bits."""
    dense = layer(
        weights=[[1]],
        bias=[0],
        output_format=FixedPoint(width=2, frac=0, signed=False),
        requantiser={"multiplier": [1], "offset": [0], "shift": 0, "top": 2},
    )
    assert forward([dense], np.array([[-1], [1], [2], [3], [99]])).tolist() == [
        [0],
        [1],
        [2],
        [2],
        [2],
    ]


def test_what_is_shifted_may_be_past_the_floats_that_hold_the_accumulators() -> None:
    dense = layer(requantiser={"multiplier": [2**32 - 1] * 2, "offset": [0, 0], "shift": 37})
    assert exact_dtype([dense]) is np.float32
    codes = np.array([[127, -128], [1, 1]])
    reference = reference_layer(dense)
    assert forward([dense], codes).tolist() == [
        layer_output(reference, row) for row in codes.tolist()
    ]


def test_wide_codes_decide_the_arithmetic_too() -> None:
    wide = layer(
        output_format=FixedPoint(width=60, frac=0, signed=False),
        requantiser={"multiplier": [2**20 + 1, 1], "offset": [2**54 + 1, 0], "shift": 0},
    )
    assert exact_dtype([wide]) is np.int64
    assert forward([wide], np.array([[0, 0]])).tolist() == [[5 * (2**20 + 1) + 2**54 + 1, 0]]


@pytest.mark.parametrize(
    ("requantiser", "message"),
    [
        ({"multiplier": [1, 2**32], "offset": [0, 0], "shift": 1}, r"reach 1\.\.4294967296"),
        ({"multiplier": [1, -1], "offset": [0, 0], "shift": 1}, r"-1\.\.1, .* negate the weights"),
        ({"multiplier": [1, 1.0], "offset": [0, 0], "shift": 1}, "expected integers, got float64"),
        ({"multiplier": [1, True], "offset": [0, 0], "shift": 1}, "got bool"),
        ({"multiplier": [[1, 1]], "offset": [0, 0], "shift": 1}, r"must be \(neurons,\)"),
        ({"multiplier": [], "offset": [], "shift": 1}, "expected integers|neurons"),
        ({"multiplier": [1, 1], "offset": [0], "shift": 1}, r"shape \(2,\).*got \(1,\)"),
        ({"multiplier": [1], "offset": [0], "shift": 1}, "of 1 neurons, the layer has 2"),
        ({"multiplier": [1, 1], "offset": [0, 0], "shift": 63}, "62"),
        ({"multiplier": [1, 1], "offset": [0, 0], "shift": -1}, "0"),
        ({"multiplier": [1, 1], "offset": [2**62, 0], "shift": 1}, "may reach 63 bits and a sign"),
        ({"multiplier": [1, 1], "offset": [0, 0], "shift": 1, "tops": 3}, "tops"),
        ({"multiplier": [1, 1], "offset": [0, 0], "shift": 1, "top": 256}, "top is 256, outside"),
        ({"multiplier": [1, 1], "offset": [0, 0], "shift": 1, "top": -1}, "top is -1, outside"),
    ],
)
def test_a_wrong_requantiser_is_refused(requantiser: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        layer(requantiser=requantiser)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"output_format": None}, "output_format, which is None"),
        ({"output_format": SIGNED_BYTE}, "output_format = s8.0 on a hidden layer"),
        ({"channel_shifts": (0, 1)}, "channel_shifts beside a requantiser"),
    ],
)
def test_a_layer_that_cannot_have_one_is_refused(changes: dict, message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        layer(**changes)


def test_the_reach_is_that_of_each_neuron() -> None:
    """A large multiplier on a small accumulator and a small one on a large one."""
    dense = layer(
        weights=[[0, 0], [7, 7]],
        bias=[1, 0],
        requantiser={"multiplier": [2**32 - 1, 1], "offset": [2**61, 0], "shift": 62},
    )
    assert dense.scaled_range == (-7 * 256, 2**61 + 2**32 - 1)
    with pytest.raises(ValidationError, match="multiplier \\* accumulator \\+ offset may reach"):
        layer(
            bias=[2**31, 0],
            requantiser={"multiplier": [2**32 - 1, 1], "offset": [0, 0], "shift": 62},
        )


def test_a_layer_without_is_written_as_before_there_were_any() -> None:
    plain = layer(requantiser=None)
    assert "requantiser" not in plain.model_dump(mode="json")
    assert layer().model_dump(mode="json")["requantiser"] == {
        "multiplier": [5, 3],
        "offset": [100, -7],
        "shift": 4,
    }
