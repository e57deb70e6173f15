# SPDX-License-Identifier: Apache-2.0
"""The weights and biases of a layer as a dense unit sees them, step after step."""

from typing import NamedTuple

import numpy as np
from amaranth import Const, Module, Mux, Signal, Value

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import padded_weights
from pulsewright.rtl.engine.constant_rom import constant_rom, packed, registered_rom
from pulsewright.rtl.engine.shapes import shape_of
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.table_options import LARGE_TABLE_BITS


class LayerParameters(NamedTuple):
    """What the multipliers and the accumulators of a layer take.

    weights[pe][simd]: of the step in the operand register. biases[pe]: of the group that the
    accumulators load next.
    """

    weights: list[list[Value]]
    biases: list[Value]


def constant_parameters(
    m: Module,
    platform: object,
    layer: DenseLayer,
    folded_layer: FoldedLayer,
    row: Value,
    load: Value,
    group: StepCounter,
) -> LayerParameters:
    """Weights and biases as tables of constants.

    row: number of the step that the operand register loads when `load` is high. group: counts the
    groups that the accumulators load.
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
        words = [packed(weights, width) for weights in rows.tolist()]
        word = registered_rom(
            m, platform, "weight_rom", row, load, words, folded_layer.multipliers * width, "weights"
        )
        lane_weights = lanes_of(word, width, folded_layer.multipliers)
    width = layer.accumulator_format.width
    bias = np.zeros(folded_layer.neuron_groups * folded_layer.pe, dtype=np.int64)
    bias[: folded_layer.neurons] = layer.bias
    words = [packed(biases, width) for biases in bias.reshape(-1, folded_layer.pe).tolist()]
    biases = _biases(m, platform, group, words, folded_layer.pe * width)
    return LayerParameters(
        by_neuron(lane_weights, folded_layer), lanes_of(biases, width, folded_layer.pe)
    )


def _biases(m: Module, platform: object, group: StepCounter, words: list[int], width: int) -> Value:
    """The row of the group that the accumulators load.

    That of a large table is read a cycle before, as block RAM has to be, and once after reset,
    which is a cycle before the first operands are in their register.
    """
    if len(words) == 1 or len(words) * width < LARGE_TABLE_BITS:
        return constant_rom(m, "bias_rom", group.index, words, width)
    stale = Signal(name="bias_stale", init=1)
    m.d.sync += stale.eq(0)
    index = Mux(group.advances, group.next, group.index)
    load = group.advances | stale
    return registered_rom(m, platform, "bias_rom", index, load, words, width, "biases")


def lanes_of(word: Value, width: int, count: int) -> list[Value]:
    """The `count` signed integers of `width` bits that lie side by side in `word`."""
    return [word[i * width : (i + 1) * width].as_signed() for i in range(count)]


def by_neuron(lanes: list[Value], folded_layer: FoldedLayer) -> list[list[Value]]:
    """Weights of a step, pe * simd of them, as [pe][simd]."""
    simd = folded_layer.simd
    return [lanes[lane * simd : (lane + 1) * simd] for lane in range(folded_layer.pe)]
