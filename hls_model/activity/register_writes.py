# SPDX-License-Identifier: Apache-2.0
"""The data registers that the folded hardware loads."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from pulsewright.hls_model.activity.operations import multiplies, operand_width, product_width
from pulsewright.hls_model.adder_graph.pipeline import graph_pipeline, term_width
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.adder_tree import adder_tree
from pulsewright.hls_model.schedule.feed_memory import feed_row_lanes, feed_rows
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed
from pulsewright.hls_model.schedule.requantiser_widths import (
    addends_of,
    requantiser_widths,
    required_requantiser,
    scale_rows,
)


class RegisterKind(StrEnum):
    """What a data register holds.

    BUFFER: operands that wait, in the banks of a double-buffered feed, and the vector before of
    an incremental one. FETCHED: a row of those banks where they are in a memory. WEIGHT: the
    row beside the operands, read from a table in logic. PRODUCT: the products, or what an adder
    graph hands from its first stage to the next. SUM: behind the later stages of the tree or
    graph. KEPT: accumulators that an incremental layer keeps. SCALE: multipliers and addends of
    a requantiser, read from tables in logic. SCALED: its products. RESULT: outputs that are
    gathered.
    """

    BUFFER = "buffer"
    FETCHED = "fetched operand"
    OPERAND = "operand"
    WEIGHT = "weight"
    PRODUCT = "product"
    SUM = "sum"
    ACCUMULATOR = "accumulator"
    KEPT = "kept accumulator"
    SCALE = "scale"
    SCALED = "scaled accumulator"
    ACTIVATION = "activation"
    RESULT = "result"


class RegisterWrite(NamedTuple):
    """A register of so many bits is loaded."""

    kind: RegisterKind
    bits: int


def layer_writes(
    layer: DenseLayer,
    folded_layer: FoldedLayer,
    constant_weights: bool,
    vectors: int,
    steps: int,
    reloadable: bool = False,
    gathers: bool = False,
) -> Counter[RegisterWrite]:
    """Loads of the data registers of one layer and its feed.

    Every step loads the operands, the weights read from a table in logic, the products and the
    registers of the adder tree (neither in a shallow layer), and the accumulators once; every
    group the activations, and in an incremental layer the accumulators that are kept; behind a
    multiplier its products, and the multipliers and addends that differ between groups. Control is
    not counted: counters, valid bits, tags of steps, selects of channel shifts. Nor is the read
    register of a memory of weights, which belongs to the read, nor what an argmax compares.

    reloadable: the layer is one of `reloadable_formats`. gathers: groups of outputs of this layer
    are gathered into one beat.
    """
    groups = vectors * folded_layer.neuron_groups
    counts = _feed_writes(layer, folded_layer, vectors, steps)
    if multiplies(folded_layer, constant_weights):
        counts.update(_product_writes(layer, folded_layer, constant_weights, steps))
    else:
        counts.update(_adder_graph_writes(layer, folded_layer, steps))
    accumulator = layer.accumulator_format.width
    counts[RegisterWrite(RegisterKind.ACCUMULATOR, accumulator)] += steps * folded_layer.pe
    if folded_layer.incremental:
        counts[RegisterWrite(RegisterKind.KEPT, folded_layer.pe * accumulator)] += groups
    if layer.requantiser is not None:
        counts.update(_requantiser_writes(layer, folded_layer, groups, reloadable))
    result = layer.result_format.width
    if folded_layer.activates:
        counts[RegisterWrite(RegisterKind.ACTIVATION, result)] += groups * folded_layer.pe
    if gathers and not folded_layer.hidden:
        counts[RegisterWrite(RegisterKind.RESULT, result)] += vectors * folded_layer.neurons
    return counts


def _feed_writes(
    layer: DenseLayer, folded_layer: FoldedLayer, vectors: int, steps: int
) -> Counter[RegisterWrite]:
    counts: Counter[RegisterWrite] = Counter()

    def load(kind: RegisterKind, bits: int, times: int) -> None:
        counts[RegisterWrite(kind, bits)] += times

    x_width = layer.input_format.width
    if folded_layer.feed is OperandFeed.DOUBLE_BUFFERED:
        load(RegisterKind.BUFFER, folded_layer.beat * x_width, vectors * folded_layer.input_beats)
    if folded_layer.feed is OperandFeed.MEMORY:
        rows, row_bits = feed_rows(folded_layer), feed_row_lanes(folded_layer) * x_width
        gathered = folded_layer.input_beats - rows
        if gathered > 0:
            load(RegisterKind.BUFFER, folded_layer.beat * x_width, vectors * gathered)
        load(RegisterKind.BUFFER, row_bits, vectors * rows)
        load(RegisterKind.FETCHED, row_bits, vectors * folded_layer.neuron_groups * rows)
    if folded_layer.feed is OperandFeed.INCREMENTAL:
        load(RegisterKind.BUFFER, folded_layer.inputs * x_width, vectors)
    load(RegisterKind.OPERAND, folded_layer.simd * operand_width(layer, folded_layer), steps)
    return counts


def _product_writes(
    layer: DenseLayer, folded_layer: FoldedLayer, constant_weights: bool, steps: int
) -> Counter[RegisterWrite]:
    counts: Counter[RegisterWrite] = Counter()
    if constant_weights:
        bits = folded_layer.multipliers * layer.weight_format.width
        counts[RegisterWrite(RegisterKind.WEIGHT, bits)] = steps
    if not folded_layer.shallow:
        width = product_width(layer, folded_layer)
        counts[RegisterWrite(RegisterKind.PRODUCT, width)] = steps * folded_layer.multipliers
        for stage in adder_tree(folded_layer.simd, width, folded_layer.adder_tree_stages):
            for bits in stage.registers:
                counts[RegisterWrite(RegisterKind.SUM, bits)] += steps * folded_layer.pe
    return counts


def _adder_graph_writes(
    layer: DenseLayer, folded_layer: FoldedLayer, steps: int
) -> Counter[RegisterWrite]:
    counts: Counter[RegisterWrite] = Counter()
    graph = layer_adder_graph(layer, folded_layer)
    for number, kept in enumerate(graph_pipeline(graph, folded_layer.arithmetic_stages).kept):
        kind = RegisterKind.SUM if number else RegisterKind.PRODUCT
        for operand in kept:
            counts[RegisterWrite(kind, term_width(graph, operand))] += steps
    return counts


def _requantiser_writes(
    layer: DenseLayer, folded_layer: FoldedLayer, groups: int, reloadable: bool
) -> Counter[RegisterWrite]:
    counts: Counter[RegisterWrite] = Counter()
    widths, pe = requantiser_widths(layer, reloadable), folded_layer.pe
    tables = [(addends_of(layer), widths.addend)]
    if folded_layer.multiplied:
        counts[RegisterWrite(RegisterKind.SCALED, widths.product)] = groups * pe
        tables.append((required_requantiser(layer).multiplier.tolist(), widths.multiplier))
    for values, width in tables:
        rows = scale_rows(values, folded_layer.neuron_groups, pe)
        if any(row != rows[0] for row in rows):
            counts[RegisterWrite(RegisterKind.SCALE, pe * width)] += groups
    return counts
