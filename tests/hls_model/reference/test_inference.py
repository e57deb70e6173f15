# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import ValidationError

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.reference.inference import exact_dtype, forward
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.hls_model.exact_reference import (
    layer_output,
    model_output,
    reference_layer,
    reference_layers,
)
from tests.models import changed, plain_input_map, random_codes, random_model

A1 = (6, 64, 1)


@st.composite
def models(draw: st.DrawFn) -> IntegerMlp:
    requantised, per_channel = draw(st.booleans()), draw(st.booleans())
    # A fourth layer without requantiser and with channel shifts may outgrow exact integers.
    longest = 4 if per_channel and not requantised else 5
    sizes = draw(st.lists(st.integers(1, 12), min_size=2, max_size=longest))
    return random_model(
        sizes,
        seed=draw(st.integers(0, 2**32 - 1)),
        weight_width=draw(st.integers(2, 8)),
        activation_width=draw(st.integers(2, 8)),
        input_width=draw(st.integers(2, 16)),
        rounding=draw(st.sampled_from(Rounding)),
        requantised=requantised,
        extreme=draw(st.booleans()),
        per_channel=per_channel,
    )


@st.composite
def shifted_layers(draw: st.DrawFn) -> DenseLayer:
    """One layer whose channel shifts lie on both sides of its requantiser's shift."""
    width, inputs, neurons = (draw(st.integers(2, 8)) for _ in range(3))
    weight = st.integers(1 - 2 ** (width - 1), 2 ** (width - 1) - 1)
    row = st.lists(weight, min_size=inputs, max_size=inputs)
    shifts = draw(st.lists(st.integers(0, 31), min_size=neurons, max_size=neurons))
    shift = draw(st.integers(-6, 34))
    target = FixedPoint(width=draw(st.integers(1, 16)), frac=-shift, signed=False)
    relu = draw(st.booleans())
    return DenseLayer(
        weights=draw(st.lists(row, min_size=neurons, max_size=neurons)),
        bias=draw(st.lists(st.integers(-500, 500), min_size=neurons, max_size=neurons)),
        input_format=FixedPoint(width=draw(st.integers(1, 8)), frac=0, signed=draw(st.booleans())),
        weight_format=FixedPoint(width=width, frac=0, signed=True),
        relu=relu,
        output_format=target if relu and draw(st.booleans()) else None,
        rounding=draw(st.sampled_from(Rounding)),
        channel_shifts=[each - min(shifts) for each in shifts],
    )


@settings(max_examples=150)
@given(models())
def test_random_models_equal_the_reference(model: IntegerMlp) -> None:
    codes = random_codes(model, 12)
    assert model.infer(codes).tolist() == model_output(model, codes)


@settings(max_examples=300)
@given(shifted_layers(), st.integers(0, 2**16))
def test_layers_with_channel_shifts_equal_the_reference(dense: DenseLayer, seed: int) -> None:
    source = dense.input_format
    codes = np.random.default_rng(seed).integers(
        source.minimum, source.maximum + 1, (12, dense.inputs)
    )
    codes[0], codes[-1] = source.minimum, source.maximum
    reference = reference_layer(dense)
    expected = [layer_output(reference, row) for row in codes.tolist()]
    assert forward([dense], codes).tolist() == expected


@pytest.mark.parametrize(
    ("rounding", "expected"),
    [("floor", [0, 1, 2, 12]), ("half_up", [1, 2, 2, 12]), ("half_even", [0, 2, 2, 12])],
)
def test_a_channel_past_the_requantiser_s_shift_is_shifted_left(
    rounding: str, expected: list[int]
) -> None:
    """Shift 1 in finest steps: accumulators 1, 3, 2, 3 with own shifts 1, 1, 0 and -2."""
    dense = DenseLayer(
        weights=[[1], [3], [2], [3]],
        bias=[0, 0, 0, 0],
        input_format=FixedPoint(width=1, frac=0, signed=False),
        weight_format=FixedPoint(width=3, frac=0, signed=True),
        relu=True,
        output_format=FixedPoint(width=4, frac=-1, signed=False),
        rounding=rounding,
        channel_shifts=(0, 0, 1, 3),
    )
    assert forward([dense], np.array([[1]])).tolist() == [expected]
    assert layer_output(reference_layer(dense), [1]) == expected


def test_the_guard_counts_channel_shifts() -> None:
    """127 * 127 * 2**10 < 2**24, but times 2**11 is not."""
    for shift, dtype in ((9, np.float32), (10, np.float32), (11, np.float64), (31, np.float64)):
        dense = DenseLayer(
            weights=[[127], [-1]],
            bias=[0, 1],
            input_format=FixedPoint(width=7, frac=0, signed=False),
            weight_format=FixedPoint(width=8, frac=0, signed=True),
            relu=False,
            channel_shifts=(shift, 0),
        )
        assert exact_dtype([dense]) is dtype
        assert forward([dense], np.array([[127]])).tolist() == [[127 * 127 * 2**shift, -126]]


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("extreme", [False, True])
@pytest.mark.parametrize(
    ("dtype", "sizes", "parts"),
    [
        (np.float32, A1, {}),
        (np.float32, (6, 64, 64, 64, 1), {}),
        (np.float32, (6, 12, 3), {"weight_width": 5, "per_channel": True}),
        (np.float64, (6, 64, 64, 2), {"input_width": 16, "per_channel": True}),
        (np.int64, (6, 64, 64, 2), {"requantised": False, "per_channel": True}),
        (np.float32, (6, 16, 3), {"input_width": 8, "activation_width": 2, "weight_width": 2}),
        # 6 * 127 * 2**15 is about 2**24.6.
        (np.float64, (6, 64, 4), {"input_width": 16}),
        # 17 bits out of layer 1; 64 * 127 * 2**17 is about 2**30.
        (np.float64, A1, {"requantised": False}),
        (np.float64, (6, 64, 64, 1), {"requantised": False}),
        # Some 13 bits more a layer: past 2**53 in the fourth.
        (np.int64, (6, 64, 64, 64, 1), {"requantised": False}),
        (np.int64, (6, 64, 64, 64, 1), {"requantised": False, "input_width": 12}),
    ],
)
def test_each_arithmetic_equals_the_reference(
    dtype: type, sizes: tuple[int, ...], parts: dict[str, object], extreme: bool, rounding: Rounding
) -> None:
    model = random_model(sizes, seed=3, rounding=rounding, extreme=extreme, **parts)
    assert exact_dtype(model.layers) is dtype
    codes = random_codes(model, 8)
    assert model.infer(codes).tolist() == model_output(model, codes)


def wide_hidden_model(shift: int, rounding: Rounding, weight_width: int = 8) -> IntegerMlp:
    """A requantiser behind un-requantised layers, so that it works in int64."""
    plain = random_model((6, 64, 64, 64, 64), seed=1, requantised=False, rounding=rounding)
    layers = list(plain.layers[:3])
    last_hidden = changed(plain.layers[3], relu=True)
    frac = last_hidden.accumulator_frac - shift
    target = FixedPoint(width=8, frac=frac, signed=False)
    layers.append(changed(last_hidden, output_format=target))
    layers.append(
        DenseLayer(
            weights=np.random.default_rng(1).integers(-1, 2, (1, 64)),
            bias=[5],
            input_format=target,
            weight_format=FixedPoint(width=weight_width, frac=0, signed=True),
            relu=False,
        )
    )
    return IntegerMlp(name="wide", input_map=plain.input_map, layers=tuple(layers))


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [30, 44, 47, 50])
def test_a_requantiser_on_a_wide_accumulator_equals_the_reference(
    shift: int, rounding: Rounding
) -> None:
    model = wide_hidden_model(shift, rounding)
    assert exact_dtype(model.layers) is np.int64
    codes = random_codes(model, 20)
    assert model.infer(codes).tolist() == model_output(model, codes)


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [1, 2, 3])
def test_ties_are_met_and_rounded_as_the_law_says(shift: int, rounding: Rounding) -> None:
    """Weights of half a step make every second accumulator a tie."""
    inputs, neurons, half = 6, 64, 2 ** (shift - 1)
    input_map = plain_input_map(inputs, 8)
    formats = input_map.code_format, FixedPoint(width=8, frac=0, signed=True)
    random = np.random.default_rng(0)
    hidden = DenseLayer(
        weights=random.choice([-half, 0, half], (neurons, inputs)),
        bias=random.choice([0, half, 2 * half], neurons),
        input_format=formats[0],
        weight_format=formats[1],
        relu=True,
        output_format=FixedPoint(width=8, frac=formats[0].frac - shift, signed=False),
        rounding=rounding,
    )
    output = DenseLayer(
        weights=random.integers(-127, 128, (1, neurons)),
        bias=[0],
        input_format=hidden.result_format,
        weight_format=formats[1],
        relu=False,
    )
    model = IntegerMlp(name="ties", input_map=input_map, layers=(hidden, output))
    codes = random_codes(model, 50)
    by_rounding = {}
    for name in Rounding:
        other = changed(model, layers=(changed(hidden, rounding=name), output))
        by_rounding[name] = model_output(other, codes)
    assert len({str(outputs) for outputs in by_rounding.values()}) == len(Rounding)
    assert model.infer(codes).tolist() == by_rounding[rounding]


@pytest.mark.parametrize("shift", [-20, -4, -1, 0, 1, 2])
@pytest.mark.parametrize("rounding", Rounding)
def test_a_small_or_a_left_shift_equals_the_reference(shift: int, rounding: Rounding) -> None:
    input_map = plain_input_map(3, 4)
    weights = FixedPoint(width=3, frac=0, signed=True)
    hidden = DenseLayer(
        weights=[[1, -2, 3], [0, 1, 0], [-3, 3, 1]],
        bias=[0, -1, 2],
        input_format=input_map.code_format,
        weight_format=weights,
        relu=True,
        output_format=FixedPoint(width=8, frac=input_map.code_format.frac - shift, signed=False),
        rounding=rounding,
    )
    output = DenseLayer(
        weights=[[3, -3, 1]],
        bias=[-1],
        input_format=hidden.result_format,
        weight_format=weights,
        relu=False,
    )
    model = IntegerMlp(name="small", input_map=input_map, layers=(hidden, output))
    codes = random_codes(model, 200)
    assert model.infer(codes).tolist() == model_output(model, codes)


@pytest.mark.parametrize("shift", [-50, -60, -64, 64, 70])
def test_a_shift_past_the_machine_word_is_refused_or_exact(shift: int) -> None:
    input_map = plain_input_map(1, 8)
    try:
        hidden = DenseLayer(
            weights=[[16]],
            bias=[0],
            input_format=input_map.code_format,
            weight_format=FixedPoint(width=8, frac=min(shift, 0) // 2, signed=True),
            relu=True,
            output_format=FixedPoint(width=8, frac=7 + min(shift, 0) // 2 - shift, signed=False),
        )
        output = DenseLayer(
            weights=[[1]],
            bias=[0],
            input_format=hidden.result_format,
            weight_format=FixedPoint(width=2, frac=0, signed=True),
            relu=False,
        )
        model = IntegerMlp(name="far", input_map=input_map, layers=(hidden, output))
    except ValidationError:
        return
    codes = np.array([[-128], [0], [1], [16], [64], [127]])
    assert model.infer(codes).tolist() == model_output(model, codes)


def test_a_chain_that_outgrows_64_bits_is_refused_or_exact() -> None:
    """Four un-requantised hidden layers on 16-bit inputs: 16 + 4 * 13 bits and more."""
    input_map = plain_input_map(6, 16)
    sizes = (6, 64, 64, 64, 64, 1)
    layers: list[DenseLayer] = []
    input_format = input_map.code_format
    try:
        for number, (inputs, neurons) in enumerate(pairwise(sizes)):
            layers.append(
                DenseLayer(
                    weights=np.full((neurons, inputs), 127),
                    bias=np.zeros(neurons, dtype=int),
                    input_format=input_format,
                    weight_format=FixedPoint(width=8, frac=7, signed=True),
                    relu=number < len(sizes) - 2,
                )
            )
            input_format = layers[-1].result_format
        model = IntegerMlp(name="deep", input_map=input_map, layers=tuple(layers))
        codes = np.full((1, 6), 32767)
        observed = model.infer(codes).tolist()
    except (ValidationError, PulsewrightError):
        return
    assert observed == model_output(model, codes)


def single_layer(bound: int) -> DenseLayer:
    """|bias| + sum |w| * 128 is exactly `bound`, reached at x = -128."""
    weights = [-127] * 100
    bias = bound - 100 * 127 * 128
    return DenseLayer(
        weights=[weights],
        bias=[bias],
        input_format=FixedPoint(width=8, frac=0, signed=True),
        weight_format=FixedPoint(width=8, frac=0, signed=True),
        relu=False,
    )


@pytest.mark.parametrize(
    ("bound", "dtype"),
    [
        (2**24 - 1000, np.float32),
        (2**24 - 2, np.float32),
        (2**24, np.float64),
        (2**24 + 1, np.float64),
        (2**53 - 2, np.float64),
        (2**53, np.int64),
        (2**60, np.int64),
    ],
)
def test_a_float_is_taken_only_below_its_last_exact_integer(bound: int, dtype: type) -> None:
    dense = single_layer(bound)
    assert exact_dtype([dense]) is dtype
    codes = np.full((1, 100), -128)
    assert forward([dense], codes).tolist() == [[bound]]


def test_one_large_layer_decides_for_the_chain() -> None:
    small, large = random_model(A1), random_model(A1, input_width=16)
    assert exact_dtype(small.layers) is np.float32
    assert exact_dtype(large.layers) is np.float64
    assert exact_dtype([*small.layers, *large.layers]) is np.float64


def test_the_guard_counts_the_half_step_of_half_up() -> None:
    """2**24 - 2 fits float32; with half of 2**24 added it does not."""
    dense = DenseLayer(
        weights=[[-127] * 100],
        bias=[2**24 - 2 - 100 * 127 * 128],
        input_format=FixedPoint(width=8, frac=0, signed=True),
        weight_format=FixedPoint(width=8, frac=0, signed=True),
        relu=True,
        output_format=FixedPoint(width=1, frac=-24, signed=False),
        rounding=Rounding.HALF_UP,
    )
    assert exact_dtype([dense]) is not np.float32
    assert forward([dense], np.full((1, 100), -128)).tolist() == [[1]]


def test_the_guard_counts_a_left_shift() -> None:
    dense = DenseLayer(
        weights=[[127]],
        bias=[0],
        input_format=FixedPoint(width=8, frac=0, signed=True),
        weight_format=FixedPoint(width=8, frac=0, signed=True),
        relu=True,
        output_format=FixedPoint(width=60, frac=20, signed=False),
    )
    assert exact_dtype([dense]) is not np.float32
    assert forward([dense], np.array([[127]])).tolist() == [[127 * 127 * 2**20]]


def test_rows_past_a_block_equal_the_same_rows_alone() -> None:
    model = random_model((6, 16, 2))
    codes = random_codes(model, 5000)
    outputs = model.infer(codes)
    assert outputs.shape == (5000, 2)
    picked = [0, 1, 2047, 2048, 2049, 4095, 4096, 4999]
    assert outputs[picked].tolist() == model_output(model, codes[picked])


def test_no_rows_give_no_results() -> None:
    assert random_model((6, 16, 2)).infer(np.zeros((0, 6), dtype=np.int64)).shape == (0, 2)


@pytest.mark.parametrize("dtype", [np.int8, np.int16, np.int32, np.int64])
def test_any_signed_integer_type_gives_the_same(dtype: type) -> None:
    model = random_model(A1)
    codes = random_codes(model, 30)
    assert model.infer(codes.astype(dtype)).tolist() == model_output(model, codes)


@pytest.mark.parametrize("requantised", [True, False])
def test_codes_are_left_as_they_were(requantised: bool) -> None:
    model = random_model(A1, requantised=requantised)
    codes = random_codes(model, 30)
    before = codes.copy()
    model.infer(codes)
    assert np.array_equal(codes, before)


@pytest.mark.parametrize(
    ("codes", "message"),
    [
        (np.zeros((3, 5), dtype=int), r"must be \(rows, 6\), got \(3, 5\)"),
        (np.zeros(6, dtype=int), r"must be \(rows, 6\), got \(6,\)"),
        (np.zeros((1, 2, 6), dtype=int), r"got \(1, 2, 6\)"),
        (np.zeros((2, 6)), "must be integers, got float64"),
        (np.zeros((2, 6), dtype=bool), "must be integers, got bool"),
        (np.full((2, 6), 128), r"reach 128\.\.128, outside -128\.\.127"),
        (np.array([[0, 0, 0, 0, 0, -129]]), r"reach -129\.\.0, outside -128\.\.127"),
        (np.full((1, 6), 200, dtype=np.uint8), r"reach 200\.\.200, outside"),
        (np.full((1, 6), 2**64 - 1, dtype=np.uint64), "outside -128"),
    ],
)
def test_wrong_codes_are_refused_with_their_value(codes: np.ndarray, message: str) -> None:
    with pytest.raises(PulsewrightError, match=message):
        random_model(A1).infer(codes)


def test_the_reference_reads_the_same_parameters() -> None:
    """Guards the comparison itself: the reference sees the shift of the formats."""
    model = random_model((6, 8, 2))
    hidden, output = reference_layers(model)
    assert hidden.shift == (
        model.input_format.frac
        + model.layers[0].weight_format.frac
        - model.layers[1].input_format.frac
    )
    assert hidden.relu
    assert not output.relu
    assert output.output_width is None
