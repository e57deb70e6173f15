# SPDX-License-Identifier: Apache-2.0
"""The number formats of one layer of the C++ kernel: no value that it computes leaves them."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range
from pulsewright.hls_model.reference.reloadable import accumulator_ends, bias_format
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.hls_model.schedule.weight_window import padded_weights

# Widest plain integers that C++ has; what is unsigned must be convertible to a signed one.
WIDEST_SIGNED = 64
WIDEST_UNSIGNED = 63


class Width(NamedTuple):
    """Bits of a C++ number format; where the point stands is no concern of the kernel."""

    bits: int
    signed: bool

    @classmethod
    def of(cls, number_format: FixedPoint) -> "Width":
        """That of a fixed-point format."""
        return cls(number_format.width, number_format.signed)

    @classmethod
    def holding(cls, low: int, high: int) -> "Width":
        """The narrowest signed one that holds low..high."""
        return cls(width_for_range(low, high, signed=True), signed=True)


class ScaleWidths(NamedTuple):
    """Formats of a requantiser with multipliers.

    factor: holds multiplier, accumulator and product, for multiplications in plain integers.
    scaled: holds the product, the offset and their sum.
    """

    multiplier: Width
    offset: Width
    factor: Width
    scaled: Width


class LayerWidths(NamedTuple):
    """Formats of one layer, from operand to result.

    operand: the input, or in an incremental layer the difference of two inputs. factor: holds
    weight, operand and product, for multiplications in plain integers. sum: the products that one
    lane adds in a step, in any order. accumulator: at the neuron's own scale; the bias comes first,
    so that a partial accumulator is the accumulator of a vector with zeros in it and needs no
    more bits than a final one.
    """

    input: Width
    operand: Width
    weight: Width
    product: Width
    factor: Width
    sum: Width
    bias: Width
    accumulator: Width
    aligned: Width
    result: Width
    scale: ScaleWidths | None


def layer_widths(
    layer: DenseLayer, folded_layer: FoldedLayer, reloadable: bool, number: int
) -> LayerWidths:
    """Formats of layer `number` (from 1, for the error).

    reloadable: `layer` is one of `reloadable_formats`, and any weights of its formats may come.

    Raises:
        PulsewrightError: an operand or a result needs more bits than C++ integers have.
    """
    given = layer.input_format
    low, high = given.minimum, given.maximum
    operand = Width.of(given)
    if folded_layer.incremental:
        low, high = low - high, high - low
        operand = Width.holding(low, high)
    weight = Width.of(layer.weight_format)
    _check_width(operand, f"operands of layer {number}")
    _check_width(Width.of(layer.result_format), f"results of layer {number}")
    ends = _product_ranges(layer, folded_layer, low, high, reloadable)
    product = Width.holding(int(ends[0].min()), int(ends[1].max()))
    sums = ends[0].sum(axis=-1), ends[1].sum(axis=-1)
    operand_bits = operand.bits + (not operand.signed)
    if reloadable:
        bias = Width.of(bias_format(layer))
    else:
        bias = Width.holding(int(layer.bias.min()), int(layer.bias.max()))
    return LayerWidths(
        input=Width.of(given),
        operand=operand,
        weight=weight,
        product=product,
        factor=Width(max(weight.bits, operand_bits, product.bits), signed=True),
        sum=Width.holding(int(sums[0].min()), int(sums[1].max())),
        bias=bias,
        accumulator=Width.of(layer.accumulator_format),
        aligned=Width.of(layer.aligned_format),
        result=Width.of(layer.result_format),
        scale=_scale_widths(layer, reloadable, number),
    )


def _scale_widths(layer: DenseLayer, reloadable: bool, number: int) -> ScaleWidths | None:
    requantiser = layer.requantiser
    if requantiser is None:
        return None
    low, high = accumulator_ends(layer, reloadable)
    sums = np.concatenate(requantiser.scaled_ranges(low, high))
    products = sums - np.tile(requantiser.offset.astype(object), 2)
    ends = np.concatenate([sums, products, requantiser.offset.astype(object)])
    multiplier = requantiser.multiplier_bits
    scaled = Width.holding(int(ends.min()), int(ends.max()))
    widest = max(scaled.bits, layer.accumulator_format.width, multiplier + 1)
    _check_width(Width(widest, signed=True), f"products of the requantiser of layer {number}")
    return ScaleWidths(
        multiplier=Width(multiplier, signed=False),
        offset=Width.holding(int(requantiser.offset.min()), int(requantiser.offset.max())),
        factor=Width(widest, signed=True),
        scaled=scaled,
    )


def _product_ranges(
    layer: DenseLayer, folded_layer: FoldedLayer, low: int, high: int, reloadable: bool
) -> tuple[IntegerArray, IntegerArray]:
    """Smallest and largest product (groups, pe, steps, simd) of every multiplier in every step.

    In int64: `DenseLayer` keeps a row's products and their sums, with operands up to the magnitude
    of its inputs, below 2**62, and a difference is at most twice an input. Where all weights of a
    column are zero the operand's magnitude has no such bound and does not matter.
    """
    weights = padded_weights(layer, folded_layer)
    present = weights != 0
    if not present.any():
        return np.zeros_like(weights), np.zeros_like(weights)
    ends = np.where(present, weights * low, 0), np.where(present, weights * high, 0)
    smallest, largest = np.minimum(*ends), np.maximum(*ends)
    if reloadable:
        # A weight of the other sign may come in its place.
        largest = np.maximum(largest, -smallest)
        smallest = -largest
    return smallest, largest


def _check_width(width: Width, what: str) -> None:
    limit = WIDEST_SIGNED if width.signed else WIDEST_UNSIGNED
    if width.bits > limit:
        raise PulsewrightError(
            f"{what} have {width.bits} bits, the C++ kernel takes {limit}; "
            "use fewer bits, or requantise the layer before"
        )
