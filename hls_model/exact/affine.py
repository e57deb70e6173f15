# SPDX-License-Identifier: Apache-2.0
"""Affine functions by channel, value[j] = gain[j] * integer[j] + shift[j], in exact numbers."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.exact.surd import Surd
from pulsewright.hls_model.reference.fixed_point import IntegerArray


@dataclass(frozen=True)
class Affine:
    """gain, shift: (channels,)."""

    gain: tuple[Surd, ...]
    shift: tuple[Surd, ...]

    @classmethod
    def uniform(cls, channels: int, gain: Surd, shift: Surd) -> "Affine":
        """The same for every channel."""
        return cls((gain,) * channels, (shift,) * channels)

    @property
    def channels(self) -> int:
        """Number of channels."""
        return len(self.gain)

    def times(self, factors: Sequence[Surd]) -> "Affine":
        """Multiplied by `factors` (channels,)."""
        return Affine(
            tuple(_map(lambda one, factor: one * factor, self.gain, factors)),
            tuple(_map(lambda one, factor: one * factor, self.shift, factors)),
        )

    def plus(self, summands: Sequence[Surd]) -> "Affine":
        """With `summands` (channels,) added."""
        return Affine(
            self.gain, tuple(_map(lambda one, summand: one + summand, self.shift, summands))
        )

    @property
    def has_one_gain(self) -> bool:
        """True if all channels have the same gain."""
        return _are_equal(self.gain)

    @property
    def is_uniform(self) -> bool:
        """True if all channels have the same gain and the same shift."""
        return _are_equal(self.gain) and _are_equal(self.shift)


def _are_equal(values: Sequence[Surd]) -> bool:
    return all(value is values[0] or value == values[0] for value in values)


def _map(
    operation: Callable[[Surd, Surd], Surd], first: Sequence[Surd], second: Sequence[Surd]
) -> Iterator[Surd]:
    """Results by pair of objects: most channels share theirs, and exact numbers are slow."""
    known: dict[tuple[int, int], Surd] = {}
    for one, other in zip(first, second, strict=True):
        key = id(one), id(other)
        if key not in known:
            known[key] = operation(one, other)
        yield known[key]


def broadcast(values: Sequence[Surd], channels: int, what: str) -> tuple[Surd, ...]:
    """One value, or one for each channel, as one for each.

    Raises:
        PulsewrightError: there are other numbers of them.
    """
    if len(values) == 1:
        return (values[0],) * channels
    if len(values) != channels:
        raise PulsewrightError(
            f"{what} has {len(values)} values; give one, or one for each of the {channels} channels"
        )
    return tuple(values)


def products(weights: IntegerArray, shifts: tuple[Surd, ...]) -> list[Surd]:
    """Weights @ shifts, exactly: (neurons,)."""
    groups: dict[object, tuple[Surd, list[int]]] = {}
    for index, shift in enumerate(shifts):
        groups.setdefault(tuple(shift.terms.items()), (shift, []))[1].append(index)
    totals = [Surd.of(0)] * len(weights)
    for shift, columns in groups.values():
        if shift.sign():
            sums = weights[:, columns].sum(axis=1)
            totals = [
                total + shift * Surd.of(int(one))
                for total, one in zip(totals, np.asarray(sums), strict=True)
            ]
    return totals
