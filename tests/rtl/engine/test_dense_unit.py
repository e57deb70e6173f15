# SPDX-License-Identifier: Apache-2.0
from collections.abc import Sequence

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, Rounding
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.dense_unit import DenseUnit
from tests.hls_model.exact_reference import layer_output, reference_layer
from tests.models import changed, random_channel_shifts
from tests.rtl.streams import Traffic, always, pack, run_stream, sometimes, unpack


def make_layer(
    inputs: int,
    neurons: int,
    seed: int = 0,
    weight_width: int = 5,
    input_width: int = 4,
    signed_inputs: bool = True,
    shift: int | None = 3,
    width: int = 4,
    relu: bool = True,
    rounding: Rounding = Rounding.HALF_EVEN,
    extreme: bool = False,
    channel_shifts: Sequence[int] = (),
) -> DenseLayer:
    random = np.random.default_rng(seed)
    limit = 2 ** (weight_width - 1) - 1
    weights = random.integers(-limit, limit + 1, (neurons, inputs))
    if extreme:
        weights = random.choice([-limit, limit], (neurons, inputs))
    requantised = relu and shift is not None
    return DenseLayer(
        weights=weights,
        bias=random.integers(-20, 21, neurons),
        input_format=FixedPoint(width=input_width, frac=0, signed=signed_inputs),
        weight_format=FixedPoint(width=weight_width, frac=0, signed=True),
        relu=relu,
        output_format=FixedPoint(width=width, frac=-shift, signed=False) if requantised else None,
        rounding=rounding,
        channel_shifts=channel_shifts,
    )


def run_unit(
    layer: DenseLayer,
    pe: int,
    simd: int,
    vectors: int = 6,
    offers: float = 1,
    takes: float = 1,
    seed: int = 0,
) -> Traffic:
    """Feed the steps of random vectors; every group of results must be the reference's."""
    folded_layer = FoldedLayer(
        inputs=layer.inputs,
        neurons=layer.neurons,
        pe=pe,
        simd=simd,
        beat=layer.inputs,
        hidden=layer.relu,
    )
    unit = DenseUnit(layer, folded_layer)
    source, result = layer.input_format, layer.result_format
    steps, groups = -(-layer.inputs // simd), -(-layer.neurons // pe)
    codes = np.random.default_rng(seed).integers(
        source.minimum, source.maximum + 1, (vectors, layer.inputs)
    )
    codes[0], codes[-1] = source.minimum, source.maximum
    reference = reference_layer(layer)
    beats, expected = [], []
    for vector in codes.tolist():
        padded = vector + [0] * (steps * simd - layer.inputs)
        beats += [
            pack(padded[i : i + simd], source.width) for i in range(0, len(padded), simd)
        ] * groups
        outputs = layer_output(reference, vector) + [0] * (groups * pe - layer.neurons)
        expected += [outputs[i : i + pe] for i in range(0, len(outputs), pe)]
    traffic = run_stream(
        unit,
        unit.operands,
        unit.results,
        beats,
        len(expected),
        always if offers == 1 else sometimes(offers, seed + 1),
        always if takes == 1 else sometimes(takes, seed + 2),
    )
    observed = [unpack(word, result.width, result.signed, pe) for word in traffic.words]
    assert observed == expected
    return traffic


@pytest.mark.quick_cases(20)
@pytest.mark.parametrize(("offers", "takes"), [(1, 1), (0.3, 1), (1, 0.3), (0.6, 0.6)])
@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize(
    ("inputs", "neurons", "pe", "simd"),
    [(1, 1, 1, 1), (6, 4, 4, 6), (6, 4, 2, 3), (6, 5, 2, 4), (7, 3, 1, 2), (10, 4, 3, 10)],
)
def test_groups_of_results_are_the_reference_s(
    inputs: int, neurons: int, pe: int, simd: int, relu: bool, offers: float, takes: float
) -> None:
    run_unit(make_layer(inputs, neurons, relu=relu), pe, simd, offers=offers, takes=takes)


@pytest.mark.parametrize(
    ("simd", "tree"), [(1, 0), (2, 1), (4, 1), (8, 1), (9, 2), (16, 2), (64, 2), (65, 3)]
)
@pytest.mark.parametrize("relu", [True, False])
def test_latency_is_operand_multiply_tree_accumulate_activate(
    simd: int, tree: int, relu: bool
) -> None:
    """A register after every three levels of two-input adders; simd products have log2 levels."""
    layer = make_layer(simd, 1, relu=relu)
    traffic = run_unit(layer, 1, simd, vectors=3)
    depth = 1 + 1 + tree + 1 + relu
    assert traffic.taken == [cycle + depth for cycle in range(3)]


@pytest.mark.parametrize(("pe", "simd"), [(1, 2), (2, 6), (4, 1), (3, 4)])
def test_one_step_goes_every_cycle(pe: int, simd: int) -> None:
    traffic = run_unit(make_layer(6, 4), pe, simd, vectors=4)
    steps, groups = -(-6 // simd), -(-4 // pe)
    assert traffic.accepted == list(range(4 * steps * groups))
    gaps = {b - a for a, b in zip(traffic.taken, traffic.taken[1:], strict=False)}
    assert gaps == {steps}


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [-2, 0, 1, 4, 20])
def test_every_rounding_and_shift(shift: int, rounding: Rounding) -> None:
    run_unit(make_layer(5, 6, shift=shift, rounding=rounding), 2, 3, vectors=20)


@pytest.mark.quick_cases(12)
@pytest.mark.parametrize("extreme", [False, True])
@pytest.mark.parametrize(("weight_width", "input_width"), [(2, 2), (8, 8), (8, 16), (2, 16)])
@pytest.mark.parametrize("signed_inputs", [False, True])
@pytest.mark.parametrize("relu", [False, True])
def test_widths_and_signs(
    weight_width: int, input_width: int, signed_inputs: bool, relu: bool, extreme: bool
) -> None:
    layer = make_layer(
        5,
        3,
        weight_width=weight_width,
        input_width=input_width,
        signed_inputs=signed_inputs,
        shift=None,
        relu=relu,
        extreme=extreme,
    )
    run_unit(layer, 2, 2, vectors=10)


def test_a_sum_past_the_accumulator_comes_back_with_the_bias() -> None:
    """-128 + 128 fits 8 bits though the sum of the products alone does not."""
    layer = DenseLayer(
        weights=[[64, 64]],
        bias=[-128],
        input_format=FixedPoint(width=1, frac=0, signed=False),
        weight_format=FixedPoint(width=8, frac=0, signed=True),
        relu=False,
    )
    assert layer.accumulator_format.width == 8
    for simd in (1, 2):
        run_unit(layer, 1, simd, vectors=8)


def test_an_accumulator_that_is_always_zero() -> None:
    layer = make_layer(3, 2)
    silent = changed(layer, weights=layer.weights * 0, bias=layer.bias * 0)
    assert silent.accumulator_format.width == 1
    run_unit(silent, 1, 2)


@pytest.mark.quick_cases(10)
@pytest.mark.parametrize(("offers", "takes"), [(1, 1), (0.3, 1), (1, 0.3), (0.6, 0.6)])
@pytest.mark.parametrize(
    ("relu", "shift"), [(True, 3), (True, None), (False, None)], ids=["hidden", "full", "output"]
)
@pytest.mark.parametrize(
    ("inputs", "neurons", "pe", "simd", "shifts"),
    [
        # Unrolled: wiring.
        (6, 4, 4, 6, (0, 3, 1, 7)),
        # One shift a lane: wiring, folded.
        (6, 6, 2, 3, (0, 4, 0, 4, 0, 4)),
        # The other way round: the shift changes with every group, or with some.
        (6, 6, 2, 3, (0, 0, 4, 4, 2, 2)),
        (6, 6, 1, 6, (5, 0, 1, 4, 2, 3)),
        (6, 6, 1, 2, (5, 5, 1, 1, 0, 5)),
        # A ragged last group, whose idle lanes have no neuron and no shift.
        (7, 5, 2, 4, (1, 0, 6, 3, 0)),
        (7, 5, 3, 2, (2, 9, 0, 2, 1)),
        (10, 4, 3, 10, (0, 1, 2, 3)),
        (4, 3, 2, 1, (31, 0, 12)),
    ],
)
def test_channel_shifts_follow_their_groups(
    inputs: int,
    neurons: int,
    pe: int,
    simd: int,
    shifts: tuple[int, ...],
    relu: bool,
    shift: int | None,
    offers: float,
    takes: float,
) -> None:
    layer = make_layer(
        inputs, neurons, relu=relu, shift=shift, width=8, channel_shifts=shifts, extreme=True
    )
    run_unit(layer, pe, simd, vectors=8, offers=offers, takes=takes)


@pytest.mark.parametrize("rounding", Rounding)
@pytest.mark.parametrize("shift", [-2, 0, 1, 4, 12])
def test_every_rounding_with_channel_shifts_on_both_sides_of_the_shift(
    shift: int, rounding: Rounding
) -> None:
    shifts = (0, 12, 3, 4, 5, 1)
    layer = make_layer(5, 6, shift=shift, width=12, rounding=rounding, channel_shifts=shifts)
    run_unit(layer, 2, 3, vectors=20)


@pytest.mark.parametrize("relu", [True, False])
@pytest.mark.parametrize(("pe", "simd"), [(4, 6), (1, 6), (3, 2)])
def test_channel_shifts_take_no_cycle(pe: int, simd: int, relu: bool) -> None:
    plain = make_layer(6, 4, relu=relu, shift=None)
    shifted = changed(plain, channel_shifts=(2, 0, 3, 1))
    one, other = (run_unit(layer, pe, simd, vectors=4) for layer in (plain, shifted))
    assert one.accepted == other.accepted
    assert one.taken == other.taken


def test_an_accumulator_wider_than_its_aligned_room_loses_nothing() -> None:
    """15 bits of the fine neuron, 9 of the coarse: 15 + 8 would not fit the 17 aligned ones."""
    layer = DenseLayer(
        weights=[[100], [2]],
        bias=[0, 0],
        input_format=FixedPoint(width=8, frac=0, signed=True),
        weight_format=FixedPoint(width=8, frac=0, signed=True),
        relu=False,
        channel_shifts=(0, 8),
    )
    assert (layer.accumulator_format.width, layer.aligned_format.width) == (15, 17)
    for pe in (1, 2):
        run_unit(layer, pe, 1, vectors=40)


@settings(max_examples=30)
@given(st.data(), st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**16))
def test_any_layer_and_folding_under_random_traffic(
    data: st.DataObject, inputs: int, neurons: int, seed: int
) -> None:
    check_any_layer(data, inputs, neurons, seed)


@pytest.mark.regression
@settings(max_examples=400)
@given(st.data(), st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**16))
def test_many_layers_and_foldings_under_random_traffic(
    data: st.DataObject, inputs: int, neurons: int, seed: int
) -> None:
    check_any_layer(data, inputs, neurons, seed)


def check_any_layer(data: st.DataObject, inputs: int, neurons: int, seed: int) -> None:
    layer = make_layer(
        inputs,
        neurons,
        seed,
        weight_width=data.draw(st.integers(2, 8)),
        input_width=data.draw(st.integers(1, 8)),
        signed_inputs=data.draw(st.booleans()),
        shift=data.draw(st.one_of(st.none(), st.integers(-2, 16))),
        width=data.draw(st.integers(1, 8)),
        relu=data.draw(st.booleans()),
        rounding=data.draw(st.sampled_from(Rounding)),
        extreme=data.draw(st.booleans()),
        channel_shifts=random_channel_shifts(neurons, seed, data.draw(st.integers(1, 20)))
        if data.draw(st.booleans())
        else (),
    )
    run_unit(
        layer,
        data.draw(st.integers(1, neurons)),
        data.draw(st.integers(1, inputs)),
        offers=data.draw(st.sampled_from([0.4, 1])),
        takes=data.draw(st.sampled_from([0.4, 1])),
        seed=seed,
    )
