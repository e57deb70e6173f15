# SPDX-License-Identifier: Apache-2.0
"""Input codes to input words and back from result words, as firmware does it."""

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.package.design import PackagedDesign


def pack_codes(design: PackagedDesign, codes: IntegerArray) -> list[int]:
    """Codes (inputs,) as 32-bit words, the first code in the lowest lane of the first word."""
    lane_bits = design.register_map.input_lane_bits
    lanes_per_word = WORD_BITS // lane_bits
    words = [0] * len(design.register_map.input_addresses)
    for i, code in enumerate(codes.tolist()):
        lane = code & ((1 << lane_bits) - 1)
        words[i // lanes_per_word] |= lane << (lane_bits * (i % lanes_per_word))
    return words


def to_signed(word: int) -> int:
    """A 32-bit word as a two's complement integer."""
    return word - (1 << WORD_BITS) if word >> (WORD_BITS - 1) else word
