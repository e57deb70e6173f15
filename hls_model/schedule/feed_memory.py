# SPDX-License-Identifier: Apache-2.0
"""When the double buffer of a layer is put in a memory."""

from math import ceil

from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed

# Bits of both banks up to which flip-flops and their multiplexers are cheaper than a block of
# memory (docs/decisions.md).
FLIP_FLOP_BITS = 1024


def fits_feed_memory(folded_layer: FoldedLayer, operand_width: int) -> bool:
    """True if both banks of a double-buffered layer are large enough for a memory and fit one.

    A row of the memory is the larger of a beat of the producer and a step of the layer, and the
    larger has to be a multiple of the smaller.

    operand_width: bits of an operand.
    """
    if folded_layer.feed_of_flip_flops is not OperandFeed.DOUBLE_BUFFERED:
        return False
    beat, simd = folded_layer.beat, folded_layer.simd
    bits = 2 * folded_layer.inputs * operand_width
    return max(beat, simd) % min(beat, simd) == 0 and bits > FLIP_FLOP_BITS


def feed_row_lanes(folded_layer: FoldedLayer) -> int:
    """Operands in a row of the memory."""
    return max(folded_layer.beat, folded_layer.simd)


def feed_rows(folded_layer: FoldedLayer) -> int:
    """Rows of a bank, ceil(K / row lanes)."""
    return ceil(folded_layer.inputs / feed_row_lanes(folded_layer))
