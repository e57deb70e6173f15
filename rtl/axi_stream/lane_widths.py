# SPDX-License-Identifier: Apache-2.0
"""Numbers of one width in lanes of another."""

from amaranth import Cat, Const, Value

from pulsewright.hls_model.reference.fixed_point import FixedPoint


def narrowed(beat: Value, lane_bits: int, width: int) -> Value:
    """Of each lane of `lane_bits` the lowest `width` bits, side by side."""
    return Cat(beat[i : i + width] for i in range(0, len(beat), lane_bits))


def widened(beat: Value, number_format: FixedPoint, lane_bits: int) -> Value:
    """Each integer of the format in a lane of `lane_bits`, sign extended where it has a sign."""
    width = number_format.width
    lanes = [beat[i : i + width] for i in range(0, len(beat), width)]
    extra = lane_bits - width
    return Cat(
        Cat(lane, lane[-1].replicate(extra) if number_format.signed else Const(0, extra))
        for lane in lanes
    )
