# SPDX-License-Identifier: Apache-2.0
"""The feed that a folded layer gets."""

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folding import FoldedLayer, OperandFeed
from pulsewright.rtl.engine.incremental_feed import IncrementalFeed
from pulsewright.rtl.engine.operand_feed import DoubleBufferedFeed, Feed, HeldFeed, MaskedFeed


def make_feed(
    folded: FoldedLayer, operand_format: FixedPoint, reloadable: bool = False
) -> Feed | IncrementalFeed | None:
    """The feed that `folded.feed` names; None where the producer's beats are the steps.

    reloadable: of the weights of the producer.
    """
    if folded.feed is OperandFeed.HELD:
        return HeldFeed(folded, operand_format)
    if folded.feed is OperandFeed.INCREMENTAL:
        return IncrementalFeed(folded, operand_format)
    if folded.feed is OperandFeed.DOUBLE_BUFFERED:
        return DoubleBufferedFeed(folded, operand_format)
    if reloadable and folded.inputs % folded.simd:
        return MaskedFeed(folded, operand_format)
    return None
