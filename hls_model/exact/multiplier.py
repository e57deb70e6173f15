# SPDX-License-Identifier: Apache-2.0
"""The smallest multipliers whose requantiser has given thresholds.

A requantiser gives code k or more from accumulator T[k] on if and only if
M * T[k] + B >= bound(k) > M * (T[k] - 1) + B, all in integers. For each M that leaves an interval
for B, whose length is a concave function of M, so that bisection finds an M or shows that there is
none. What a shift reproduces a larger one does as well, with twice the numbers; so the smallest
shift has the smallest multipliers.
"""

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding

MULTIPLIER_BITS = 32
LARGEST_SHIFT = 62
MOST_WIDENING = 8
LARGEST_MULTIPLIER = (1 << MULTIPLIER_BITS) - 1
# Bounds of B that are none, and the largest magnitude for which int64 has room beside them.
_NONE_INT64, _ROOM_INT64 = 1 << 61, 1 << 60
_NONE_OBJECT = 1 << 400

# int64, or Python's integers where int64 may not do.
Integers = npt.NDArray[Any]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class Constraints:
    """Thresholds of neurons as what must hold at single accumulators.

    codes: (levels,), rising. reached_at: (neurons, levels) accumulators at which the code must be
    reached, where `reached`. missed_at: the same for those at which it must not yet be, where
    `missed`.
    """

    codes: IntegerArray
    reached_at: IntegerArray
    reached: Mask
    missed_at: IntegerArray
    missed: Mask

    @classmethod
    def of(
        cls, codes: IntegerArray, thresholds: IntegerArray, low: IntegerArray, high: IntegerArray
    ) -> "Constraints":
        """Thresholds (neurons, levels) from low to high + 1, the ends of each neuron's range.

        A threshold at `low` says that the code is always reached, one at high + 1 that it never
        is.
        """
        return cls(
            codes,
            thresholds,
            thresholds <= high[:, None],
            thresholds - 1,
            thresholds > low[:, None],
        )

    def of_all_neurons(self) -> "Constraints":
        """The constraints of one neuron that holds what all of them must."""
        limit = np.iinfo(np.int64).max
        return Constraints(
            self.codes,
            np.where(self.reached, self.reached_at, limit).min(axis=0, keepdims=True),
            np.logical_or.reduce(self.reached, axis=0, keepdims=True),
            np.where(self.missed, self.missed_at, -limit).max(axis=0, keepdims=True),
            np.logical_or.reduce(self.missed, axis=0, keepdims=True),
        )

    def rows(self, chosen: IntegerArray) -> "Constraints":
        """The constraints of some of the neurons."""
        return Constraints(
            self.codes,
            self.reached_at[chosen],
            self.reached[chosen],
            self.missed_at[chosen],
            self.missed[chosen],
        )


@dataclass(frozen=True)
class Multipliers:
    """code = (multiplier * (accumulator << widening) + offset) >> shift, rounded and clipped.

    multiplier, offset, widening: (neurons,). shift: of all of them. A widening is 0 but where the
    multiplier would have more than 32 bits: weights of that neuron take some of them.
    """

    multiplier: IntegerArray
    offset: Integers
    shift: int
    widening: IntegerArray

    @property
    def of_accumulator(self) -> Integers:
        """Multipliers of accumulators that are not widened, (neurons,)."""
        widened: Integers = self.multiplier.astype(object) << self.widening.astype(object)
        return widened

    @property
    def bits(self) -> int:
        """Bits of the largest multiplier."""
        return int(self.multiplier.max()).bit_length()


class UnreproducibleError(Exception):
    """No multiplier of at most 32 bits, nor one whose weights may be wider, does for `neuron`."""

    def __init__(self, neuron: int) -> None:
        super().__init__(neuron)
        self.neuron = neuron


def smallest_multipliers(constraints: Constraints, rounding: Rounding) -> Multipliers:
    """The smallest shift, and for each neuron the smallest multiplier at that shift.

    Neurons of a layer share the shift, and a steep one beside a flat one needs a large multiplier
    there. Past 32 bits its own smallest one is taken, whose last bits are 0 at the common shift:
    they are a widening of its weights.

    Raises:
        UnreproducibleError: there is none of at most 32 bits, with weights that grow by
            `MOST_WIDENING` bits.
    """
    neurons = len(constraints.reached)
    waiting = np.arange(neurons)
    found = np.zeros(neurons, dtype=np.int64)
    shifts = np.zeros(neurons, dtype=np.int64)
    low = np.zeros(neurons, dtype=np.int64)
    high = np.full(neurons, LARGEST_MULTIPLIER, dtype=np.int64)
    for shift in range(LARGEST_SHIFT + 1):
        problem = _Problem(constraints.rows(waiting), shift, rounding)
        feasible, multiplier, low, high = problem.bisected(low, high)
        if feasible.any():
            done = waiting[feasible]
            own = _Problem(constraints.rows(done), shift, rounding)
            found[done], shifts[done] = own.smallest(multiplier[feasible]), shift
        waiting, low, high = waiting[~feasible], low[~feasible], high[~feasible]
        if not waiting.size:
            break
        beyond = (low > LARGEST_MULTIPLIER) | (shift == LARGEST_SHIFT)
        if beyond.any():
            raise UnreproducibleError(int(waiting[beyond][0]))
        # What excludes a multiplier here excludes its double at the next shift, but for the ones
        # that strict bounds and ties add.
        low = np.maximum(2 * low - 4, 0)
        high = np.minimum(2 * high + 4, LARGEST_MULTIPLIER)
    largest = int(shifts.max())
    return _at_shift(constraints, found.astype(object) << (largest - shifts), largest, rounding)


def _at_shift(
    constraints: Constraints, feasible: Integers, shift: int, rounding: Rounding
) -> Multipliers:
    """The smallest multipliers, and of their offsets those nearest to 0."""
    problem = _Problem(constraints, shift, rounding, int(feasible.max()))
    smallest = problem.smallest(feasible).astype(object)
    chosen = np.where(smallest > LARGEST_MULTIPLIER, feasible, smallest)
    excess = [max(int(one).bit_length() - MULTIPLIER_BITS, 0) for one in chosen]
    widening = np.array(excess, dtype=np.int64)
    if int(widening.max()) > MOST_WIDENING:
        raise UnreproducibleError(int(widening.argmax()))
    lower, upper, _ = problem.offset_bounds(chosen)
    offset = np.minimum(np.maximum(lower, 0), upper)
    multiplier = (chosen >> widening.astype(object)).astype(np.int64)
    return Multipliers(multiplier, offset, shift, widening)


class _Problem:
    """Constraints at one shift. Arrays are int64 where that provably holds everything."""

    def __init__(
        self,
        constraints: Constraints,
        shift: int,
        rounding: Rounding,
        largest: int = LARGEST_MULTIPLIER,
    ) -> None:
        given = constraints
        reach = max(
            (int(np.abs(at[mask]).max(initial=0)))
            for at, mask in (
                (given.reached_at, given.reached),
                (given.missed_at, given.missed),
            )
        )
        largest_code = int(np.abs(given.codes).max(initial=0))
        fits = ((largest_code + 2) << shift) + largest * (reach + 1) < _ROOM_INT64
        kind: type = np.int64 if fits else object
        self._none: int = _NONE_INT64 if fits else _NONE_OBJECT
        self._reached, self._missed = given.reached, given.missed
        self._reached_at: Integers = np.where(given.reached, given.reached_at, 0).astype(kind)
        self._missed_at: Integers = np.where(given.missed, given.missed_at, 0).astype(kind)
        self._bounds: Integers = given.codes.astype(kind) * (1 << shift)
        if rounding is Rounding.HALF_UP and shift > 0:
            self._bounds = self._bounds - (1 << (shift - 1))
        elif rounding is Rounding.HALF_EVEN and shift > 0:
            # A tie goes to the even code.
            self._bounds = self._bounds - (1 << (shift - 1)) + given.codes % 2

    def offset_bounds(self, multiplier: IntegerArray) -> tuple[Integers, Integers, Integers]:
        """Smallest and largest B (neurons,), and how their distance grows with the multiplier."""
        column = multiplier.astype(self._bounds.dtype)[:, None]
        lower = np.where(self._reached, self._bounds - column * self._reached_at, -self._none)
        upper = np.where(self._missed, self._bounds - 1 - column * self._missed_at, self._none)
        tightest = np.arange(len(multiplier)), lower.argmax(axis=1), upper.argmin(axis=1)
        neurons, from_below, from_above = tightest
        growth = self._reached_at[neurons, from_below] - self._missed_at[neurons, from_above]
        return lower[neurons, from_below], upper[neurons, from_above], growth

    def bisected(
        self, low: IntegerArray, high: IntegerArray
    ) -> tuple[Mask, IntegerArray, IntegerArray, IntegerArray]:
        """Where there is a multiplier in low..high (neurons,), one, and the bounds as narrowed."""
        low, high = low.copy(), high.copy()
        feasible = np.zeros(len(low), dtype=bool)
        multiplier = np.zeros(len(low), dtype=np.int64)
        active = low <= high
        while active.any():
            middle = (low + high) // 2
            lower, upper, growth = self.offset_bounds(middle)
            good = active & (lower <= upper)
            multiplier[good], feasible = middle[good], feasible | good
            open_ = active & ~good
            right, left = open_ & (growth > 0), open_ & (growth < 0)
            low[right], high[left] = middle[right] + 1, middle[left] - 1
            # Where the interval grows nowhere, two neurons want different codes of one accumulator.
            still = open_ & ~right & ~left
            low[still], high[still] = LARGEST_MULTIPLIER + 1, LARGEST_MULTIPLIER
            active = open_ & ~still & (low <= high)
        return feasible, multiplier, low, high

    def smallest(self, multiplier: Integers) -> Integers:
        """The smallest multipliers that do what these do."""
        high = multiplier.astype(self._bounds.dtype)
        low = np.zeros_like(high)
        while (low < high).any():
            middle = (low + high) // 2
            lower, upper, _ = self.offset_bounds(middle)
            good = lower <= upper
            high = np.where(good, middle, high)
            low = np.where(good, low, np.minimum(middle + 1, high))
        return high
