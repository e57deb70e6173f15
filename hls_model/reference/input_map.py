# SPDX-License-Identifier: Apache-2.0
"""From physical pulse parameters to input codes, in integers that firmware can repeat bit for bit.

A physical value is first an integer of its unit (pulse, mV, us); one map a feature makes the code.
"""

from typing import Annotated, Literal, Self

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict, FailFast, Field, model_validator

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.escape.printable import PrintableText
from pulsewright.hls_model.reference.fixed_point import (
    FixedPoint,
    IntegerArray,
    Rounding,
    round_shift,
)

# The multiplier of an affine map has this many significant bits at most, so that its product with
# any 32-bit physical value fits 64 bits with room to spare.
MULTIPLIER_BITS = 24
MOST_TABLE_ENTRIES = 4096
# Bound on the codes of a table before they saturate, as on the offset of an affine map.
LARGEST_CODE = 2**60


class Feature(BaseModel):
    """Name, unit and range of one physical input.

    name, unit: any printed characters, at most 80; generators escape them for their place.
    per_si: integer units in one SI unit (1000 for mV, 1000000 for us, 1 for a count).
    minimum, maximum: the operating range in integer units; values outside it saturate.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: PrintableText
    unit: PrintableText
    per_si: Annotated[int, Field(ge=1, le=10**9)]
    minimum: Annotated[int, Field(ge=-(2**31), lt=2**31)]
    maximum: Annotated[int, Field(ge=-(2**31), lt=2**31)]

    @model_validator(mode="after")
    def _check(self) -> Self:
        if self.minimum >= self.maximum:
            raise ValueError(
                f"feature {self.name} is constant at {self.minimum} {self.unit}; remove it"
            )
        return self


class AffineMap(Feature):
    """code = (multiplier * physical + offset) / 2**shift, rounded half up."""

    kind: Literal["affine"] = "affine"
    multiplier: Annotated[int, Field(gt=0, lt=2**MULTIPLIER_BITS)]
    offset: Annotated[int, Field(gt=-LARGEST_CODE, lt=LARGEST_CODE)]
    shift: Annotated[int, Field(ge=0, le=60)]

    def codes(self, physical: IntegerArray) -> IntegerArray:
        """Codes of physical integers, any shape, before saturation to the input format."""
        inside = np.clip(physical, self.minimum, self.maximum)
        return round_shift(inside * self.multiplier + self.offset, self.shift, Rounding.HALF_UP)

    def unrounded(self, physical: IntegerArray) -> npt.NDArray[np.float64]:
        """The same map without the rounding, for training in floating point."""
        inside = np.clip(physical, self.minimum, self.maximum)
        return (inside * self.multiplier + self.offset) / 2.0**self.shift


class TableMap(Feature):
    """code = table[physical - minimum]: any function of a short range, such as the log of N."""

    kind: Literal["table"] = "table"
    table: Annotated[
        list[Annotated[int, Field(gt=-LARGEST_CODE, lt=LARGEST_CODE)]],
        Field(max_length=MOST_TABLE_ENTRIES),
    ]

    @model_validator(mode="after")
    def _check_table(self) -> Self:
        if len(self.table) != self.maximum - self.minimum + 1:
            raise ValueError(
                f"feature {self.name} needs {self.maximum - self.minimum + 1} table entries, "
                f"has {len(self.table)}"
            )
        return self

    def codes(self, physical: IntegerArray) -> IntegerArray:
        """Codes of physical integers, any shape."""
        inside = np.clip(physical, self.minimum, self.maximum)
        return np.asarray(self.table, dtype=np.int64)[inside - self.minimum]

    def unrounded(self, physical: IntegerArray) -> npt.NDArray[np.float64]:
        """A table has no finer values than its codes."""
        return self.codes(physical).astype(np.float64)


FeatureMap = Annotated[AffineMap | TableMap, Field(discriminator="kind")]


class InputMap(BaseModel):
    """The maps of all features and the format of the codes they make."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    features: Annotated[tuple[FeatureMap, ...], Field(min_length=1, max_length=2**16), FailFast()]
    code_format: FixedPoint

    def physical(self, values: npt.NDArray[np.float64]) -> IntegerArray:
        """SI values (rows, features) to integer physical units, rounded half to even.

        Raises:
            PulsewrightError: the shape is wrong or a value is not finite.
        """
        values = np.asarray(values, dtype=np.float64)
        if values.ndim != 2 or values.shape[1] != len(self.features):
            raise PulsewrightError(
                f"inputs must be (rows, {len(self.features)}), got {values.shape}"
            )
        if not np.isfinite(values).all():
            row, column = np.argwhere(~np.isfinite(values))[0]
            raise PulsewrightError(
                f"row {row} has {self.features[column].name} = {values[row, column]}; "
                "remove or repair that row"
            )
        scaled = np.rint(values * [feature.per_si for feature in self.features])
        return np.clip(scaled, -(2**31), 2**31 - 1).astype(np.int64)

    def codes(self, values: npt.NDArray[np.float64]) -> IntegerArray:
        """SI values (rows, features) to input codes of `code_format`, int64."""
        return self.codes_of_units(self.physical(values))

    def codes_of_units(self, physical: IntegerArray) -> IntegerArray:
        """Integers in the units of the features (rows, features) to input codes, int64."""
        columns = [feature.codes(physical[:, i]) for i, feature in enumerate(self.features)]
        return np.clip(
            np.stack(columns, axis=1), self.code_format.minimum, self.code_format.maximum
        )

    def normalised(self, values: npt.NDArray[np.float64]) -> npt.NDArray[np.float64]:
        """SI values (rows, features) to the real numbers that the codes approximate."""
        physical = self.physical(values)
        columns = [feature.unrounded(physical[:, i]) for i, feature in enumerate(self.features)]
        return np.stack(columns, axis=1) * self.code_format.step


def _check_signed(code_format: FixedPoint) -> None:
    if not code_format.signed:
        raise PulsewrightError(f"input codes are signed, got format {code_format}; make it signed")


def fit_affine(feature: Feature, code_format: FixedPoint) -> AffineMap:
    """The min-max map of a feature's operating range to the narrow range of `code_format`.

    A count gets a whole number of codes a step where the format has room for it, so that every
    pulse moves the code by the same amount (2N - 99 for N = 0..99 at 8 bits).

    Raises:
        PulsewrightError: the format is unsigned.
    """
    _check_signed(code_format)
    span, limit = feature.maximum - feature.minimum, code_format.maximum
    steps = 2 * limit // span
    if feature.unit == "pulse" and steps >= 1:
        offset = -(steps * (feature.minimum + feature.maximum)) // 2
        return AffineMap(**feature.model_dump(), multiplier=steps, offset=offset, shift=0)
    shift = 0
    while ((2 * limit) << (shift + 1)) // span < (1 << (MULTIPLIER_BITS - 1)) and shift < 40:
        shift += 1
    multiplier = round(((2 * limit) << shift) / span)
    offset = -(multiplier * (feature.minimum + feature.maximum)) // 2
    return AffineMap(**feature.model_dump(), multiplier=multiplier, offset=offset, shift=shift)


def fit_log_table(feature: Feature, code_format: FixedPoint) -> TableMap:
    """log(1 + physical - minimum) by table, stretched over the narrow range of `code_format`.

    Raises:
        PulsewrightError: the format is unsigned, or the range is longer than a table may be.
    """
    _check_signed(code_format)
    entries = feature.maximum - feature.minimum + 1
    if entries > MOST_TABLE_ENTRIES:
        raise PulsewrightError(
            f"{feature.name} has the {entries} values {feature.minimum} to {feature.maximum}, a "
            f"table of its logarithm takes {MOST_TABLE_ENTRIES}; use shorter curves, or "
            'pulse_number = "affine" in [network]'
        )
    index = np.arange(entries)
    unit = np.log1p(index) / np.log1p(index[-1])
    codes = np.rint((2 * unit - 1) * code_format.maximum).astype(int)
    return TableMap(**feature.model_dump(), table=codes.tolist())
