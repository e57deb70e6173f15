# SPDX-License-Identifier: Apache-2.0
"""Quantisers as staircases: at which exact values the next code begins."""

from bisect import bisect_left
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from math import floor, lcm

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd

# Each code has a step of its own.
WIDEST_CODE = 16
ZERO, HALF, ONE = Fraction(0), Fraction(1, 2), Fraction(1)


@dataclass(frozen=True)
class Step:
    """Values from `position` on take the next code; the position itself does if `inclusive`."""

    position: Fraction
    inclusive: bool

    def is_reached_by(self, value: Surd) -> bool:
        """True if `value` lies on or behind the step."""
        sign = (value - Surd.of(self.position)).sign()
        return sign > 0 or (sign == 0 and self.inclusive)


# Distances from the integer, without and with the step itself.
_HALF_BELOW, _FROM_HALF_BELOW = Step(-HALF, inclusive=False), Step(-HALF, inclusive=True)
_FROM_INTEGER, _ABOVE_PREVIOUS = Step(ZERO, inclusive=True), Step(-ONE, inclusive=False)


def _by_side(positive: Step, other: Step) -> Callable[[int], Step]:
    """Steps that differ between positive integers and others."""
    return lambda integer: positive if integer > 0 else other


# Where a rounding begins to give an integer, relative to it. QONNX's HALF_UP and UP round away
# from zero, HALF_DOWN and DOWN towards it.
_STEPS: dict[str, Callable[[int], Step]] = {
    "HALF_EVEN": lambda integer: _HALF_BELOW if integer % 2 else _FROM_HALF_BELOW,
    "HALF_UP": _by_side(_FROM_HALF_BELOW, _HALF_BELOW),
    "HALF_DOWN": _by_side(_HALF_BELOW, _FROM_HALF_BELOW),
    "FLOOR": lambda integer: _FROM_INTEGER,
    "CEIL": lambda integer: _ABOVE_PREVIOUS,
    "DOWN": _by_side(_FROM_INTEGER, _ABOVE_PREVIOUS),
    "UP": _by_side(_ABOVE_PREVIOUS, _FROM_INTEGER),
}
_OTHER_NAMES = {"ROUND": "HALF_EVEN", "ROUND_TO_ZERO": "DOWN"}
ROUNDINGS = (*_STEPS, *_OTHER_NAMES)


@dataclass(frozen=True)
class Staircase:
    """A quantiser: codes 0, 1, .. as values rise, and what they stand for, gain * code + shift.

    where: the node. steps: their number is the largest code. gain: positive.
    first: what the file calls code 0.
    """

    where: str
    steps: tuple[Step, ...]
    gain: Fraction
    shift: Fraction
    first: int = 0

    @property
    def top(self) -> int:
        """The largest code."""
        return len(self.steps)

    @property
    def common_positions(self) -> tuple[list[int], int]:
        """Positions of the steps as integers over one denominator."""
        denominator = lcm(*(step.position.denominator for step in self.steps))
        return (
            [
                step.position.numerator * (denominator // step.position.denominator)
                for step in self.steps
            ],
            denominator,
        )

    def value(self, code: int) -> Fraction:
        """What a code stands for."""
        return self.gain * code + self.shift

    def code(self, value: Surd) -> int:
        """The code of an exact value."""
        low, high = 0, self.top
        while low < high:
            middle = (low + high) // 2
            if self.steps[middle].is_reached_by(value):
                low = middle + 1
            else:
                high = middle
        return low

    def moved(self, distance: Fraction) -> "Staircase":
        """With all steps, and what codes stand for, moved by a distance."""
        steps = tuple(replace(step, position=step.position + distance) for step in self.steps)
        return replace(self, steps=steps, shift=self.shift + distance)

    def of_values_within(self, low: Surd | None, high: Surd | None) -> "Staircase":
        """The same quantiser of values that are clipped to low..high before."""
        begin = 0 if low is None else self.code(low)
        end = self.top if high is None else self.code(high)
        return self._codes(begin, max(begin, end))

    def clipped(self, low: Fraction | None, high: Fraction | None, where: str) -> "Staircase":
        """The same quantiser whose results are clipped to low..high afterwards.

        Raises:
            PulsewrightError: an end of the clipping lies between two of its values.
        """
        if low is not None and low > self.value(self.top):
            return self._constant(low)
        if high is not None and high < self.shift:
            return self._constant(high)
        begin, end = 0, self.top
        if low is not None and low > self.shift:
            begin = self._code_of_result(low, where)
        if high is not None and high < self.value(self.top):
            end = self._code_of_result(high, where)
        return self._codes(begin, max(begin, end))

    def _code_of_result(self, value: Fraction, where: str) -> int:
        code = (value - self.shift) / self.gain
        if code.denominator != 1:
            raise PulsewrightError(
                f"{where} clips at {float(value):.6g}, which is none of the values that "
                f"{self.where} makes; clip before the quantiser, or at one of its values"
            )
        return code.numerator

    def _constant(self, value: Fraction) -> "Staircase":
        """No matter what is quantised: one code, for a value that may be none of the present."""
        code = (value - self.shift) / self.gain
        return replace(self, steps=(), shift=value, first=self.first + floor(code))

    def _codes(self, begin: int, end: int) -> "Staircase":
        return replace(
            self,
            steps=self.steps[begin:end],
            shift=self.value(begin),
            first=self.first + begin,
        )

    def then(self, gain: Surd, shift: Surd, second: "Staircase") -> tuple["Staircase", "Staircase"]:
        """`second` of the values gain * code + shift (gain positive) of this quantiser's codes.

        Returns both quantisers in one, and `second` with no codes but those that occur.
        """
        codes = [second.code(gain * Surd.of(code) + shift) for code in range(self.top + 1)]
        reached = second._codes(codes[0], codes[-1])
        steps = tuple(
            self.steps[bisect_left(codes, level) - 1]
            for level in range(codes[0] + 1, codes[-1] + 1)
        )
        return replace(reached, steps=steps), reached


def rounded(value: Fraction, rounding: str) -> int:
    """`value` as an integer, by the name of a rounding."""
    step_of = _STEPS[_OTHER_NAMES.get(rounding, rounding)]
    integer = value.numerator // value.denominator - 1
    # Every rounding goes to an integer next to the value.
    while True:
        step = step_of(integer + 1)
        position = integer + 1 + step.position
        if value < position or (value == position and not step.inclusive):
            return integer
        integer += 1


def integer_staircase(
    where: str,
    scale: Fraction,
    zero_point: Fraction,
    limits: Sequence[int],
    rounding: str = "HALF_EVEN",
    *,
    zero_point_after_rounding: bool,
) -> Staircase:
    """The quantiser q = clip(round(value / scale) + zero_point), for (q - zero_point) * scale.

    limits: smallest and largest q, of 16 bits at most. zero_point_after_rounding: as ONNX and
    TFLite do; QONNX rounds value / scale + zero_point.

    Raises:
        PulsewrightError: there are too many codes.
    """
    step_of = _STEPS[_OTHER_NAMES.get(rounding, rounding)]
    low, high = limits
    if high - low >= 1 << WIDEST_CODE:
        raise PulsewrightError(
            f"{where}: codes of {(high - low).bit_length()} bits, at most {WIDEST_CODE} are read; "
            "use fewer"
        )
    steps = []
    for integer in range(low + 1, high + 1):
        rounded = integer - int(zero_point) if zero_point_after_rounding else integer
        step = step_of(rounded)
        steps.append(Step((integer - zero_point + step.position) * scale, step.inclusive))
    return Staircase(where, tuple(steps), scale, (low - zero_point) * scale, low)


def bipolar_staircase(where: str, scale: Fraction) -> Staircase:
    """-scale below 0, scale from 0 on."""
    return Staircase(where, (_FROM_INTEGER,), 2 * scale, -scale)
