# SPDX-License-Identifier: Apache-2.0
"""The multiplications and additions that the folded hardware executes, by bit width."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.schedule.adder_tree import adder_tree
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.requantiser_widths import addends_of, requantiser_widths


class OperationKind(StrEnum):
    """What an operation is; additions include subtractions and those that only round."""

    MULTIPLY = "multiply"
    ADD = "add"


class Operation(NamedTuple):
    """A kind of operation and its widths in bits.

    Of a multiplication the widths of both operands; of an addition the width of the sum, and 0.
    """

    kind: OperationKind
    width_a: int
    width_b: int


def multiplies(folded_layer: FoldedLayer, constant_weights: bool) -> bool:
    """False if the layer is an adder graph: one step a vector, with constant weights."""
    return folded_layer.cycles > 1 or not constant_weights


def operand_width(layer: DenseLayer, folded_layer: FoldedLayer) -> int:
    """Bits of what is multiplied: an input, or the difference of two."""
    return layer.input_format.width + folded_layer.incremental


def product_width(layer: DenseLayer, folded_layer: FoldedLayer) -> int:
    """Bits of a product."""
    return layer.weight_format.width + operand_width(layer, folded_layer)


def layer_operations(
    layer: DenseLayer,
    folded_layer: FoldedLayer,
    constant_weights: bool = True,
    vectors: int = 1,
    steps: int | None = None,
    reloadable: bool = False,
) -> Counter[Operation]:
    """Operations of one layer, padding lanes of the last group included.

    vectors: inferences. steps: that the layer executes for them, `folded_layer.cycles` each if
    None. reloadable: the layer is one of `reloadable_formats`.

    Every step multiplies pe * simd pairs, adds them in pe trees of simd - 1 adders, a sum one bit
    wider than its terms, and adds each tree to its accumulator at the accumulator's width. A layer
    of one step with constant weights has an adder graph instead: no multiplication, the graph's
    additions at the full adders they take, and one to each accumulator that is more than an output
    of the graph. An incremental layer subtracts `simd` inputs a step from those before. Every
    requantised neuron adds once more to round, at the width of the aligned accumulator. A
    requantiser with multipliers takes one product of multiplier and accumulator a neuron, and one
    addition of offset and rounding together. Channel shifts are constants, wiring or a small
    multiplexer, and count nothing; nor does an argmax, which compares.
    """
    steps = vectors * folded_layer.cycles if steps is None else steps
    if multiplies(folded_layer, constant_weights):
        counts = _product_operations(layer, folded_layer, steps)
    else:
        counts = _adder_graph_operations(layer, folded_layer, steps)
    if folded_layer.incremental:
        counts[_add(operand_width(layer, folded_layer))] += steps * folded_layer.simd
    lanes = vectors * folded_layer.neuron_groups * folded_layer.pe
    if layer.requantiser is not None:
        counts.update(_requantiser_operations(layer, folded_layer, lanes, reloadable))
    elif rounds(layer):
        counts[_add(layer.aligned_format.width)] += lanes
    return +counts


def _product_operations(
    layer: DenseLayer, folded_layer: FoldedLayer, steps: int
) -> Counter[Operation]:
    """Products, their adder trees, and the accumulators."""
    counts: Counter[Operation] = Counter()
    widths = layer.weight_format.width, operand_width(layer, folded_layer)
    counts[Operation(OperationKind.MULTIPLY, *widths)] = steps * folded_layer.multipliers
    tree = adder_tree(
        folded_layer.simd, product_width(layer, folded_layer), folded_layer.adder_tree_stages
    )
    for stage in tree:
        for width in stage.adders:
            counts[_add(width)] += steps * folded_layer.pe
    counts[_add(layer.accumulator_format.width)] += steps * folded_layer.pe
    return counts


def _adder_graph_operations(
    layer: DenseLayer, folded_layer: FoldedLayer, steps: int
) -> Counter[Operation]:
    """The graph's adders, and the accumulators that are more than one of its outputs."""
    counts: Counter[Operation] = Counter()
    graph = layer_adder_graph(layer, folded_layer)
    for adder in graph.adders:
        if adder.bits:
            counts[_add(adder.bits)] += steps
    counts[_add(layer.accumulator_format.width)] += steps * sum(
        output.operand is not None and (output.negative or bias != 0)
        for output, bias in zip(graph.outputs, layer.bias.tolist(), strict=True)
    )
    return counts


def _requantiser_operations(
    layer: DenseLayer, folded_layer: FoldedLayer, lanes: int, reloadable: bool
) -> Counter[Operation]:
    widths = requantiser_widths(layer, reloadable)
    counts: Counter[Operation] = Counter()
    if folded_layer.multiplied:
        factors = widths.multiplier, layer.accumulator_format.width
        counts[Operation(OperationKind.MULTIPLY, *factors)] = lanes
    if rounds(layer):
        counts[_add(widths.sum)] = lanes
    return counts


def rounds(layer: DenseLayer) -> bool:
    """True if the requantiser adds: an offset, or to round a right shift otherwise than down."""
    if layer.requantiser is not None:
        return any(addends_of(layer))
    shifts = layer.output_format is not None and layer.shift > 0
    return shifts and layer.rounding is not Rounding.FLOOR


def _add(width: int) -> Operation:
    return Operation(OperationKind.ADD, width, 0)
