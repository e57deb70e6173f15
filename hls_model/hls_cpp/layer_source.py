# SPDX-License-Identifier: Apache-2.0
"""What the templates need to know of one layer, and the order in which parameters are stored."""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.hls_cpp.layer_widths import LayerWidths, layer_widths
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import padded_weights

LINE_WIDTH = 96


@dataclass(frozen=True)
class LayerSource:
    """Layer `number` (from 1) of a network: its folding, formats, parameters and requantiser.

    layer: with the parameters. shaped: with the formats, which differ where weights are reloadable.
    last: it makes the outputs.
    """

    number: int
    layer: DenseLayer
    shaped: DenseLayer
    folded_layer: FoldedLayer
    widths: LayerWidths
    last: bool

    @property
    def multiplied(self) -> bool:
        """True if the requantiser has multipliers and offsets."""
        return self.layer.requantiser is not None

    @property
    def requantised(self) -> bool:
        """True if results are shifted, rounded and saturated."""
        return self.shaped.output_format is not None

    @property
    def shift(self) -> int:
        """Right shift of the requantiser; 0 if nothing but 0 ever reaches it."""
        reached = self.multiplied or self.shaped.aligned_range[1] > 0
        return self.shaped.shift if reached else 0

    @property
    def smallest(self) -> int:
        """The other end."""
        target = self.shaped.output_format
        return 0 if target is None else target.minimum

    @property
    def largest(self) -> int:
        """Where results saturate; 0 without a requantiser."""
        target, requantiser = self.shaped.output_format, self.shaped.requantiser
        if target is None:
            return 0
        return target.maximum if requantiser is None else requantiser.largest_code(target)

    @property
    def scaled_by_channel(self) -> bool:
        """True if any accumulator is shifted left behind its last step."""
        return any(self.layer.channel_shifts)

    def weight_rows(self) -> IntegerArray:
        """Weights (steps of the layer, pe, simd) as the kernel takes them, zero past the edges."""
        return step_weights(self.layer, self.folded_layer)

    def bias_rows(self) -> IntegerArray:
        """Biases (groups, pe), zero past the edge."""
        return _by_group(self.layer.bias, self.folded_layer)

    def scale_rows(self) -> IntegerArray:
        """Channel shifts (groups, pe), or multipliers and offsets (groups, pe, 2).

        Zero past the edge.
        """
        requantiser = self.layer.requantiser
        if requantiser is not None:
            parts = (requantiser.multiplier, requantiser.offset)
            return np.stack([_by_group(part, self.folded_layer) for part in parts], axis=2)
        shifts = self.layer.channel_shifts or (0,) * self.layer.neurons
        return _by_group(np.array(shifts, dtype=np.int64), self.folded_layer)


def step_weights(layer: DenseLayer, folded_layer: FoldedLayer) -> IntegerArray:
    """Weights (steps of the layer, pe, simd) in the order of the steps, zero past the edges."""
    by_step = padded_weights(layer, folded_layer).transpose(0, 2, 1, 3)
    return by_step.reshape(folded_layer.cycles, folded_layer.pe, folded_layer.simd)


def _by_group(values: IntegerArray, folded_layer: FoldedLayer) -> IntegerArray:
    padded = np.zeros(folded_layer.neuron_groups * folded_layer.pe, dtype=np.int64)
    padded[: folded_layer.neurons] = values
    return padded.reshape(folded_layer.neuron_groups, folded_layer.pe)


def layer_sources(model: IntegerMlp, engine: FoldedEngine) -> list[LayerSource]:
    """One for each layer, in order.

    Raises:
        PulsewrightError: a format is wider than C++ integers or than reloadable weights may be.
    """
    shaped = reloadable_formats(model) if engine.reloadable else model
    return [
        LayerSource(
            number=number,
            layer=layer,
            shaped=shape,
            folded_layer=folded_layer,
            widths=layer_widths(shape, folded_layer, engine.reloadable, number),
            last=number == len(model.layers),
        )
        for number, (layer, shape, folded_layer) in enumerate(
            zip(model.layers, shaped.layers, engine.layers, strict=True), start=1
        )
    ]


def flat_parameters(model: IntegerMlp, engine: FoldedEngine) -> IntegerArray:
    """Weights, then biases, of each layer in the kernel's order: what reloadable weights load."""
    parts = [
        part.ravel()
        for layer, folded in zip(model.layers, engine.layers, strict=True)
        for part in (step_weights(layer, folded), _by_group(layer.bias, folded))
    ]
    return np.concatenate(parts)


def initialiser(values: IntegerArray) -> Iterator[str]:
    """Lines of a C++ initialiser of an array of two or three dimensions, without outer braces."""
    for row in values:
        text = _braced(row)
        while len(text) > LINE_WIDTH:
            cut = text.rindex(" ", 0, LINE_WIDTH)
            yield "    " + text[:cut]
            text = text[cut + 1 :]
        yield f"    {text},"


def _braced(values: IntegerArray) -> str:
    if values.ndim == 0:
        return str(int(values))
    return "{" + ", ".join(_braced(value) for value in values) + "}"
