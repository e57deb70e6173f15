# SPDX-License-Identifier: Apache-2.0
"""Reloadable weights: the formats that hold any weights, and where each lies in the bus window."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.words import WORD_BYTES

WINDOW_BASE = 0x1000
# Of a part of the window in words, and of the words of a row: 16 bits of the register map.
LARGEST_OFFSET = (1 << 16) - 1


@dataclass(frozen=True)
class LayerWindow:
    """Where the weights and biases of one layer lie, in bytes from the coprocessor's base address.

    Step t of the layer is the row of `row_words` words at weights_base + 4 * row_words * t; byte
    pe_lane * simd + simd_lane of it is the weight of that multiplier. The bias of lane p of group
    g is the word at bias_base + 4 * (g * bias_row_words + p). Rows are powers of two of words, of
    which `words_per_step` and `pe` are there.
    """

    folded_layer: FoldedLayer
    weights_base: int
    bias_base: int

    @property
    def words_per_step(self) -> int:
        """Words that hold the weights of one step, ceil(pe * simd / 4)."""
        return -(-self.folded_layer.multipliers // WORD_BYTES)

    @property
    def row_words(self) -> int:
        """`words_per_step` rounded up to a power of two."""
        return power_of_two(self.words_per_step)

    @property
    def bias_row_words(self) -> int:
        """`pe` rounded up to a power of two."""
        return power_of_two(self.folded_layer.pe)

    @property
    def weights_size(self) -> int:
        """Bytes that the weights span, a power of two."""
        return power_of_two(self.folded_layer.cycles) * self.row_words * WORD_BYTES

    @property
    def bias_size(self) -> int:
        """Bytes that the biases span, a power of two."""
        return power_of_two(self.folded_layer.neuron_groups) * self.bias_row_words * WORD_BYTES

    def words(self, layer: DenseLayer) -> Iterator[tuple[int, int]]:
        """(byte address, 32-bit word) of every word that holds the parameters of `layer`."""
        weights = padded_weights(layer, self.folded_layer)
        rows = weights.transpose(0, 2, 1, 3).reshape(self.folded_layer.cycles, -1)
        for step, row in enumerate(rows.tolist()):
            for index, start in enumerate(range(0, len(row), WORD_BYTES)):
                lanes = row[start : start + WORD_BYTES]
                word = sum((lane & 0xFF) << (8 * i) for i, lane in enumerate(lanes))
                yield self.weights_base + WORD_BYTES * (step * self.row_words + index), word
        for neuron, bias in enumerate(layer.bias.tolist()):
            group, lane = divmod(neuron, self.folded_layer.pe)
            address = self.bias_base + WORD_BYTES * (group * self.bias_row_words + lane)
            yield address, bias & 0xFFFF_FFFF


@dataclass(frozen=True)
class WeightWindow:
    """The window of all layers: 0x1000 and above, each part aligned to its own size.

    end: the first byte address past it.
    """

    layers: tuple[LayerWindow, ...]
    end: int

    def image(self, model: IntegerMlp) -> list[tuple[int, int]]:
        """(byte address, 32-bit word) of every word that loads `model`, in ascending order.

        Raises:
            PulsewrightError: the layers of `model` have other sizes than the window's.
        """
        shapes = [
            (window.folded_layer.neurons, window.folded_layer.inputs) for window in self.layers
        ]
        if shapes != [layer.weights.shape for layer in model.layers]:
            raise PulsewrightError(
                f"a network of sizes {model.sizes} does not fit the weight window of layers "
                f"{shapes}; generate a coprocessor for it"
            )
        words: list[tuple[int, int]] = []
        for window, layer in zip(self.layers, model.layers, strict=True):
            words += window.words(layer)
        return sorted(words)


def weight_window(engine: FoldedEngine) -> WeightWindow:
    """Lay out the window of an engine.

    Raises:
        PulsewrightError: a part begins past the 16-bit word offsets that LAYER[].WINDOW has, or a
            row is longer than LAYER[].FORMAT can tell.
    """
    position = WINDOW_BASE
    windows = []
    for folded in engine.layers:
        size = LayerWindow(folded, 0, 0)
        weights_base = align(position, size.weights_size)
        bias_base = align(weights_base + size.weights_size, size.bias_size)
        position = bias_base + size.bias_size
        for what, words in (
            ("biases at word", bias_base // WORD_BYTES),
            ("rows of words", size.row_words),
        ):
            if words > LARGEST_OFFSET:
                raise PulsewrightError(
                    f"reloadable weights of {folded.inputs} inputs and {folded.neurons} neurons "
                    f"have {what} {words}, the register map reaches to {LARGEST_OFFSET}; "
                    "use smaller layers, another folding, or constant weights"
                )
        windows.append(LayerWindow(folded, weights_base, bias_base))
    return WeightWindow(tuple(windows), position)


def padded_weights(layer: DenseLayer, folded_layer: FoldedLayer) -> IntegerArray:
    """Weights (groups, pe, steps, simd), zero in the lanes past the layer's edges."""
    padded = np.zeros(
        (
            folded_layer.neuron_groups * folded_layer.pe,
            folded_layer.input_steps * folded_layer.simd,
        ),
        dtype=np.int64,
    )
    padded[: folded_layer.neurons, : folded_layer.inputs] = layer.weights
    return padded.reshape(
        folded_layer.neuron_groups, folded_layer.pe, folded_layer.input_steps, folded_layer.simd
    )


def power_of_two(count: int) -> int:
    """The smallest power of two that is `count` or more."""
    return 1 << (count - 1).bit_length()


def align(position: int, size: int) -> int:
    """The first multiple of `size`, a power of two, at `position` or above."""
    return (position + size - 1) & ~(size - 1)
