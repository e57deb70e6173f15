# SPDX-License-Identifier: Apache-2.0
"""The operations that the folded hardware executes for one inference, by kind and bit width."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from hls_model.adder_graph.solver import layer_adder_graph
from hls_model.dense_layer import DenseLayer
from hls_model.fixed_point import Rounding
from hls_model.folding import FoldedEngine, FoldedLayer
from hls_model.integer_mlp import IntegerMlp


class OperationKind(StrEnum):
    """What an operation is; additions include those that only round."""

    MULTIPLY = "multiply"
    ADD = "add"


class Operation(NamedTuple):
    """A kind of operation and its operand widths in bits (`width_b` is 0 for an addition)."""

    kind: OperationKind
    width_a: int
    width_b: int


def layer_operations(
    layer: DenseLayer, folded: FoldedLayer, constant_weights: bool = True
) -> Counter[Operation]:
    """Operations of one layer for one vector, padding lanes of the last group included.

    Every step multiplies pe * simd pairs, adds them in pe trees of simd - 1 adders and adds each
    tree to its accumulator, each at the width of the accumulator at its neuron's own scale. A
    layer of one step with constant weights has an adder graph instead: no multiplication, the
    graph's additions at their own widths, and one to each accumulator that is more than an output
    of the graph. Every requantised neuron adds once more to round, at the width of the aligned
    accumulator. Channel shifts are constants, wiring or a small multiplexer, and count nothing.
    """
    counts: Counter[Operation] = Counter()
    accumulate = Operation(OperationKind.ADD, layer.accumulator_format.width, 0)
    if constant_weights and folded.cycles == 1:
        graph = layer_adder_graph(layer, folded)
        counts.update(
            Operation(OperationKind.ADD, adder.bits, 0) for adder in graph.adders if adder.bits
        )
        counts[accumulate] += sum(
            output.operand is not None and (output.negative or bias != 0)
            for output, bias in zip(graph.outputs, layer.bias.tolist(), strict=True)
        )
    else:
        multiplications = folded.cycles * folded.multipliers
        widths = layer.weight_format.width, layer.input_format.width
        counts[Operation(OperationKind.MULTIPLY, *widths)] = multiplications
        counts[accumulate] = multiplications
    rounds = layer.output_format is not None and layer.shift > 0
    if rounds and layer.rounding is not Rounding.FLOOR:
        add_half = Operation(OperationKind.ADD, layer.aligned_format.width, 0)
        counts[add_half] += folded.neuron_groups * folded.pe
    return counts


def inference_operations(
    model: IntegerMlp, engine: FoldedEngine, constant_weights: bool = True
) -> Counter[Operation]:
    """Operations of one full inference.

    constant_weights: False counts the products of weights that are read from a memory in every
    layer; reloadable weights always are.
    """
    constant_weights = constant_weights and not engine.reloadable
    total: Counter[Operation] = Counter()
    for layer, folded in zip(model.layers, engine.layers, strict=True):
        total += layer_operations(layer, folded, constant_weights)
    return total


def weight_bits(model: IntegerMlp) -> int:
    """Bits of all weights and of biases stored at the accumulator's width.

    Channel shifts take none: they are constants of the wiring or of a small multiplexer.
    """
    return sum(
        layer.weights.size * layer.weight_format.width
        + layer.bias.size * layer.accumulator_format.width
        for layer in model.layers
    )


def weight_bits_read(model: IntegerMlp, engine: FoldedEngine) -> int:
    """Weight and bias bits that one inference reads, each group's lanes in full."""
    return sum(
        folded.cycles * folded.multipliers * layer.weight_format.width
        + folded.neuron_groups * folded.pe * layer.accumulator_format.width
        for layer, folded in zip(model.layers, engine.layers, strict=True)
    )
