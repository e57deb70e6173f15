# SPDX-License-Identifier: Apache-2.0
"""Constants with which 32-bit software requantises to the bits of `IntegerMlp`."""

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding, round_shift


def effective_shifts(layer: DenseLayer) -> list[int]:
    """Right shift from each neuron's own accumulator to the layer's result; negative to the left.

    Aligning an accumulator by its channel shift and shifting it right again is one shift: the
    zeros that the alignment appends change no rounding.
    """
    return [layer.shift - shift for shift in layer.channel_shifts or (0,) * layer.neurons]


def rounding_offset(rounding: Rounding, shift: int) -> int:
    """What is added to an accumulator before the shift, and may be part of the bias.

    With u = a + half - 1, a / 2**shift rounded half to even is (u + ((u >> shift) & 1)) >> shift.
    """
    if shift <= 0 or rounding is Rounding.FLOOR:
        return 0
    half = 1 << (shift - 1)
    return half - 1 if rounding is Rounding.HALF_EVEN else half


def saturates(layer: DenseLayer) -> bool:
    """True if the ranges of the accumulators let the requantiser saturate."""
    if layer.output_format is None:
        return False
    high = np.array([max(layer.aligned_range[1], 0)], dtype=np.int64)
    return int(round_shift(high, layer.shift, layer.rounding)[0]) > layer.output_format.maximum
