# SPDX-License-Identifier: Apache-2.0
"""The weights and biases of a layer as a dense unit sees them, step after step."""

from typing import NamedTuple

import numpy as np
from amaranth import Const, Module, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folding import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import padded_weights
from pulsewright.rtl.engine.constant_rom import constant_rom, packed
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.shapes import shape_of


class LayerParameters(NamedTuple):
    """What the multipliers and the accumulators of a layer take.

    weights[pe][simd]: of the step in the operand register. biases[pe]: of the group that the
    accumulators load next.
    """

    weights: list[list[Value]]
    biases: list[Value]


def constant_parameters(
    m: Module, layer: DenseLayer, folded_layer: FoldedLayer, row: Value, load: Value, group: Value
) -> LayerParameters:
    """Weights and biases as constants in logic.

    row: number of the step that the operand register loads when `load` is high. group: number of
    the group that the accumulators load.
    """
    padded = padded_weights(layer, folded_layer)
    weight_shape = shape_of(layer.weight_format)
    # One row a step, in the order of the steps: group, then inputs.
    rows = padded.transpose(0, 2, 1, 3).reshape(folded_layer.cycles, -1)
    lane_weights: list[Value]
    if folded_layer.cycles == 1:
        lane_weights = [Const(int(weight), weight_shape) for weight in rows[0]]
    else:
        width = weight_shape.width
        words = [packed(weights, width) for weights in rows]
        selected = constant_rom(m, "weight_rom", row, words, folded_layer.multipliers * width)
        word = data_register(m, load, selected, "weights")
        lane_weights = lanes_of(word, width, folded_layer.multipliers)
    width = layer.accumulator_format.width
    bias = np.zeros(folded_layer.neuron_groups * folded_layer.pe, dtype=np.int64)
    bias[: folded_layer.neurons] = layer.bias
    words = [packed(biases, width) for biases in bias.reshape(-1, folded_layer.pe)]
    word = constant_rom(m, "bias_rom", group, words, folded_layer.pe * width)
    return LayerParameters(
        by_neuron(lane_weights, folded_layer), lanes_of(word, width, folded_layer.pe)
    )


def lanes_of(word: Value, width: int, count: int) -> list[Value]:
    """The `count` signed integers of `width` bits that lie side by side in `word`."""
    return [word[i * width : (i + 1) * width].as_signed() for i in range(count)]


def by_neuron(lanes: list[Value], folded_layer: FoldedLayer) -> list[list[Value]]:
    """Weights of a step, pe * simd of them, as [pe][simd]."""
    simd = folded_layer.simd
    return [lanes[lane * simd : (lane + 1) * simd] for lane in range(folded_layer.pe)]
