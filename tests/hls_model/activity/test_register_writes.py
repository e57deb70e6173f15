# SPDX-License-Identifier: Apache-2.0
from collections import Counter

from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite, layer_writes
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.schedule.folded_layer import OperandFeed
from tests.models import fold_model, random_model


def test_a_double_buffered_layer_by_hand() -> None:
    """7 inputs by 3, 6 neurons by 4, beats of 2: 2 groups of 3 steps, 4 beats; two vectors."""
    model = random_model((5, 7, 6))
    layer, folded = model.layers[1], fold_model(model, [(2, 5), (4, 3)]).layers[1]
    accumulator = layer.accumulator_format.width
    expected = {
        # Beats of 2 activations of 8 bits.
        RegisterWrite(RegisterKind.BUFFER, 16): 2 * 4,
        # Steps of 3 operands, 12 weights, 12 products of 16 bits, a tree of 17 and 18 bits.
        RegisterWrite(RegisterKind.OPERAND, 24): 12,
        RegisterWrite(RegisterKind.WEIGHT, 96): 12,
        RegisterWrite(RegisterKind.PRODUCT, 16): 12 * 12,
        RegisterWrite(RegisterKind.SUM, 18): 12 * 4,
        RegisterWrite(RegisterKind.ACCUMULATOR, accumulator): 12 * 4,
        # The output layer's two groups are gathered: 6 results.
        RegisterWrite(RegisterKind.RESULT, layer.result_format.width): 2 * 6,
    }
    done = {"vectors": 2, "steps": 12, "gathers": True}
    assert layer_writes(layer, folded, constant_weights=True, **done) == expected
    # From a memory weights come without a register of the layer's own.
    del expected[RegisterWrite(RegisterKind.WEIGHT, 96)]
    assert layer_writes(layer, folded, constant_weights=False, **done) == expected


def buffer_writes(foldings: list[tuple[int, int]]) -> dict[RegisterWrite, int]:
    model = random_model((5, 72, 6))
    layer, folded = model.layers[1], fold_model(model, foldings).layers[1]
    assert folded.feed is OperandFeed.MEMORY
    counts = layer_writes(layer, folded, constant_weights=True, vectors=2, steps=2 * folded.cycles)
    kinds = (RegisterKind.BUFFER, RegisterKind.FETCHED)
    return {one: count for one, count in counts.items() if one.kind in kinds}


def test_a_layer_with_its_banks_in_memory_by_hand() -> None:
    """72 operands of 8 bits, 6 neurons by 2: rows are written once, and read for each of 3 groups.

    They are beats that are steps; 3 beats, of which 2 are held until the third comes; and beats of
    which 3 steps are cut.
    """
    assert buffer_writes([(4, 5), (2, 4)]) == {
        RegisterWrite(RegisterKind.BUFFER, 32): 2 * 18,
        RegisterWrite(RegisterKind.FETCHED, 32): 2 * 3 * 18,
    }
    assert buffer_writes([(3, 5), (2, 9)]) == {
        RegisterWrite(RegisterKind.BUFFER, 24): 2 * 16,
        RegisterWrite(RegisterKind.BUFFER, 72): 2 * 8,
        RegisterWrite(RegisterKind.FETCHED, 72): 2 * 3 * 8,
    }
    assert buffer_writes([(9, 5), (2, 3)]) == {
        RegisterWrite(RegisterKind.BUFFER, 72): 2 * 8,
        RegisterWrite(RegisterKind.FETCHED, 72): 2 * 3 * 8,
    }


def test_an_incremental_layer_keeps_inputs_and_accumulators() -> None:
    """5 inputs by 2, 7 neurons by 3: 3 groups; one changed step each."""
    model = random_model((5, 7, 2), pulses=10)
    layer = model.layers[0]
    folded_layer = fold_model(model, [(3, 2), (1, 3)], incremental=True).layers[0]
    accumulator = layer.accumulator_format.width
    assert layer_writes(layer, folded_layer, constant_weights=True, vectors=1, steps=3) == {
        RegisterWrite(RegisterKind.BUFFER, 5 * 8): 1,
        # Differences have 9 bits, products 17, their sum 18.
        RegisterWrite(RegisterKind.OPERAND, 18): 3,
        RegisterWrite(RegisterKind.WEIGHT, 6 * 8): 3,
        RegisterWrite(RegisterKind.PRODUCT, 17): 3 * 6,
        RegisterWrite(RegisterKind.SUM, 18): 3 * 3,
        RegisterWrite(RegisterKind.ACCUMULATOR, accumulator): 3 * 3,
        RegisterWrite(RegisterKind.KEPT, 3 * accumulator): 3,
        RegisterWrite(RegisterKind.ACTIVATION, 8): 3 * 3,
    }


def test_a_layer_of_one_step_has_the_registers_of_its_graph() -> None:
    """One stage: of 2 inputs the graph keeps what its outputs are."""
    model = random_model((2, 3), input_width=4)
    layer, folded = model.layers[0], fold_model(model, [(3, 2)]).layers[0]
    graph = layer_adder_graph(layer, folded)
    counts = layer_writes(layer, folded, constant_weights=True, vectors=5, steps=5)
    named = {output.operand for output in graph.outputs}
    last = [one for one in counts if one.kind is RegisterKind.SUM]
    assert sum(counts[one] for one in last) == 5 * len(named)
    assert not [one for one in counts if one.kind is RegisterKind.WEIGHT]
    by_kind: Counter[RegisterKind] = Counter()
    for one, count in counts.items():
        by_kind[one.kind] += count
    assert by_kind[RegisterKind.ACCUMULATOR] == 5 * 3
    assert by_kind[RegisterKind.OPERAND] == 5
