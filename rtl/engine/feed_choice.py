# SPDX-License-Identifier: Apache-2.0
"""The feed that a folded layer gets."""

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed
from pulsewright.rtl.engine.incremental_feed import IncrementalFeed
from pulsewright.rtl.engine.memory_feed import MemoryFeed
from pulsewright.rtl.engine.operand_feed import DoubleBufferedFeed, Feed, HeldFeed, MaskedFeed


def make_feed(
    folded_layer: FoldedLayer, operand_format: FixedPoint, masked: bool = False
) -> Feed | IncrementalFeed | None:
    """The feed that `folded_layer.feed` names; None where the producer's beats are the steps.

    masked: the producer gives anything in the lanes past the last input.
    """
    if folded_layer.feed is OperandFeed.HELD:
        return HeldFeed(folded_layer, operand_format)
    if folded_layer.feed is OperandFeed.INCREMENTAL:
        return IncrementalFeed(folded_layer, operand_format)
    if folded_layer.feed is OperandFeed.DOUBLE_BUFFERED:
        return DoubleBufferedFeed(folded_layer, operand_format)
    if folded_layer.feed is OperandFeed.MEMORY:
        return MemoryFeed(folded_layer, operand_format)
    if masked and folded_layer.inputs % folded_layer.simd:
        return MaskedFeed(folded_layer, operand_format)
    return None
