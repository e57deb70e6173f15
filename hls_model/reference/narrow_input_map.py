# SPDX-License-Identifier: Apache-2.0
"""The input map in the fewest bits: the same codes from smaller integers, for hardware."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.fixed_point import FixedPoint, IntegerArray
from pulsewright.hls_model.reference.input_map import (
    MOST_TABLE_ENTRIES,
    AffineMap,
    FeatureMap,
    InputMap,
)


@dataclass(frozen=True)
class NarrowLine:
    """code = (multiplier * (inside - low) + offset) >> shift, without rounding or saturation.

    inside: the physical integer, low and high in place of what is below and above them.
    multiplier: 0 of a feature that has one code alone.
    """

    low: int
    high: int
    multiplier: int
    offset: int
    shift: int

    def physical(self, code: int) -> int:
        """The least integer with that code or a larger one, within the range."""
        if not self.multiplier:
            return self.low
        distance = -((self.offset - (code << self.shift)) // self.multiplier)
        return min(max(self.low + distance, self.low), self.high)

    def codes(self, physical: IntegerArray) -> IntegerArray:
        """Codes of physical integers, any shape."""
        distance = np.clip(physical, self.low, self.high) - self.low
        found = [(self.multiplier * int(d) + self.offset) >> self.shift for d in distance.flat]
        return np.array(found, dtype=np.int64).reshape(distance.shape)


@dataclass(frozen=True)
class NarrowTable:
    """code = table[inside - low], all of them codes of the format; low and high as of a line."""

    low: int
    table: tuple[int, ...]

    @property
    def high(self) -> int:
        """The last physical integer that the table has a code of."""
        return self.low + len(self.table) - 1

    def physical(self, code: int) -> int:
        """The first integer with the code that is nearest."""
        return self.low + min(range(len(self.table)), key=lambda i: abs(self.table[i] - code))

    def codes(self, physical: IntegerArray) -> IntegerArray:
        """Codes of physical integers, any shape."""
        inside = np.clip(physical, self.low, self.high)
        return np.asarray(self.table, dtype=np.int64)[inside - self.low]


NarrowFeature = NarrowLine | NarrowTable


def narrow_features(input_map: InputMap) -> tuple[NarrowFeature, ...]:
    """Of each feature the smallest integers that give the codes of `input_map` for every int32.

    Physical values beyond the first and last that change the code saturate already. A line has the
    least shift at which a multiplier next to the map's own slope goes through the same steps. One
    whose codes leave the format with a step of several codes is a table.

    Raises:
        PulsewrightError: such a table would have more than 4096 entries.
    """
    return tuple(_narrow(feature, input_map.code_format) for feature in input_map.features)


def common_shifts(lines: Iterable[NarrowLine], width: int, least: int = 0) -> list[NarrowLine]:
    """The same lines with as few different shifts as there can be.

    A line times 2**k with k more of shift is the same one. Each gets the least shift that it can
    share with the others: intervals are stabbed from the left.

    width: bits that a multiplier may have, no fewer than one has. least: shift of each at least,
    no more than what lets its multiplier have `width` bits.
    """
    given = list(lines)
    first = [max(line.shift, least) for line in given]
    last = [line.shift + width - line.multiplier.bit_length() for line in given]
    found: list[NarrowLine | None] = [None] * len(given)
    for i in sorted(range(len(given)), key=lambda i: last[i]):
        if found[i] is None:
            for k, line in enumerate(given):
                if found[k] is None and first[k] <= last[i] <= last[k]:
                    found[k] = _shifted(line, last[i] - line.shift)
    return [line for line in found if line is not None]


def _shifted(line: NarrowLine, by: int) -> NarrowLine:
    return replace(
        line,
        multiplier=line.multiplier << by,
        offset=line.offset << by,
        shift=line.shift + by,
    )


def _narrow(feature: FeatureMap, code_format: FixedPoint) -> NarrowFeature:
    if isinstance(feature, AffineMap):
        low, high = _inner_range(feature, code_format)
        first, last = _codes(feature, code_format, [low, high])
        if feature.codes(np.array([low, high])).tolist() == [first, last]:
            return _narrow_line(feature, low, high, first, last)
    else:
        low, high = feature.minimum, feature.maximum
    if high - low >= MOST_TABLE_ENTRIES:
        raise PulsewrightError(
            f"{feature.name} takes {high - low + 1} values from one end of its codes to the other "
            f"and saturates within a step of several codes; the input map in hardware has a table "
            f"of at most {MOST_TABLE_ENTRIES} for it; shorten its range to that of the codes, or "
            "leave input_map out of [attachment]"
        )
    codes = _codes(feature, code_format, range(low, high + 1))
    # Equal codes at the ends are what saturation gives as well.
    while len(codes) > 1 and codes[0] == codes[1]:
        low, codes = low + 1, codes[1:]
    while len(codes) > 1 and codes[-1] == codes[-2]:
        codes = codes[:-1]
    return NarrowTable(low, tuple(codes))


def _codes(
    feature: FeatureMap, code_format: FixedPoint, physical: Sequence[int] | range
) -> list[int]:
    codes = feature.codes(np.asarray(physical, dtype=np.int64))
    return [int(code) for code in np.clip(codes, code_format.minimum, code_format.maximum)]


def _first_with(feature: AffineMap, code: int) -> int:
    """The least integer whose code, without any range, is `code` or more."""
    half = (1 << feature.shift) >> 1
    return -((feature.offset + half - (code << feature.shift)) // feature.multiplier)


def _inner_range(feature: AffineMap, code_format: FixedPoint) -> tuple[int, int]:
    """The last physical integer with the first code that there is, and the first with the last."""
    ends = [feature.minimum, feature.maximum]
    first, last = _codes(feature, code_format, ends)
    low = min(max(_first_with(feature, first + 1) - 1, ends[0]), ends[1])
    high = min(max(_first_with(feature, last), low), ends[1])
    return low, high


def _narrow_line(feature: AffineMap, low: int, high: int, first: int, last: int) -> NarrowLine:
    """The line with the least shift that passes through codes `first` to `last` as the map does.

    Of the least distance y_c from low with code c or more, multiplier m, offset o and shift s have
    to hold m * y_c + o >= c * 2**s, and less at y_c - 1.
    """
    if first == last:
        return NarrowLine(low, low, 0, first, 0)
    codes = np.arange(first, last + 2, dtype=object)
    steps = [_first_with(feature, int(code)) - low for code in codes[1:-1]]
    distances = np.array([0, *steps, high - low + 1], dtype=object)
    for shift in range(feature.shift + 1):
        slope = (feature.multiplier << shift) >> feature.shift
        for multiplier in (slope, slope + 1):
            least = ((codes << shift) - multiplier * distances)[:-1].max()
            most = ((codes << shift) - multiplier * (distances - 1) - 1)[1:].min()
            if least <= most:
                return NarrowLine(low, high, multiplier, int(least), shift)
    raise AssertionError(f"the map of {feature.name} itself is such a line")
