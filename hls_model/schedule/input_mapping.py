# SPDX-License-Identifier: Apache-2.0
"""The input map in hardware: its slopes in digits, of which one is multiplied in a cycle."""

from math import ceil
from typing import NamedTuple

from pulsewright.hls_model.reference.input_map import InputMap
from pulsewright.hls_model.reference.narrow_input_map import (
    NarrowFeature,
    NarrowLine,
    common_shifts,
    narrow_features,
)

# Bits of a slope that are multiplied in a cycle, unless a unit makes more codes than these tell.
DIGIT_BITS = 8


class InputMapping(NamedTuple):
    """features: of each input, lines with shifts that digits allow. digits: of a slope, 1 to 3.

    digit_bits: of one of them.
    """

    features: tuple[NarrowFeature, ...]
    digits: int
    digit_bits: int

    @property
    def latency(self) -> int:
        """Cycles from a physical integer to the one in which its code is stored, digits + 2."""
        return self.digits + 2


def input_mapping(input_map: InputMap) -> InputMapping:
    """How the codes of `input_map` are made.

    The sum of the last digit is that of the line over 2**((digits - 1) * digit_bits), so that no
    shift is less; a digit tells the codes that one unit makes, for whose sake none can be more.

    Raises:
        PulsewrightError: a feature needs too long a table, see `narrow_features`.
    """
    features = narrow_features(input_map)
    lines = [one for one in features if isinstance(one, NarrowLine)]
    widest = max((line.multiplier.bit_length() for line in lines), default=1)
    digits = max(ceil(widest / DIGIT_BITS), 1)
    whole = max((line.multiplier.bit_length() - line.shift for line in lines), default=1)
    bits = max(ceil(widest / digits), whole, 1)
    digits = max(ceil(widest / bits), 1)
    aligned = iter(common_shifts(lines, digits * bits, (digits - 1) * bits))
    found = tuple(next(aligned) if isinstance(one, NarrowLine) else one for one in features)
    return InputMapping(found, digits, bits)
