# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from hls_model.dense_layer import DenseLayer
from hls_model.fixed_point import FixedPoint, Rounding
from hls_model.folding import FoldedLayer
from rtl.engine.dense_unit import DenseUnit
from tests.hls_model.reference import ReferenceLayer, layer_output
from tests.models import changed
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
    folded = FoldedLayer(
        inputs=layer.inputs,
        neurons=layer.neurons,
        pe=pe,
        simd=simd,
        beat=layer.inputs,
        hidden=layer.relu,
    )
    unit = DenseUnit(layer, folded)
    source, result = layer.input_format, layer.result_format
    steps, groups = -(-layer.inputs // simd), -(-layer.neurons // pe)
    codes = np.random.default_rng(seed).integers(
        source.minimum, source.maximum + 1, (vectors, layer.inputs)
    )
    codes[0], codes[-1] = source.minimum, source.maximum
    target = layer.output_format
    reference = ReferenceLayer(
        weights=layer.weights.tolist(),
        bias=layer.bias.tolist(),
        relu=layer.relu,
        shift=0 if target is None else -target.frac,
        output_width=None if target is None else target.width,
        rounding=layer.rounding.value,
    )
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


@settings(max_examples=100)
@given(st.data(), st.integers(1, 8), st.integers(1, 6), st.integers(0, 2**16))
def test_any_layer_and_folding_under_random_traffic(
    data: st.DataObject, inputs: int, neurons: int, seed: int
) -> None:
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
    )
    run_unit(
        layer,
        data.draw(st.integers(1, neurons)),
        data.draw(st.integers(1, inputs)),
        offers=data.draw(st.sampled_from([0.4, 1])),
        takes=data.draw(st.sampled_from([0.4, 1])),
        seed=seed,
    )
