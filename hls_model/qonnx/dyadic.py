# SPDX-License-Identifier: Apache-2.0
"""Powers of two and integers in floating-point clothes: exact, or refused."""

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import IntegerArray

FloatArray = npt.NDArray[np.float64]

# What `FixedPoint.frac` may be.
LARGEST_FRAC = 64
SIGNIFICAND_BITS = 53


def fractional_bits(scales: FloatArray, what: str) -> IntegerArray:
    """Find frac of scales 2**-frac, any shape.

    Raises:
        PulsewrightError: a scale is not a power of two of 2**-64 to 2**64.
    """
    significands, exponents = np.frexp(scales)
    wrong = significands != 0.5
    if wrong.any():
        raise PulsewrightError(
            f"{what} is {scales[wrong].flat[0]!s}, not a power of two; "
            "train with power-of-two scales"
        )
    fracs: IntegerArray = 1 - exponents.astype(np.int64)
    if fracs.size and int(np.abs(fracs).max()) > LARGEST_FRAC:
        outside = fracs[np.abs(fracs) > LARGEST_FRAC].flat[0]
        raise PulsewrightError(
            f"{what} is 2**{-outside}, outside 2**-{LARGEST_FRAC} to 2**{LARGEST_FRAC}; "
            "scale the network"
        )
    return fracs


def integers(values: FloatArray, fracs: IntegerArray, what: str, remedy: str) -> IntegerArray:
    """Return values * 2**fracs, which must be integers of less than 63 bits; shapes broadcast.

    Raises:
        PulsewrightError: one of them is not.
    """
    # ldexp is exact where a product with 2.0**frac could overflow half-way.
    scaled = np.ldexp(*np.broadcast_arrays(values, fracs))
    wrong = (np.rint(scaled) != scaled) | (np.abs(scaled) >= 2.0**62)
    if wrong.any():
        place = tuple(int(index) for index in np.argwhere(wrong)[0])
        frac = int(np.broadcast_to(fracs, scaled.shape)[place])
        raise PulsewrightError(
            f"{what}{list(place)} is {np.broadcast_to(values, scaled.shape)[place]!s}, "
            f"not an integer of at most 62 bits at the scale 2**{-frac}; {remedy}"
        )
    exact: IntegerArray = scaled.astype(np.int64)
    return exact


def finest_scale(values: FloatArray) -> int:
    """The smallest frac, not below 0, at which all values are integers; `LARGEST_FRAC` if none."""
    significands, exponents = np.frexp(values[values != 0])
    numbers = np.ldexp(significands, SIGNIFICAND_BITS).astype(np.int64)
    # A lowest set bit is a power of two, of which frexp tells the exponent exactly.
    lowest = np.frexp((numbers & -numbers).astype(np.float64))[1] - 1
    fracs = SIGNIFICAND_BITS - exponents.astype(np.int64) - lowest
    return int(np.clip(fracs.max(initial=0), 0, LARGEST_FRAC))
