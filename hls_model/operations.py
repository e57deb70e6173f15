# SPDX-License-Identifier: Apache-2.0
"""The operations that the folded hardware executes for one inference, by kind and bit width."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

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


def layer_operations(layer: DenseLayer, folded: FoldedLayer) -> Counter[Operation]:
    """Operations of one layer for one vector, padding lanes of the last group included.

    Every step multiplies pe * simd pairs, adds them in pe trees of simd - 1 adders and adds each
    tree to its accumulator, each at the width of the accumulator at its neuron's own scale; every
    requantised neuron adds once more to round, at the width of the aligned accumulator. Channel
    shifts are constants, wiring or a small multiplexer, and count nothing.
    """
    counts: Counter[Operation] = Counter()
    multiplications = folded.cycles * folded.multipliers
    multiply = Operation(
        OperationKind.MULTIPLY, layer.weight_format.width, layer.input_format.width
    )
    counts[multiply] = multiplications
    counts[Operation(OperationKind.ADD, layer.accumulator_format.width, 0)] = multiplications
    rounds = layer.output_format is not None and layer.shift > 0
    if rounds and layer.rounding is not Rounding.FLOOR:
        add_half = Operation(OperationKind.ADD, layer.aligned_format.width, 0)
        counts[add_half] += folded.neuron_groups * folded.pe
    return counts


def inference_operations(model: IntegerMlp, engine: FoldedEngine) -> Counter[Operation]:
    """Operations of one full inference."""
    total: Counter[Operation] = Counter()
    for layer, folded in zip(model.layers, engine.layers, strict=True):
        total += layer_operations(layer, folded)
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
