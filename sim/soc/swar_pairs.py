# SPDX-License-Identifier: Apache-2.0
"""Which hidden neurons a 32-bit multiplication can serve two at a time, for software baselines.

With weights packed as (high << k) + low, one multiplication by an input adds to two accumulators,
(high << k) + low modulo 2**32. They can be told apart at the end if the low one fits k signed bits
and the high one 32 - k, which the ranges of the accumulators decide.
"""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.hls_model.reference.fixed_point import width_for_range
from pulsewright.hls_model.words import WORD_BITS


class SwarPair(NamedTuple):
    """Indices of two neurons; low_bits is k."""

    low: int
    high: int
    low_bits: int


def swar_pairs(ranges: Sequence[tuple[int, int]]) -> tuple[list[SwarPair], list[int]]:
    """As many pairs as there can be, and the indices that are left.

    ranges: smallest and largest accumulator of each neuron.
    """
    widths = [width_for_range(low, high, signed=True) for low, high in ranges]
    order = sorted(range(len(ranges)), key=lambda neuron: (widths[neuron], neuron))
    pairs, singles = [], []
    # The widest that is left with the narrowest, or alone if even that does not fit.
    while len(order) > 1:
        narrow, wide = order[0], order[-1]
        if widths[narrow] + widths[wide] > WORD_BITS:
            singles.append(order.pop())
            continue
        # Halves wherever they do: one constant then serves all pairs.
        low_bits = min(WORD_BITS // 2, WORD_BITS - widths[wide])
        pairs.append(SwarPair(narrow, wide, low_bits))
        order = order[1:-1]
    return pairs, sorted(singles + order)
