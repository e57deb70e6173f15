# SPDX-License-Identifier: Apache-2.0
"""Where weights live, the rows of them that the hardware reads, and their bits."""

from collections import Counter
from enum import StrEnum
from typing import NamedTuple

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import bias_format
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import LayerWindow
from pulsewright.hls_model.words import WORD_BYTES


class WeightStore(StrEnum):
    """What weights and biases are read from.

    LOGIC: constants, in tables of logic where a layer takes several steps.
    MEMORY: memories that software loads, a row a step and a row a group, as the RTL has them; a
        memory of one row is a register and is not read.
    ANY_MEMORY: of an engine with constant weights, a memory that it might have had: every lane of
        every step is read, at the widths of the constants.
    """

    LOGIC = "logic"
    MEMORY = "memory"
    ANY_MEMORY = "any memory"


class ReadKind(StrEnum):
    """What is read."""

    WEIGHTS = "weights"
    BIASES = "biases"


class WeightRead(NamedTuple):
    """One row and its bits."""

    kind: ReadKind
    bits: int


def layer_reads(
    layer: DenseLayer, folded_layer: FoldedLayer, store: WeightStore, vectors: int, steps: int
) -> Counter[WeightRead]:
    """Rows that one layer reads for `vectors` inferences of `steps` steps together."""
    weights = folded_layer.multipliers * layer.weight_format.width
    biases = folded_layer.pe * layer.accumulator_format.width
    groups = vectors * folded_layer.neuron_groups
    if store is WeightStore.MEMORY:
        lanes = LayerWindow(folded_layer, 0, 0).words_per_step * WORD_BYTES
        weights = lanes * layer.weight_format.width
        biases = folded_layer.pe * bias_format(layer).width
    always = store is WeightStore.ANY_MEMORY
    counts: Counter[WeightRead] = Counter()
    if folded_layer.cycles > 1 or always:
        counts[WeightRead(ReadKind.WEIGHTS, weights)] += steps
    if folded_layer.neuron_groups > 1 or always:
        counts[WeightRead(ReadKind.BIASES, biases)] += groups
    return counts


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
    """Weight and bias bits that one inference reads from any memory, each group's lanes in full."""
    reads: Counter[WeightRead] = Counter()
    for layer, folded in zip(model.layers, engine.layers, strict=True):
        reads += layer_reads(layer, folded, WeightStore.ANY_MEMORY, 1, folded.cycles)
    return sum(count * read.bits for read, count in reads.items())
