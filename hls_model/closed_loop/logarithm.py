# SPDX-License-Identifier: Apache-2.0
"""Logarithm and power of two in integers, by tables, so that firmware repeats them bit for bit.

Logarithms are in octaves of 2**-12. Tables have 256 steps of a mantissa and are interpolated.
"""

import math

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray

OCTAVE = 1 << 12
STEP_BITS = 8
STEPS = 1 << STEP_BITS
MANTISSA_BITS = 2 * STEP_BITS
LARGEST_INTEGER = 2**31 - 1
# 2**y in units of 2**-12 has at most 30 bits.
LARGEST_EXPONENT = 18 * OCTAVE - 1
POWER_FRAC = 16

LOGARITHMS: IntegerArray = np.array(
    [round(math.log2(1 + step / STEPS) * OCTAVE) for step in range(STEPS + 1)], dtype=np.int64
)
"""(257,) log2(1 + i / 256) in octaves of 2**-12."""

POWERS: IntegerArray = np.array(
    [round(2 ** (step / STEPS) * (1 << POWER_FRAC)) for step in range(STEPS + 1)], dtype=np.int64
)
"""(257,) 2**(i / 256) in units of 2**-16."""


def log2(values: IntegerArray) -> IntegerArray:
    """Logarithms of integers 1 to 2**31 - 1, any shape; others are taken as the nearest of these.

    At most 1.1 steps of 2**-12 octave off, never falling, exact at powers of two.
    """
    inside = np.clip(values, 1, LARGEST_INTEGER)
    octave = bit_length(inside) - 1
    mantissa = (inside << (31 - octave) >> (31 - MANTISSA_BITS)) & ((1 << MANTISSA_BITS) - 1)
    step, rest = mantissa >> STEP_BITS, mantissa & (STEPS - 1)
    low = LOGARITHMS[step]
    rise = (LOGARITHMS[step + 1] - low) * rest + STEPS // 2
    found: IntegerArray = octave * OCTAVE + low + (rise >> STEP_BITS)
    return found


def exp2(exponents: IntegerArray) -> IntegerArray:
    """2**(y / 4096) in units of 2**-12, rounded down; any shape.

    Exponents above 18 octaves are taken as just below; the result fits 31 bits. Below 1.0 it loses
    digits as a fixed point does, to 0 at -12 octaves.
    """
    inside = np.minimum(exponents, LARGEST_EXPONENT)
    octave, place = inside >> 12, inside & (OCTAVE - 1)
    step, rest = place >> 4, place & 15
    low = POWERS[step]
    mantissa = low + ((POWERS[step + 1] - low) * rest >> 4)
    left = np.maximum(octave - (POWER_FRAC - 12), 0)
    right = np.minimum(np.maximum((POWER_FRAC - 12) - octave, 0), 31)
    power: IntegerArray = mantissa << left >> right
    return power


def bit_length(values: IntegerArray) -> IntegerArray:
    """Bits of integers 0 to 2**52, any shape."""
    # A float64 holds them exactly, so that its exponent tells.
    return np.asarray(np.frexp(values.astype(np.float64))[1], dtype=np.int64)
