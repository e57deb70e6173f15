# SPDX-License-Identifier: Apache-2.0
"""Formats of inputs that a file does not quantise, as text and as quantisers."""

import re
from dataclasses import dataclass
from fractions import Fraction

from pulsewright.hls_model.exact.input_codes import WIDEST_INPUT
from pulsewright.hls_model.exact.staircase import (
    Staircase,
    bipolar_staircase,
    integer_staircase,
)
from pulsewright.hls_model.reference.fixed_point import LARGEST_FRAC, FixedPoint

BIPOLAR = "bipolar"
_FORMAT = re.compile(r"([su])([0-9]{1,2})\.(-?[0-9]{1,2})", re.ASCII)


@dataclass(frozen=True)
class InputFormat:
    """numbers: of the codes, which stand for themselves; None: one bit that stands for -1 or 1."""

    numbers: FixedPoint | None

    def __str__(self) -> str:
        return BIPOLAR if self.numbers is None else str(self.numbers)

    def staircase(self, where: str) -> Staircase:
        """The quantiser that makes such codes."""
        if self.numbers is None:
            return bipolar_staircase(where, Fraction(1))
        return integer_staircase(
            where,
            Fraction(2) ** -self.numbers.frac,
            Fraction(0),
            (self.numbers.minimum, self.numbers.maximum),
            zero_point_after_rounding=True,
        )


def parse_input_format(text: str) -> InputFormat:
    """`s16.10`: signed, 16 bits, of which 10 are fractional; `u8.0`: unsigned bytes; `bipolar`.

    Raises:
        ValueError: it is no such text, or a width or fraction that inputs do not have.
    """
    if text == BIPOLAR:
        return InputFormat(None)
    match = _FORMAT.fullmatch(text)
    if match is not None:
        sign, width, frac = match[1], int(match[2]), int(match[3])
        narrowest = 2 if sign == "s" else 1
        if narrowest <= width <= WIDEST_INPUT and abs(frac) <= LARGEST_FRAC:
            return InputFormat(FixedPoint(width=width, frac=frac, signed=sign == "s"))
    raise ValueError(
        f"give s or u, up to {WIDEST_INPUT} bits, a point and the fractional bits, such as s16.10, "
        f"or {BIPOLAR}"
    )
