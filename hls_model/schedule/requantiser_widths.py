# SPDX-License-Identifier: Apache-2.0
"""Bit widths of a requantiser with multipliers, and what it adds to the products."""

from typing import NamedTuple

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding, width_for_range
from pulsewright.hls_model.reference.reloadable import accumulator_ends
from pulsewright.hls_model.reference.requantiser import Requantiser


class RequantiserWidths(NamedTuple):
    """Bits of the multipliers, which have no sign, and of the signed integers behind them.

    product: of accumulator and multiplier, modulo the width of the sum. addend: of offset and
    rounding together. sum: of product and addend, what is shifted.
    """

    multiplier: int
    product: int
    addend: int
    sum: int


def requantiser_widths(layer: DenseLayer, reloadable: bool = False) -> RequantiserWidths:
    """Those of a layer that has one.

    reloadable: `layer` is one of `reloadable_formats`, and any weights of its formats may come.
    """
    requantiser = required_requantiser(layer)
    half = rounding_half(layer)
    low, high = requantiser.scaled_ranges(*accumulator_ends(layer, reloadable))
    sum_width = width_for_range(int(low.min()) + half, int(high.max()) + half, signed=True)
    addends = addends_of(layer)
    addend = width_for_range(min(addends), max(addends), signed=True)
    multiplier = requantiser.multiplier_bits
    product = layer.accumulator_format.width
    if requantiser.multiplies:
        product += multiplier
    return RequantiserWidths(multiplier, min(product, sum_width), min(addend, sum_width), sum_width)


def required_requantiser(layer: DenseLayer) -> Requantiser:
    """That of a layer that has one."""
    assert layer.requantiser is not None
    return layer.requantiser


def rounding_half(layer: DenseLayer) -> int:
    """What is added before the shift, so that a shift down rounds to nearest; 0 of FLOOR."""
    if layer.rounding is Rounding.FLOOR or layer.shift == 0:
        return 0
    return 1 << (layer.shift - 1)


def addends_of(layer: DenseLayer) -> list[int]:
    """Offset and half a step of each neuron; both are constants, so that they are one addition."""
    half = rounding_half(layer)
    return [int(offset) + half for offset in required_requantiser(layer).offset]


def scale_rows(values: list[int], neuron_groups: int, pe: int) -> list[list[int]]:
    """Values of the neurons as rows of a group each, zero past the last neuron."""
    padded = np.zeros(neuron_groups * pe, dtype=object)
    padded[: len(values)] = values
    rows: list[list[int]] = padded.reshape(neuron_groups, pe).tolist()
    return rows
