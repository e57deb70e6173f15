# SPDX-License-Identifier: Apache-2.0
"""A layer in exact numbers, and the multipliers, offsets and shift that make the same codes."""

from dataclasses import dataclass, replace

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.affine import Affine
from pulsewright.hls_model.exact.multiplier import (
    MULTIPLIER_BITS,
    Constraints,
    Multipliers,
    UnreproducibleError,
    smallest_multipliers,
)
from pulsewright.hls_model.exact.staircase import HALF, Staircase
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.exact.thresholds import thresholds
from pulsewright.hls_model.reference.fixed_point import IntegerArray, Rounding, round_shift

# A bias beyond this is left to the offset.
LARGEST_BIAS = 1 << 31
MOST_THRESHOLDS = 1 << 21
# A table of multipliers costs a row a neuron; one for all may be so much wider.
SHARED_BITS_MORE = 4


class UnreproducibleLayerError(PulsewrightError):
    """No multiplier of 32 bits reproduces the thresholds of a layer."""


@dataclass(frozen=True)
class ExactLayer:
    """value[j] = affine(sum_i weights[j, i] * x[i]), x integers from low to high.

    weights: (neurons, inputs). zero_sums: (neurons,), what the sum must grow by to be 0 for inputs
    that stand for 0 (zero points).
    """

    where: str
    weights: IntegerArray
    affine: Affine
    low: int
    high: int
    zero_sums: tuple[Surd, ...]

    @property
    def neurons(self) -> int:
        """Number of outputs."""
        return len(self.weights)

    def with_positive_gains(self) -> tuple["ExactLayer", int]:
        """The same values with no negative gain, since rows are negated; how many were."""
        negative = np.array([gain.sign() < 0 for gain in self.affine.gain])
        weights = np.where(negative[:, None], -self.weights, self.weights)
        gains = tuple(
            -gain if flipped else gain
            for gain, flipped in zip(self.affine.gain, negative, strict=True)
        )
        zero_sums = tuple(
            -one if flipped else one for one, flipped in zip(self.zero_sums, negative, strict=True)
        )
        layer = replace(
            self,
            weights=weights,
            affine=Affine(gains, self.affine.shift),
            zero_sums=zero_sums,
        )
        return layer, int(negative.sum())

    def ranges(self) -> tuple[IntegerArray, IntegerArray]:
        """Smallest and largest sums (neurons,).

        Raises:
            PulsewrightError: one of them leaves 62 bits.
        """
        weights = self.weights.astype(object)
        ends = weights * self.low, weights * self.high
        low, high = np.minimum(*ends).sum(axis=1), np.maximum(*ends).sum(axis=1)
        if max(-low.min(), high.max()) >> 60:
            raise PulsewrightError(
                f"{self.where}: its sums reach {int(max(-low.min(), high.max())).bit_length()} "
                "bits; use narrower weights or inputs"
            )
        return low.astype(np.int64), high.astype(np.int64)


@dataclass(frozen=True)
class Requantised:
    """bias: (neurons,), 0 where each neuron has its own multiplier and offset.

    negated: rows whose weights changed their sign. outside: thresholds beyond the range of their
    neuron's accumulator. constant: neurons with no other. dead: those that always give code 0.
    shared: one multiplier and one offset serve all neurons.
    """

    weights: IntegerArray
    bias: IntegerArray
    multipliers: Multipliers
    rounding: Rounding
    shared: bool
    negated: int
    thresholds: int
    outside: int
    constant: int
    dead: int


def requantised(layer: ExactLayer, staircase: Staircase) -> Requantised:
    """Find the smallest multipliers that reproduce every threshold, and check each of them.

    Raises:
        UnreproducibleLayerError: there are none of at most 32 bits; the sentence names the neuron.
        PulsewrightError: the layer has too many thresholds, or sums that are too large.
    """
    if layer.neurons * staircase.top > MOST_THRESHOLDS:
        raise PulsewrightError(
            f"{staircase.where}: {staircase.top + 1} codes of {layer.neurons} neurons, at most "
            f"{MOST_THRESHOLDS} thresholds are computed; use activations of fewer bits"
        )
    layer, negated = layer.with_positive_gains()
    low, high = layer.ranges()
    bias, remainders = _biases(layer.affine)
    low, high = low + bias, high + bias
    table, ties = _table(layer.affine.gain, remainders, staircase, low, high)
    multipliers, rounding, shared = _solved(layer, staircase, table, (low, high), ties)
    _check(layer, table, (low, high), multipliers, rounding)
    if not shared:
        offset = multipliers.offset + multipliers.of_accumulator * bias
        multipliers = replace(multipliers, offset=offset)
        bias = np.zeros_like(bias)
    outside = (table <= low[:, None]) | (table > high[:, None])
    return Requantised(
        layer.weights << multipliers.widening[:, None],
        bias << multipliers.widening,
        multipliers,
        rounding,
        shared,
        negated,
        table.size,
        int(outside.sum()),
        int(outside.all(axis=1).sum()),
        int((table > high[:, None]).all(axis=1).sum()),
    )


def _biases(affine: Affine) -> tuple[IntegerArray, list[Surd]]:
    """The nearest integer bias at the accumulator's scale, and what is left of the shift."""
    known: dict[tuple[int, int], tuple[int, Surd]] = {}
    for gain, shift in zip(affine.gain, affine.shift, strict=True):
        key = id(gain), id(shift)
        if key in known:
            continue
        bias = (shift * gain.reciprocal() + Surd.of(HALF)).floor() if gain.sign() else 0
        if abs(bias) > LARGEST_BIAS:
            bias = 0
        known[key] = bias, shift - gain * Surd.of(bias)
    pairs = [
        known[id(gain), id(shift)] for gain, shift in zip(affine.gain, affine.shift, strict=True)
    ]
    return np.array([bias for bias, _ in pairs], dtype=np.int64), [rest for _, rest in pairs]


def _table(
    gains: tuple[Surd, ...],
    shifts: list[Surd],
    staircase: Staircase,
    low: IntegerArray,
    high: IntegerArray,
) -> tuple[IntegerArray, bool]:
    """Thresholds (neurons, levels) from low to high + 1, and whether a sum lies on a step."""
    known: dict[tuple[object, object], list[int]] = {}
    table = np.empty((len(gains), staircase.top), dtype=np.int64)
    ties = False
    for neuron, (gain, shift) in enumerate(zip(gains, shifts, strict=True)):
        ends = int(low[neuron]), int(high[neuron]) + 1
        if gain.sign() == 0:
            code = staircase.code(shift)
            table[neuron, :code], table[neuron, code:] = ends
            continue
        key = tuple(gain.terms.items()), tuple(shift.terms.items())
        if key not in known:
            known[key], on_step = thresholds(gain, shift, staircase)
            ties |= on_step
        table[neuron] = [min(max(one, ends[0]), ends[1]) for one in known[key]]
    return table, ties


def _solved(
    layer: ExactLayer,
    staircase: Staircase,
    table: IntegerArray,
    ends: tuple[IntegerArray, IntegerArray],
    ties: bool,
) -> tuple[Multipliers, Rounding, bool]:
    """One multiplier and offset for all neurons if they serve, else one for each."""
    if not staircase.top:
        # A single code needs no threshold.
        zeros = np.zeros(layer.neurons, dtype=np.int64)
        return Multipliers(zeros, zeros, 0, zeros), Rounding.FLOOR, True
    codes = np.arange(1, staircase.top + 1, dtype=np.int64)
    constraints = Constraints.of(codes, table, *ends)
    own = _by_rounding(constraints, ties)
    if isinstance(own, UnreproducibleError):
        reason = (
            "sums lie halfway between two codes and go to the even one: move its scale by the last "
            "digit"
            if ties
            else "use fewer codes, or a scale nearer to those of the other neurons"
        )
        raise UnreproducibleLayerError(
            f"{layer.where}: no multiplier of {MULTIPLIER_BITS} bits reproduces the thresholds of "
            f"neuron {own.neuron} before {staircase.where}; {reason}"
        )
    shared = _by_rounding(constraints.of_all_neurons(), ties)
    if isinstance(shared, UnreproducibleError) or shared[0].bits > own[0].bits + SHARED_BITS_MORE:
        return *own, False
    (multipliers, rounding) = shared
    everywhere = Multipliers(
        np.repeat(multipliers.multiplier, layer.neurons),
        np.repeat(multipliers.offset, layer.neurons),
        multipliers.shift,
        np.repeat(multipliers.widening, layer.neurons),
    )
    return everywhere, rounding, True


def _by_rounding(
    constraints: Constraints, ties: bool
) -> tuple[Multipliers, Rounding] | UnreproducibleError:
    """The smaller of floor and half to even, which differ where sums lie on steps alone."""
    found: list[tuple[Multipliers, Rounding]] = []
    failure: UnreproducibleError | None = None
    for rounding in (Rounding.FLOOR, Rounding.HALF_EVEN):
        if rounding is Rounding.HALF_EVEN and found and not ties:
            break
        try:
            found.append((smallest_multipliers(constraints, rounding), rounding))
        except UnreproducibleError as error:
            failure = error
    if not found:
        assert failure is not None
        return failure
    return min(found, key=lambda one: one[0].bits)


def _check(
    layer: ExactLayer,
    table: IntegerArray,
    ends: tuple[IntegerArray, IntegerArray],
    multipliers: Multipliers,
    rounding: Rounding,
) -> None:
    """See by the law itself that each code begins where it must."""
    low, high = ends
    levels = np.arange(1, table.shape[1] + 1)
    multiplier = multipliers.of_accumulator[:, None]
    for at, holds in ((table, np.greater_equal), (table - 1, np.less)):
        inside = (at >= low[:, None]) & (at <= high[:, None])
        scaled = np.where(inside, at, 0) * multiplier + multipliers.offset[:, None]
        if scaled.size and np.abs(scaled).max() >> 62:
            raise PulsewrightError(
                f"{layer.where}: multiplier times accumulator leaves 62 bits; use fewer codes or "
                "narrower weights"
            )
        codes = round_shift(scaled.astype(np.int64), multipliers.shift, rounding)
        wrong = inside & ~holds(codes, levels)
        if wrong.any():
            raise AssertionError(f"{layer.where}: threshold of neuron {np.argwhere(wrong)[0][0]}")
