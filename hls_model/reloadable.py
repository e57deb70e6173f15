# SPDX-License-Identifier: Apache-2.0
"""Reloadable weights: the formats that hold any weights, and where each lies in the bus window."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from hls_model.dense_layer import DenseLayer
from hls_model.errors import PulsewrightError
from hls_model.fixed_point import FixedPoint, IntegerArray, width_for_range
from hls_model.folding import FoldedEngine, FoldedLayer
from hls_model.integer_mlp import IntegerMlp

WORD_BYTES = 4
WORD_BITS = 32
WINDOW_BASE = 0x1000
# Of a part of the window in words, and of the words of a row: 16 bits of the register map.
LARGEST_OFFSET = (1 << 16) - 1


def reloadable_formats(model: IntegerMlp) -> IntegerMlp:
    """A network with the structure of `model` whose formats hold every choice of weights.

    Its weights and biases are the extremes of their formats, so that the ranges of accumulators
    and results, which `DenseLayer` derives from the weights, are those of the formats. Sizes,
    scales, channel shifts, roundings and requantisers are those of `model`, and stay as they are
    when weights are reloaded.

    Raises:
        PulsewrightError: a bias or an accumulator of the formats leaves 32 bits.
    """
    layers: list[DenseLayer] = []
    for number, layer in enumerate(model.layers, start=1):
        input_format = layers[-1].result_format if layers else layer.input_format
        # The input's larger end times a weight of the same sign makes the largest product.
        limit = layer.weight_format.maximum
        extreme = -limit if input_format.signed else limit
        reach = layer.inputs * limit * max(input_format.maximum, -input_format.minimum)
        bias_format = _bias_format(layer, reach)
        if bias_format.width > WORD_BITS:
            raise PulsewrightError(
                f"reloadable biases of layer {number} need {bias_format.width} bits, at most "
                f"{WORD_BITS}; use fewer weight or activation bits, or requantise the layer before"
            )
        layers.append(
            _replaced(
                layer,
                input_format,
                np.full_like(layer.weights, extreme),
                np.full_like(layer.bias, bias_format.maximum),
            )
        )
    return IntegerMlp(name=model.name, input_map=model.input_map, layers=tuple(layers))


def with_parameters(
    model: IntegerMlp, parameters: Sequence[tuple[IntegerArray, IntegerArray]]
) -> IntegerMlp:
    """The network that a coprocessor of `model` computes once other parameters are loaded.

    parameters: weights (neurons, inputs) and biases (neurons,) of each layer, in its formats.

    Raises:
        PulsewrightError: the number of layers or a shape differs.
        pydantic.ValidationError: a weight leaves the narrow range of its format.
    """
    shapes = [(weights.shape, biases.shape) for weights, biases in parameters]
    expected = [(layer.weights.shape, layer.bias.shape) for layer in model.layers]
    if shapes != expected:
        raise PulsewrightError(f"parameters have shapes {shapes}, the network has {expected}")
    layers: list[DenseLayer] = []
    for layer, (weights, biases) in zip(model.layers, parameters, strict=True):
        input_format = layers[-1].result_format if layers else layer.input_format
        layers.append(_replaced(layer, input_format, weights, biases))
    return IntegerMlp(name=model.name, input_map=model.input_map, layers=tuple(layers))


def _replaced(
    layer: DenseLayer, input_format: FixedPoint, weights: IntegerArray, biases: IntegerArray
) -> DenseLayer:
    """A validated layer with other parameters; a copy would keep the ranges of the old ones."""
    kept = {name: getattr(layer, name) for name in DenseLayer.model_fields}
    changed = {"weights": weights, "bias": biases, "input_format": input_format}
    return DenseLayer(**(kept | changed))


def _bias_format(layer: DenseLayer, reach: int) -> FixedPoint:
    """Signed format of the biases: as wide as the sum of products, so that either may dominate."""
    low, high = int(layer.bias.min()), int(layer.bias.max())
    width = max(width_for_range(-reach, reach, True), width_for_range(low, high, True))
    return FixedPoint(width=width, frac=layer.accumulator_frac, signed=True)


def bias_format(layer: DenseLayer) -> FixedPoint:
    """Format of the biases of a layer of `reloadable_formats`, where each is the maximum."""
    width = int(layer.bias.max()).bit_length() + 1
    return FixedPoint(width=width, frac=layer.accumulator_frac, signed=True)


@dataclass(frozen=True)
class LayerWindow:
    """Where the weights and biases of one layer lie, in bytes from the coprocessor's base address.

    Step t of the layer is the row of `row_words` words at weights_base + 4 * row_words * t; byte
    pe_lane * simd + simd_lane of it is the weight of that multiplier. The bias of lane p of group
    g is the word at bias_base + 4 * (g * bias_row_words + p). Rows are powers of two of words, of
    which `words_per_step` and `pe` are there.
    """

    folded: FoldedLayer
    weights_base: int
    bias_base: int

    @property
    def words_per_step(self) -> int:
        """Words that hold the weights of one step, ceil(pe * simd / 4)."""
        return -(-self.folded.multipliers // WORD_BYTES)

    @property
    def row_words(self) -> int:
        """`words_per_step` rounded up to a power of two."""
        return power_of_two(self.words_per_step)

    @property
    def bias_row_words(self) -> int:
        """`pe` rounded up to a power of two."""
        return power_of_two(self.folded.pe)

    @property
    def weights_size(self) -> int:
        """Bytes that the weights span, a power of two."""
        return power_of_two(self.folded.cycles) * self.row_words * WORD_BYTES

    @property
    def bias_size(self) -> int:
        """Bytes that the biases span, a power of two."""
        return power_of_two(self.folded.neuron_groups) * self.bias_row_words * WORD_BYTES

    def words(self, layer: DenseLayer) -> Iterator[tuple[int, int]]:
        """(byte address, 32-bit word) of every word that holds the parameters of `layer`."""
        weights = padded_weights(layer, self.folded)
        rows = weights.transpose(0, 2, 1, 3).reshape(self.folded.cycles, -1)
        for step, row in enumerate(rows.tolist()):
            for index, start in enumerate(range(0, len(row), WORD_BYTES)):
                lanes = row[start : start + WORD_BYTES]
                word = sum((lane & 0xFF) << (8 * i) for i, lane in enumerate(lanes))
                yield self.weights_base + WORD_BYTES * (step * self.row_words + index), word
        for neuron, bias in enumerate(layer.bias.tolist()):
            group, lane = divmod(neuron, self.folded.pe)
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
        shapes = [(window.folded.neurons, window.folded.inputs) for window in self.layers]
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


def padded_weights(layer: DenseLayer, folded: FoldedLayer) -> IntegerArray:
    """Weights (groups, pe, steps, simd), zero in the lanes past the layer's edges."""
    padded = np.zeros(
        (folded.neuron_groups * folded.pe, folded.input_steps * folded.simd), dtype=np.int64
    )
    padded[: folded.neurons, : folded.inputs] = layer.weights
    return padded.reshape(folded.neuron_groups, folded.pe, folded.input_steps, folded.simd)


def power_of_two(count: int) -> int:
    """The smallest power of two that is `count` or more."""
    return 1 << (count - 1).bit_length()


def align(position: int, size: int) -> int:
    """The first multiple of `size`, a power of two, at `position` or above."""
    return (position + size - 1) & ~(size - 1)
