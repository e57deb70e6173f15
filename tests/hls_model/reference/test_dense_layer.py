# SPDX-License-Identifier: Apache-2.0
from itertools import cycle, permutations, product

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from tests.hls_model.exact_reference import accumulator_range

CODES = FixedPoint(width=8, frac=7, signed=True)
WEIGHTS = FixedPoint(width=8, frac=5, signed=True)


def layer(**changes: object) -> DenseLayer:
    fields: dict[str, object] = {
        "weights": [[1, -2, 3], [4, 5, -6]],
        "bias": [7, -8],
        "input_format": CODES,
        "weight_format": WEIGHTS,
        "relu": True,
    }
    return DenseLayer(**(fields | changes))


@st.composite
def small_layers(draw: st.DrawFn) -> DenseLayer:
    """Layers with so few inputs that every vector of their format can be tried."""
    input_format = FixedPoint(
        width=draw(st.integers(1, 3)), frac=draw(st.integers(-2, 3)), signed=draw(st.booleans())
    )
    weight_format = FixedPoint(width=draw(st.integers(2, 6)), frac=2, signed=True)
    limit = 2 ** (weight_format.width - 1) - 1
    inputs, neurons = draw(st.integers(1, 3)), draw(st.integers(1, 3))
    weight = st.integers(-limit, limit)
    row = st.lists(weight, min_size=inputs, max_size=inputs)
    shifts = draw(st.lists(st.integers(0, 5), min_size=neurons, max_size=neurons))
    finest = min(shifts)
    return DenseLayer(
        weights=draw(st.lists(row, min_size=neurons, max_size=neurons)),
        bias=draw(st.lists(st.integers(-100, 100), min_size=neurons, max_size=neurons)),
        input_format=input_format,
        weight_format=weight_format,
        relu=draw(st.booleans()),
        channel_shifts=draw(st.sampled_from([(), [shift - finest for shift in shifts]])),
    )


def integers(number_format: FixedPoint) -> range:
    half = 2 ** (number_format.width - 1)
    return range(-half, half) if number_format.signed else range(2 * half)


def all_accumulators(dense: DenseLayer) -> list[int]:
    """Of every input vector and neuron, each at its neuron's own scale, neurons in turn."""
    values = integers(dense.input_format)
    rows = list(zip(dense.weights.tolist(), dense.bias.tolist(), strict=True))
    return [
        bias + sum(w * x for w, x in zip(row, vector, strict=True))
        for vector in product(values, repeat=dense.inputs)
        for row, bias in rows
    ]


def all_aligned(dense: DenseLayer) -> list[int]:
    """The same at the common scale."""
    shifts = cycle(dense.channel_shifts or [0])
    return [value * 2 ** next(shifts) for value in all_accumulators(dense)]


@given(small_layers())
def test_accumulator_range_is_reached_at_both_ends(dense: DenseLayer) -> None:
    accumulators = all_accumulators(dense)
    assert dense.accumulator_range == (min(accumulators), max(accumulators))
    aligned = all_aligned(dense)
    assert dense.aligned_range == (min(aligned), max(aligned))


@given(small_layers())
def test_accumulator_is_just_wide_enough(dense: DenseLayer) -> None:
    for values, accumulator in (
        (all_accumulators(dense), dense.accumulator_format),
        (all_aligned(dense), dense.aligned_format),
    ):
        assert accumulator.signed
        assert accumulator.frac == dense.accumulator_frac
        assert all(value in integers(accumulator) for value in values)
        if accumulator.width > 1:
            narrower = FixedPoint(width=accumulator.width - 1, frac=0, signed=True)
            assert any(value not in integers(narrower) for value in values)


@given(small_layers())
def test_result_format_holds_every_result(dense: DenseLayer) -> None:
    results = [max(value, 0) if dense.relu else value for value in all_aligned(dense)]
    assert dense.result_format.signed == (not dense.relu)
    assert all(value in integers(dense.result_format) for value in results)
    assert dense.result_format.frac == dense.input_format.frac + dense.weight_format.frac


@given(small_layers())
def test_magnitude_bounds_partial_sums_in_any_order(dense: DenseLayer) -> None:
    for vector in product(integers(dense.input_format), repeat=dense.inputs):
        shifts = dense.channel_shifts or [0] * dense.neurons
        rows = zip(dense.weights.tolist(), dense.bias.tolist(), shifts, strict=True)
        for row, bias, shift in rows:
            terms = [bias, *(w * x for w, x in zip(row, vector, strict=True))]
            terms = [term * 2**shift for term in terms]
            for order in permutations(terms) if len(terms) < 4 else [terms, terms[::-1]]:
                partial = 0
                for term in order:
                    partial += term
                    assert abs(partial) <= dense.accumulator_magnitude


@given(st.data(), st.integers(1, 30), st.integers(1, 8), st.integers(2, 16))
def test_accumulator_range_of_larger_layers_is_interval_arithmetic(
    data: st.DataObject, inputs: int, neurons: int, width: int
) -> None:
    weights = data.draw(
        st.lists(
            st.lists(st.integers(-127, 127), min_size=inputs, max_size=inputs),
            min_size=neurons,
            max_size=neurons,
        )
    )
    bias = data.draw(st.lists(st.integers(-(2**30), 2**30), min_size=neurons, max_size=neurons))
    dense = layer(
        weights=weights, bias=bias, input_format=FixedPoint(width=width, frac=0, signed=True)
    )
    expected = accumulator_range(weights, bias, -(2 ** (width - 1)), 2 ** (width - 1) - 1)
    assert dense.accumulator_range == expected


def test_shapes_and_scales_follow_from_the_parts() -> None:
    dense = layer(output_format=FixedPoint(width=8, frac=4, signed=False))
    assert (dense.neurons, dense.inputs) == (2, 3)
    assert dense.accumulator_frac == 7 + 5
    assert dense.shift == 7 + 5 - 4
    assert layer().shift == 0
    assert dense.result_format == FixedPoint(width=8, frac=4, signed=False)


@given(small_layers())
def test_aligned_parameters_are_those_of_a_layer_with_one_scale(dense: DenseLayer) -> None:
    shifts = dense.channel_shifts or [0] * dense.neurons
    assert dense.aligned_weights.dtype == dense.aligned_bias.dtype == np.int64
    assert dense.aligned_weights.tolist() == [
        [w * 2**shift for w in row]
        for row, shift in zip(dense.weights.tolist(), shifts, strict=True)
    ]
    assert dense.aligned_bias.tolist() == [
        b * 2**shift for b, shift in zip(dense.bias.tolist(), shifts, strict=True)
    ]
    wide = FixedPoint(width=16, frac=dense.weight_format.frac, signed=True)
    plain = layer(
        weights=dense.aligned_weights,
        bias=dense.aligned_bias,
        input_format=dense.input_format,
        weight_format=wide,
        relu=dense.relu,
    )
    assert plain.accumulator_range == plain.aligned_range == dense.aligned_range
    assert plain.accumulator_magnitude == dense.accumulator_magnitude
    assert plain.result_format == dense.result_format


def test_ranges_per_channel_by_hand() -> None:
    """The finest neuron has the largest accumulator, the coarsest the largest aligned one."""
    dense = layer(weights=[[100], [1]], bias=[0, 0], channel_shifts=[0, 10], relu=False)
    assert dense.accumulator_range == (-12800, 12700)
    assert dense.aligned_range == (-128 * 1024, 127 * 1024)
    assert (dense.accumulator_format.width, dense.aligned_format.width) == (15, 18)
    assert dense.result_format == FixedPoint(width=18, frac=12, signed=True)
    assert dense.accumulator_magnitude == 128 * 1024


@pytest.mark.parametrize("shifts", [[0, 3], (0, 3), np.array([0, 3]), np.array([0, 3], np.uint8)])
def test_channel_shifts_are_plain_integers(shifts: object) -> None:
    dense = layer(channel_shifts=shifts)
    assert dense.channel_shifts == (0, 3)
    assert {type(shift) for shift in dense.channel_shifts} == {int}


@pytest.mark.parametrize("shifts", [[], (), np.zeros(0, int)])
def test_no_channel_shifts_are_one_scale_for_the_tensor(shifts: object) -> None:
    dense = layer(channel_shifts=shifts)
    assert dense.channel_shifts == ()
    assert dense.aligned_weights.tolist() == dense.weights.tolist()
    assert dense.aligned_format == dense.accumulator_format


def test_aligned_parameters_cannot_be_changed() -> None:
    dense = layer(channel_shifts=[0, 1])
    for array in (dense.aligned_weights, dense.aligned_bias):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 9


@pytest.mark.parametrize(
    ("bias", "shift", "held"),
    [(2**31 - 1 - 127 * 128, 31, True), (2**31 - 127 * 128, 31, False), (2**62, 0, False)],
)
def test_the_limit_of_exact_integers_is_that_of_the_aligned_accumulator(
    bias: int, shift: int, held: bool
) -> None:
    """127 * 128 + bias times 2**31 reaches 62 bits, and no more."""
    fields = {"weights": [[127], [0]], "bias": [bias, 0], "channel_shifts": [shift, 0]}
    if held:
        assert layer(**fields).accumulator_magnitude == (2**31 - 1) * 2**31
        return
    with pytest.raises(ValidationError, match="may reach 63 bits and a sign, at most 62"):
        layer(**fields)


def test_a_requantiser_may_shift_left() -> None:
    assert layer(output_format=FixedPoint(width=8, frac=15, signed=False)).shift == -3


def test_a_hidden_layer_that_is_never_positive_keeps_one_bit() -> None:
    dense = layer(weights=[[0, 0, 0]], bias=[-5])
    assert dense.result_format == FixedPoint(width=1, frac=12, signed=False)


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"weights": [1, 2, 3]}, r"weights must be \(neurons, inputs\), got shape \(3,\)"),
        ({"weights": [[[1]]]}, r"got shape \(1, 1, 1\)"),
        ({"weights": np.zeros((0, 3), int)}, r"got shape \(0, 3\)"),
        ({"weights": np.zeros((2, 0), int)}, r"got shape \(2, 0\)"),
        ({"weights": [[1, 2, 3], [4, 5]]}, "inhomogeneous"),
        ({"bias": [1]}, r"bias must have shape \(2,\), got \(1,\)"),
        ({"bias": [[1, 2]]}, r"bias must have shape \(2,\), got \(1, 2\)"),
        ({"bias": 1}, r"bias must have shape \(2,\), got \(\)"),
        ({"weight_format": FixedPoint(width=8, frac=0, signed=False)}, "format u8.0"),
        ({"weights": [[-128, 0, 0], [0, 0, 0]]}, r"reach -128\.\.0, outside .* -127\.\.127"),
        ({"weights": [[128, 0, 0], [0, 0, 0]]}, r"reach 0\.\.128, outside .* -127\.\.127"),
        (
            {"weight_format": FixedPoint(width=3, frac=0, signed=True)},
            r"reach -6\.\.5, outside .* -3\.\.3",
        ),
        ({"output_format": CODES}, "to an unsigned format"),
        (
            {"relu": False, "output_format": FixedPoint(width=8, frac=0, signed=False)},
            "only a hidden ReLU layer requantises",
        ),
        ({"weights": [[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]}, "expected integers, got float64"),
        ({"bias": [1.5, 2.0]}, "expected integers, got float64"),
        ({"weights": [[True, False, True], [True, True, True]]}, "expected integers, got bool"),
        ({"bias": [True, False]}, "expected integers, got bool"),
        ({"bias": ["1", "2"]}, "expected integers"),
        ({"bias": [None, 1]}, "expected integers"),
        ({"channel_shifts": [0]}, "one for each of the 2 neurons, got 1"),
        ({"channel_shifts": [0, 1, 2]}, "one for each of the 2 neurons, got 3"),
        ({"channel_shifts": [-1, 0]}, r"channel_shifts reach -1\.\.0, outside 0\.\.31"),
        ({"channel_shifts": [0, 32]}, r"channel_shifts reach 0\.\.32, outside 0\.\.31"),
        (
            {"channel_shifts": [2, 1]},
            "the smallest of channel_shifts is 1, it must be 0; weight_format carries the finest",
        ),
        (
            {"channel_shifts": [[0, 1]]},
            r"channel_shifts must have shape \(neurons,\), got \(1, 2\)",
        ),
        ({"channel_shifts": 0}, r"channel_shifts must have shape \(neurons,\), got \(\)"),
        ({"channel_shifts": [0.0, 1.0]}, "expected integers, got float64"),
        ({"channel_shifts": [False, True]}, "expected integers, got bool"),
        ({"channel_shifts": None}, "expected integers"),
        (
            {"weight_format": FixedPoint(width=8, frac=62, signed=True)},
            r"the accumulator has 69 fractional bits, 7 of inputs and 62 of weights, outside -64",
        ),
        ({"rounding": "up"}, "rounding"),
        ({"gain": 2}, "gain"),
    ],
)
def test_what_disagrees_is_refused_with_its_value(changes: dict[str, object], message: str) -> None:
    with pytest.raises(ValidationError, match=message):
        layer(**changes)


@pytest.mark.parametrize("value", [True, False])
def test_a_bool_among_integers_is_refused(value: bool) -> None:
    with pytest.raises(ValidationError):
        layer(weights=[[1, value, 3], [4, 5, 6]])


@pytest.mark.parametrize("value", [2**63, -(2**63) - 1, 2**64])
def test_an_integer_past_the_machine_word_is_refused(value: int) -> None:
    with pytest.raises(ValidationError):
        layer(bias=[value, 0])


def test_unsigned_and_narrow_integer_arrays_are_integers() -> None:
    dense = layer(weights=np.array([[1, 2, 3]], dtype=np.uint8), bias=np.array([4], np.int16))
    assert dense.weights.dtype == np.int64
    assert dense.weights.tolist() == [[1, 2, 3]]


def test_parameters_cannot_be_changed() -> None:
    given_weights = np.array([[1, 2, 3]])
    dense = layer(weights=given_weights, bias=[0])
    with pytest.raises(ValueError, match="read-only"):
        dense.weights[0, 0] = 9
    given_weights[0, 0] = 9
    assert dense.weights.tolist() == [[1, 2, 3]]
    with pytest.raises(ValidationError):
        dense.relu = False


@pytest.mark.parametrize(
    ("input_format", "bias"),
    [
        (FixedPoint(width=51, frac=0, signed=False), 0),
        (FixedPoint(width=60, frac=0, signed=True), 0),
        (FixedPoint(width=64, frac=0, signed=False), 0),
        (FixedPoint(width=8, frac=0, signed=True), 2**63 - 1),
        (FixedPoint(width=8, frac=0, signed=True), -(2**63)),
    ],
)
def test_an_accumulator_past_64_bits_is_refused_or_exact(
    input_format: FixedPoint, bias: int
) -> None:
    """64 weights of 127 make an un-requantised chain of 8-bit layers this wide after four."""
    weights = [[127] * 64]
    low, high = integers(input_format)[0], integers(input_format)[-1]
    try:
        dense = layer(weights=weights, bias=[bias], input_format=input_format)
        observed = dense.accumulator_range
    except ValidationError:
        return
    assert observed == accumulator_range(weights, [bias], low, high)
