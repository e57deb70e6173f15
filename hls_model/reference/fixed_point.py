# SPDX-License-Identifier: Apache-2.0
"""Fixed-point number formats and the three roundings of the requantiser."""

from enum import StrEnum
from typing import Annotated

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, Field

IntegerArray = npt.NDArray[np.int64]

MAX_WIDTH = 64
INT64_BITS = 64
LARGEST_FRAC = 64


class Rounding(StrEnum):
    """How a right shift rounds: all three are first-class, since the tools differ.

    HALF_EVEN is what Brevitas, QONNX and onnxruntime do; HALF_UP what da4ml and hand-set
    hls4ml do; FLOOR is a bare arithmetic shift.
    """

    HALF_EVEN = "half_even"
    HALF_UP = "half_up"
    FLOOR = "floor"


class FixedPoint(BaseModel):
    """An integer q of `width` bits that stands for q * 2**-frac.

    `frac` may be negative or exceed `width`; signed formats are two's complement.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    width: Annotated[int, Field(ge=1, le=MAX_WIDTH)]
    frac: Annotated[int, Field(ge=-LARGEST_FRAC, le=LARGEST_FRAC)]
    signed: bool

    @property
    def minimum(self) -> int:
        """Smallest integer of the format."""
        return -(1 << (self.width - 1)) if self.signed else 0

    @property
    def maximum(self) -> int:
        """Largest integer of the format."""
        return (1 << (self.width - self.signed)) - 1

    @property
    def narrow_minimum(self) -> int:
        """Smallest integer of the narrow range, which is symmetric for signed formats."""
        return -self.maximum if self.signed else 0

    @property
    def step(self) -> float:
        """The value of one least significant bit, 2**-frac."""
        return 2.0**-self.frac

    def __str__(self) -> str:
        return f"{'s' if self.signed else 'u'}{self.width}.{self.frac}"


def width_for_range(minimum: int, maximum: int, signed: bool) -> int:
    """Fewest bits that hold every integer of [minimum, maximum].

    Raises:
        ValueError: an unsigned width is asked for a negative minimum.
    """
    if minimum < 0 and not signed:
        raise ValueError(f"an unsigned format cannot hold {minimum}")
    magnitude = max(maximum, -minimum - 1, 0)
    return max(magnitude.bit_length() + signed, 1)


def round_shift(values: IntegerArray, shift: int, rounding: Rounding) -> IntegerArray:
    """Return values * 2**-shift rounded to integers; a negative shift multiplies exactly.

    `values` is an int64 array of any shape; the caller guarantees that results fit int64.
    """
    if shift <= 0:
        return values << -shift
    if shift >= INT64_BITS:
        # No more than half of a step is left of any int64, and a tie goes to zero.
        return np.where(values < 0, -1, 0) if rounding is Rounding.FLOOR else np.zeros_like(values)
    floor = values >> shift
    if rounding is Rounding.FLOOR:
        return floor
    remainder = values - (floor << shift)
    half = 1 << (shift - 1)
    round_up = remainder > half
    if rounding is Rounding.HALF_UP:
        round_up |= remainder == half
    else:
        round_up |= (remainder == half) & (floor & 1).astype(bool)
    return floor + round_up


def requantise(
    accumulator: IntegerArray, shift: int, rounding: Rounding, target: FixedPoint
) -> IntegerArray:
    """Round first, saturate second: `accumulator` * 2**-shift in the range of `target`."""
    # No int64 is past the larger maximum of an unsigned format of 64 bits.
    maximum = min(target.maximum, np.iinfo(np.int64).max)
    return np.clip(round_shift(accumulator, shift, rounding), target.minimum, maximum)
