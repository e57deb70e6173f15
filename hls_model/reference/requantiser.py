# SPDX-License-Identifier: Apache-2.0
"""The requantiser with a multiplier and an offset: what scales that are no powers of two need."""

from typing import Annotated, Any, Self

import numpy as np
import numpy.typing as npt
from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    SerializerFunctionWrapHandler,
    model_serializer,
    model_validator,
)

from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    IntegerArray,
    Rounding,
    requantise,
)
from pulsewright.hls_model.reference.integer_array import LARGEST_MAGNITUDE, IntegerField

MULTIPLIER_BITS = 32
LARGEST_SHIFT = 62


class Requantiser(BaseModel):
    """code = clip(round_shift(multiplier[j] * acc[j] + offset[j], shift, rounding), low, top).

    multiplier: (neurons,) integers, 0 to 2**32 - 1; 0 makes a constant of what the neuron hands on.
    offset: (neurons,) integers, 64 bits. shift: 0..62, one for the layer. Rounding and low are
    those of the layer and its output format.
    top: the largest code, of quantisers that use fewer than their format has (narrow ranges, a ReLU
    at a zero point); None: the format's maximum.

    Raises:
        pydantic.ValidationError: shapes disagree, or a multiplier or the shift leaves its range.
    """

    model_config = ConfigDict(frozen=True, extra="forbid", arbitrary_types_allowed=True)

    multiplier: IntegerField
    offset: IntegerField
    shift: Annotated[int, Field(ge=0, le=LARGEST_SHIFT)]
    top: int | None = None

    @model_serializer(mode="wrap")
    def _without_absent_top(self, serialise: SerializerFunctionWrapHandler) -> dict[str, Any]:
        """The end of the format needs no number of its own."""
        fields: dict[str, Any] = serialise(self)
        if self.top is None:
            fields.pop("top", None)
        return fields

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.multiplier.ndim != 1 or self.multiplier.size == 0:
            raise ValueError(f"multiplier must be (neurons,), got shape {self.multiplier.shape}")
        if self.offset.shape != self.multiplier.shape:
            raise ValueError(
                f"offset must have shape ({self.neurons},), as multiplier has, "
                f"got {self.offset.shape}"
            )
        low, high = int(self.multiplier.min()), int(self.multiplier.max())
        if low < 0 or high >> MULTIPLIER_BITS:
            raise ValueError(
                f"multipliers reach {low}..{high}, outside 0..{(1 << MULTIPLIER_BITS) - 1}; "
                "negate the weights of a neuron with a negative gain, or take a smaller shift"
            )
        return self

    @property
    def neurons(self) -> int:
        """Number of neurons M."""
        return int(self.multiplier.size)

    def of_neurons(self, numbers: IntegerArray) -> Self:
        """That of the neurons `numbers`, in their order."""
        return type(self)(
            multiplier=self.multiplier[numbers],
            offset=self.offset[numbers],
            shift=self.shift,
            top=self.top,
        )

    @property
    def multiplies(self) -> bool:
        """False if every multiplier is 1."""
        return bool((self.multiplier != 1).any())

    @property
    def multiplier_bits(self) -> int:
        """Bits of the largest multiplier, 1 to 32."""
        return max(int(self.multiplier.max()).bit_length(), 1)

    def largest_code(self, target: FixedPoint) -> int:
        """The largest code that it makes in the format `target`."""
        return target.maximum if self.top is None else self.top

    def scaled_ranges(
        self, low: npt.NDArray[np.object_], high: npt.NDArray[np.object_]
    ) -> tuple[npt.NDArray[np.object_], npt.NDArray[np.object_]]:
        """Ends (neurons,) of multiplier * acc + offset for accumulators of low..high (neurons,)."""
        multiplier, offset = self.multiplier.astype(object), self.offset.astype(object)
        return multiplier * low + offset, multiplier * high + offset

    def codes(
        self, accumulators: IntegerArray, rounding: Rounding, target: FixedPoint
    ) -> IntegerArray:
        """Accumulators (rows, neurons) to codes of `target`: round first, saturate second.

        The caller guarantees |multiplier * acc + offset| < 2**62, as `DenseLayer` does.
        """
        scaled = accumulators * self.multiplier + self.offset
        codes = requantise(scaled, self.shift, rounding, target)
        return np.minimum(codes, self.largest_code(target))


def check_reach(
    requantiser: Requantiser, low: npt.NDArray[np.object_], high: npt.NDArray[np.object_]
) -> None:
    """See that multiplier * acc + offset stays within what is computed exactly.

    low, high: (neurons,) ends of the accumulators.

    Raises:
        ValueError: it may reach 2**62.
    """
    ends = np.concatenate(requantiser.scaled_ranges(low, high))
    reach = int(np.abs(ends).max())
    if reach > LARGEST_MAGNITUDE:
        raise ValueError(
            f"multiplier * accumulator + offset may reach {reach.bit_length()} bits and a sign, "
            f"at most {LARGEST_MAGNITUDE.bit_length()} are computed exactly; "
            "use smaller multipliers and offsets with a smaller shift"
        )
