# SPDX-License-Identifier: Apache-2.0
import itertools
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.activity.operations import Operation, OperationKind, layer_operations
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_widths import requantiser_widths
from tests.models import changed, fold_model, random_model

A1 = (6, 64, 1)


def totals(counts: Counter[Operation]) -> dict[OperationKind, int]:
    return {
        kind: sum(count for operation, count in counts.items() if operation.kind is kind)
        for kind in OperationKind
    }


def inference_operations(
    model: IntegerMlp, engine: FoldedEngine, constant_weights: bool = True
) -> Counter[Operation]:
    counts: Counter[Operation] = Counter()
    for layer, folded in zip(model.layers, engine.layers, strict=True):
        counts += layer_operations(layer, folded, constant_weights)
    return counts


@pytest.mark.parametrize("pe", [1, 2, 8, 32])
def test_a1_takes_448_products_and_512_additions_however_it_is_folded(pe: int) -> None:
    """448 additions to trees and accumulators, one more for each of the 64 requantised neurons."""
    model = random_model(A1)
    counts = inference_operations(model, fold_model(model, [(pe, 6), (1, pe)]))
    assert totals(counts) == {OperationKind.MULTIPLY: 448, OperationKind.ADD: 448 + 64}


def test_idle_lanes_of_the_last_group_are_counted() -> None:
    """7 groups of 10 neurons, and 10 at a time of 64 inputs: 70 * 6 + 70 products, 70 roundings."""
    model = random_model(A1)
    counts = inference_operations(model, fold_model(model, [(10, 6), (1, 10)]))
    assert totals(counts) == {OperationKind.MULTIPLY: 490, OperationKind.ADD: 490 + 70}


@pytest.mark.parametrize(
    ("parts", "roundings"),
    [
        ({"rounding": Rounding.HALF_EVEN}, 64),
        ({"rounding": Rounding.HALF_UP}, 64),
        ({"rounding": Rounding.FLOOR}, 0),
        ({"requantised": False}, 0),
    ],
)
def test_an_addition_rounds_where_there_is_something_to_round(
    parts: dict[str, object], roundings: int
) -> None:
    model = random_model(A1, **parts)
    counts = inference_operations(model, fold_model(model, [(8, 6), (1, 8)]))
    assert totals(counts)[OperationKind.ADD] == 448 + roundings


def test_operations_carry_the_widths_of_their_layer() -> None:
    model = random_model(A1, weight_width=5, activation_width=6, input_width=12)
    engine = fold_model(model, [(8, 6), (1, 8)])
    hidden, output = (
        layer_operations(layer, folded)
        for layer, folded in zip(model.layers, engine.layers, strict=True)
    )
    acc1, acc2 = (layer.accumulator_format.width for layer in model.layers)
    aligned = model.layers[0].aligned_format.width
    # Six products of 17 bits: 18 18 18, then 19 18, then 20; eight of 11: 4 of 12, 2 of 13, 14.
    expected = Counter({Operation(OperationKind.MULTIPLY, 5, 12): 384})
    for width, count in ((18, 3 * 64), (19, 64), (20, 64), (acc1, 64), (aligned, 64)):
        expected[Operation(OperationKind.ADD, width, 0)] += count
    assert hidden == expected
    expected = Counter({Operation(OperationKind.MULTIPLY, 5, 6): 64})
    for width, count in ((12, 4 * 8), (13, 2 * 8), (14, 8), (acc2, 8)):
        expected[Operation(OperationKind.ADD, width, 0)] += count
    assert output == expected


def test_a_layer_of_one_step_adds_what_its_adder_graph_adds() -> None:
    """Adders at their own bits, one for each bias and one for each of the 64 roundings."""
    model = random_model(A1)
    engine = fold_model(model, [(64, 6), (1, 64)])
    graphs = [layer_adder_graph(*pair) for pair in zip(model.layers, engine.layers, strict=True)]
    counts = inference_operations(model, engine)
    assert totals(counts) == {
        OperationKind.MULTIPLY: 0,
        OperationKind.ADD: sum(len(graph.adders) for graph in graphs) + 65 + 64,
    }
    first, second = model.layers
    bits = sum(graph.bits for graph in graphs) + 64 * first.accumulator_format.width
    bits += second.accumulator_format.width + 64 * first.aligned_format.width
    assert sum(count * operation.width_a for operation, count in counts.items()) == bits


def test_weights_from_a_memory_are_multiplied_with() -> None:
    model = random_model(A1)
    engine = fold_model(model, [(64, 6), (1, 64)])
    counts = inference_operations(model, engine, constant_weights=False)
    assert totals(counts) == {OperationKind.MULTIPLY: 448, OperationKind.ADD: 448 + 64}


def test_a_further_pulse_of_an_incremental_layer_multiplies_differences() -> None:
    """8 steps of 8 lanes: 64 products of 8 and 9 bits; one subtraction a step; 64 roundings."""
    model = random_model(A1, pulses=100)
    engine = fold_model(model, [(8, 1), (1, 8)], incremental=True)
    layer, folded = model.layers[0], engine.layers[0]
    counts = layer_operations(layer, folded, vectors=1, steps=8)
    expected = Counter({Operation(OperationKind.MULTIPLY, 8, 9): 64})
    expected[Operation(OperationKind.ADD, layer.accumulator_format.width, 0)] += 64
    expected[Operation(OperationKind.ADD, 9, 0)] += 8
    expected[Operation(OperationKind.ADD, layer.aligned_format.width, 0)] += 64
    assert counts == expected


def test_vectors_and_steps_scale_the_counts() -> None:
    model = random_model((5, 4))
    folded_layer = fold_model(model, [(2, 3)]).layers[0]
    once = layer_operations(model.layers[0], folded_layer)
    assert layer_operations(model.layers[0], folded_layer, vectors=7) == Counter(
        {operation: 7 * count for operation, count in once.items()}
    )


def test_outputs_of_a_graph_that_are_accumulators_already_take_no_addition() -> None:
    """Of 4x + 0, -4x + 0, 0x + 9, 4x + 9 and 3x + 0 two add a bias or negate; 3x is a sum."""
    layer = random_model((1, 5), input_width=4).layers[0]
    layer = changed(layer, weights=[[4], [-4], [0], [4], [3]], bias=[0, 0, 9, 9, 0])
    folded_layer = fold_model(random_model((1, 5)), [(5, 1)]).layers[0]
    graph = layer_adder_graph(layer, folded_layer)
    negated = sum(output.negative for output in graph.outputs)
    assert totals(layer_operations(layer, folded_layer))[OperationKind.ADD] == 1 + negated + 1


def test_roundings_have_the_aligned_width_and_sums_the_width_of_their_own_scale() -> None:
    """The coarse neuron of one input has 9 bits and 19 after its shift, the fine one 15."""
    fine = random_model((1, 2, 1)).layers[0]
    layer = changed(fine, weights=[[100], [2]], bias=[0, 0], channel_shifts=(0, 10))
    folded_layer = fold_model(random_model((1, 2)), [(2, 1)]).layers[0]
    assert layer.shift > 0
    assert layer_operations(layer, folded_layer, constant_weights=False) == {
        Operation(OperationKind.MULTIPLY, 8, 8): 2,
        Operation(OperationKind.ADD, 15, 0): 2,
        Operation(OperationKind.ADD, 19, 0): 2,
    }


@settings(max_examples=60)
@given(st.data(), st.lists(st.integers(1, 9), min_size=2, max_size=4), st.booleans())
def test_counts_are_what_the_lanes_of_every_step_execute(
    data: st.DataObject, sizes: list[int], per_channel: bool
) -> None:
    model = random_model(sizes, rounding=Rounding.HALF_UP, per_channel=per_channel)
    foldings = [
        (data.draw(st.integers(1, m)), data.draw(st.integers(1, k)))
        for k, m in itertools.pairwise(sizes)
    ]
    products = additions = 0
    for layer, (pe, simd) in zip(model.layers, foldings, strict=True):
        for _group in range(0, layer.neurons, pe):
            for _step in range(0, layer.inputs, simd):
                for _lane in range(pe):
                    products += simd
                    additions += (simd - 1) + 1
            if layer.output_format is not None and layer.shift > 0:
                additions += pe
    engine = fold_model(model, foldings)
    assert totals(inference_operations(model, engine, constant_weights=False)) == {
        OperationKind.MULTIPLY: products,
        OperationKind.ADD: additions,
    }


def test_a_multiplier_in_the_requantiser_is_one_product_a_neuron() -> None:
    """64 products at the widths of multiplier and accumulator, and 64 additions that also round."""
    model = random_model(A1, multipliers=9, output="code")
    engine = fold_model(model, [(8, 6), (1, 8)])
    plain = random_model(A1)
    expected = layer_operations(plain.layers[0], fold_model(plain, [(8, 6), (1, 8)]).layers[0])
    layer = model.layers[0]
    widths = requantiser_widths(layer)
    accumulator = layer.accumulator_format.width
    assert accumulator == plain.layers[0].accumulator_format.width
    rounding = Operation(OperationKind.ADD, plain.layers[0].aligned_format.width, 0)
    expected[rounding] -= 64
    expected[Operation(OperationKind.MULTIPLY, 9, accumulator)] += 64
    expected[Operation(OperationKind.ADD, widths.sum, 0)] += 64
    assert layer_operations(layer, engine.layers[0]) == +expected
    totals_of_output = totals(layer_operations(model.layers[1], engine.layers[1]))
    assert totals_of_output == {OperationKind.MULTIPLY: 64 + 1, OperationKind.ADD: 64 + 1}


def test_an_argmax_compares_and_counts_nothing() -> None:
    model = random_model((6, 8, 3))
    foldings = [(8, 6), (1, 8)]
    compared = changed(model, output="argmax")
    assert inference_operations(compared, fold_model(compared, foldings)) == (
        inference_operations(model, fold_model(model, foldings))
    )
