# SPDX-License-Identifier: Apache-2.0
"""From the values that a file takes to the input codes of the integer network, exactly."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.staircase import Staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray, width_for_range

WIDEST_INPUT = 16


@dataclass(frozen=True)
class InputCodes:
    """code = first + staircase(affine(value)), an integer of `code_format`.

    affine: by feature, what stands before the input's quantiser.
    """

    affine: Affine
    staircase: Staircase

    @property
    def first(self) -> int:
        """The smallest code."""
        return self.staircase.first

    @property
    def code_format(self) -> FixedPoint:
        """The narrowest format of the codes."""
        low, high = self.first, self.first + self.staircase.top
        signed = low < 0
        return FixedPoint(width=width_for_range(low, high, signed=signed), frac=0, signed=signed)

    def codes(self, values: npt.NDArray[np.floating | np.integer]) -> IntegerArray:
        """Values (rows, features) as the file takes them to codes, with one rounding in all.

        Raises:
            PulsewrightError: the shape is wrong, or a value is not finite.
        """
        given = np.asarray(values, dtype=np.float64)
        if given.ndim != 2 or given.shape[1] != self.affine.channels:
            raise PulsewrightError(
                f"inputs must be (rows, {self.affine.channels}), got {given.shape}"
            )
        if not np.isfinite(given).all():
            raise PulsewrightError(
                f"inputs hold {given[~np.isfinite(given)][0]}; remove or repair that row"
            )
        codes = np.empty(given.shape, dtype=np.int64)
        known: dict[object, list[int]] = {}
        for feature, (gain, shift) in enumerate(
            zip(self.affine.gain, self.affine.shift, strict=True)
        ):
            key = tuple(gain.terms.items()), tuple(shift.terms.items())
            known.setdefault(key, []).append(feature)
        for features in known.values():
            gain, shift = self.affine.gain[features[0]], self.affine.shift[features[0]]
            codes[:, features] = self.first + self._column(given[:, features], gain, shift)
        return codes

    def _column(
        self, values: npt.NDArray[np.float64], gain: Surd, shift: Surd
    ) -> npt.NDArray[np.intp]:
        if gain.sign() == 0:
            return np.full(values.shape, self.staircase.code(shift), dtype=np.intp)
        if gain.sign() < 0:
            values, gain = -values, -gain
        nearest, reached = _steps_as_floats(gain, shift, self.staircase)
        codes = np.searchsorted(nearest, values, side="left")
        # No float lies between a step and the float nearest to it, so that it alone is undecided.
        places = np.minimum(codes, len(nearest) - 1) if len(nearest) else codes
        for place in np.unique(places[nearest[places] == values]) if len(nearest) else ():
            last = int(np.searchsorted(nearest, nearest[place], side="right"))
            behind = sum(reached(step) for step in range(int(place), last))
            codes[values == nearest[place]] = place + behind
        return codes


def _steps_as_floats(
    gain: Surd, shift: Surd, staircase: Staircase
) -> tuple[npt.NDArray[np.float64], Callable[[int], bool]]:
    """The float64 nearest to each step, and whether it is on or behind it. gain: positive."""
    inverse = gain.reciprocal()
    steps = staircase.steps

    def position(step: int) -> Surd:
        return (Surd.of(steps[step].position) - shift) * inverse

    def reached(step: int) -> bool:
        sign = (Surd.of(Fraction(float(nearest[step]))) - position(step)).sign()
        return sign > 0 or (sign == 0 and steps[step].inclusive)

    if gain.is_rational and shift.is_rational:
        # (p / d - s / t) / (g / h) = (p * t - s * d) * h / (d * t * g); one rounding.
        numerators, denominator = staircase.common_positions
        slope, constant = gain.rational, shift.rational
        factor = constant.denominator * slope.denominator
        less = constant.numerator * denominator * slope.denominator
        divisor = denominator * constant.denominator * slope.numerator
        floats = [(one * factor - less) / divisor for one in numerators]
    else:
        floats = [_nearest_float(position(step)) for step in range(len(steps))]
    nearest = np.array(floats, dtype=np.float64)
    return nearest, reached


def _nearest_float(value: Surd) -> float:
    """Correctly rounded: digits are added until both bounds have the same float."""
    bits = 128
    while True:
        low, high = (Fraction(one, 1 << bits) for one in value.bounds(bits))
        if float(low) == float(high):
            return float(low)
        bits *= 2


def check_width(where: str, codes: Sequence[int]) -> None:
    """Refuse input codes of more than 16 bits. codes: the smallest and the largest.

    Raises:
        PulsewrightError: see above.
    """
    low, high = codes
    width = width_for_range(low, high, signed=low < 0)
    if width > WIDEST_INPUT:
        raise PulsewrightError(
            f"{where}: input codes of {width} bits, at most {WIDEST_INPUT} are read; use fewer"
        )
