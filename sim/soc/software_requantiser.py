# SPDX-License-Identifier: Apache-2.0
"""Constants with which 32-bit software requantises to the bits of `IntegerMlp`."""

import numpy as np

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.fixed_point import Rounding, round_shift


def effective_shifts(layer: DenseLayer) -> list[int]:
    """Right shift from each neuron's own accumulator to the layer's result; negative to the left.

    Aligning an accumulator by its channel shift and shifting it right again is one shift: the
    zeros that the alignment appends change no rounding. A neuron whose accumulator is always 0
    takes the shift of another, since its own says nothing and may be one that C does not have.
    """
    shifts = [layer.shift - shift for shift in layer.channel_shifts or (0,) * layer.neurons]
    counts = (layer.weights != 0).any(axis=1) | (layer.bias != 0)
    any_live = next((shift for shift, live in zip(shifts, counts, strict=True) if live), 0)
    return [shift if live else any_live for shift, live in zip(shifts, counts, strict=True)]


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
