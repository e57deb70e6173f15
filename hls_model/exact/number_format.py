# SPDX-License-Identifier: Apache-2.0
"""Number formats as text, as sentences and recipes write them."""

import re

from pulsewright.hls_model.exact.input_codes import WIDEST_INPUT
from pulsewright.hls_model.reference.fixed_point import LARGEST_FRAC, FixedPoint

_FORMAT = re.compile(r"([su])([0-9]{1,2})\.(-?[0-9]{1,2})", re.ASCII)


def input_format(text: str) -> FixedPoint:
    """`s16.10`: signed, 16 bits, of which 10 are fractional; `u8.0`: unsigned bytes.

    Raises:
        ValueError: it is no such text, or a width or fraction that inputs do not have.
    """
    match = _FORMAT.fullmatch(text)
    if match is not None:
        sign, width, frac = match[1], int(match[2]), int(match[3])
        narrowest = 2 if sign == "s" else 1
        if narrowest <= width <= WIDEST_INPUT and abs(frac) <= LARGEST_FRAC:
            return FixedPoint(width=width, frac=frac, signed=sign == "s")
    raise ValueError(
        f"give s or u, up to {WIDEST_INPUT} bits, a point and the fractional bits, such as s16.10"
    )
