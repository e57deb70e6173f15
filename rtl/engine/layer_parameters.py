# SPDX-License-Identifier: Apache-2.0
"""The weights and biases of a layer as a dense unit sees them, step after step."""

from typing import NamedTuple

import numpy as np
from amaranth import Cat, Const, Module, Value

from hls_model.dense_layer import DenseLayer
from hls_model.folding import FoldedLayer
from hls_model.reloadable import padded_weights
from rtl.engine.data_register import data_register
from rtl.engine.shapes import shape_of
from rtl.engine.step_counter import select


class LayerParameters(NamedTuple):
    """What the multipliers and the accumulators of a layer take.

    weights[pe][simd]: of the step in the operand register. biases[pe]: of the group that the
    accumulators load next.
    """

    weights: list[list[Value]]
    biases: list[Value]


def constant_parameters(
    m: Module, layer: DenseLayer, folded: FoldedLayer, row: Value, load: Value, group: Value
) -> LayerParameters:
    """Weights and biases as constants in logic.

    row: number of the step that the operand register loads when `load` is high. group: number of
    the group that the accumulators load.
    """
    padded = padded_weights(layer, folded)
    weight_shape = shape_of(layer.weight_format)
    # One row a step, in the order of the steps: group, then inputs.
    rows = padded.transpose(0, 2, 1, 3).reshape(folded.cycles, -1)
    lane_weights: list[Value]
    if folded.cycles == 1:
        lane_weights = [Const(int(weight), weight_shape) for weight in rows[0]]
    else:
        words = [Cat(Const(int(weight), weight_shape) for weight in row) for row in rows]
        word = data_register(m, load, select(row, words), "weights")
        lane_weights = list(lanes_of(word, weight_shape.width, folded.multipliers))
    bias_shape = shape_of(layer.accumulator_format)
    bias = np.zeros(folded.neuron_groups * folded.pe, dtype=np.int64)
    bias[: folded.neurons] = layer.bias
    biases = [
        select(group, [Const(int(b), bias_shape) for b in bias[lane :: folded.pe]]).as_signed()
        for lane in range(folded.pe)
    ]
    return LayerParameters(by_neuron(lane_weights, folded), biases)


def lanes_of(word: Value, width: int, count: int) -> list[Value]:
    """The `count` signed integers of `width` bits that lie side by side in `word`."""
    return [word[i * width : (i + 1) * width].as_signed() for i in range(count)]


def by_neuron(lanes: list[Value], folded: FoldedLayer) -> list[list[Value]]:
    """Weights of a step, pe * simd of them, as [pe][simd]."""
    simd = folded.simd
    return [lanes[lane * simd : (lane + 1) * simd] for lane in range(folded.pe)]
