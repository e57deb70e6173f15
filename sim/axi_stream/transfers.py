# SPDX-License-Identifier: Apache-2.0
"""Vectors and results as the transfers of AXI4-Streams."""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.hls_model.reference.fixed_point import FixedPoint


class Transfer(NamedTuple):
    """What is on a stream while TVALID is high. keep: a bit of every byte."""

    data: int
    last: bool
    keep: int


def transfers_of(codes: Sequence[int], lane_bits: int, width: int, garbage: int) -> list[Transfer]:
    """A vector of integers in lanes of `lane_bits`, the first in the lowest bits.

    Upper bits of a lane and what is behind the last lane have bits of `garbage`. TKEEP is set for
    bytes in which there are bits of the vector.
    """
    mask = (1 << lane_bits) - 1
    word = sum((code & mask) << (i * lane_bits) for i, code in enumerate(codes))
    total = len(codes) * lane_bits
    count = -(-total // width)
    word |= garbage << total
    return [
        Transfer(
            data=word >> (number * width) & ((1 << width) - 1),
            last=number == count - 1,
            keep=(1 << -(-min(width, total - number * width) // 8)) - 1,
        )
        for number in range(count)
    ]


def numbers_of(
    transfers: Sequence[Transfer], count: int, lane_bits: int, width: int, number: FixedPoint
) -> list[int]:
    """The `count` integers of a result; asserts that TKEEP and what is behind them are right."""
    total = count * lane_bits
    word = sum(one.data << (i * width) for i, one in enumerate(transfers))
    assert word >> total == 0, "bits behind the result are set"
    expected = transfers_of([0] * count, lane_bits, width, 0)
    assert [one.keep for one in transfers] == [one.keep for one in expected], "TKEEP is wrong"
    lanes = [word >> (i * lane_bits) & ((1 << lane_bits) - 1) for i in range(count)]
    if number.signed:
        lanes = [lane - (1 << lane_bits) if lane >> (lane_bits - 1) else lane for lane in lanes]
    return lanes
