# SPDX-License-Identifier: Apache-2.0
"""Canonical signed digits: the fewest powers of two, added or subtracted, that make an integer."""

import numpy as np

from pulsewright.hls_model.reference.fixed_point import IntegerArray

# 3 * |value| must fit int64.
LARGEST_COUNTED = (1 << 61) - 1


def canonical_signed_digits(value: int) -> list[tuple[int, int]]:
    """(position, 1 or -1) of every nonzero digit, lowest first; no two are neighbours.

    A value of |value| < 2**n has at most floor(n / 2) + 1 of them, at positions 0 to n.
    """
    digits = []
    position = 0
    while value:
        if value & 1:
            digit = 2 - (value & 3)
            digits.append((position, digit))
            value -= digit
        value >>= 1
        position += 1
    return digits


def digit_counts(values: IntegerArray) -> IntegerArray:
    """Numbers of nonzero canonical digits, of the shape of `values`; |values| < 2**61.

    The nonzero digits of v are where v and 3 * v differ.
    """
    magnitudes = np.abs(values)
    counts: IntegerArray = np.bitwise_count(magnitudes ^ (3 * magnitudes)).astype(np.int64)
    return counts
