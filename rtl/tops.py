# SPDX-License-Identifier: Apache-2.0
"""The top level of a coprocessor by the name of its attachment."""

from typing import TYPE_CHECKING

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.rtl.attachments.registry import INSTRUCTION_TOPS, known_attachment, named_component

if TYPE_CHECKING:
    from pulsewright.rtl.instruction_top import CvXIfTop, PcpiTop
    from pulsewright.rtl.top import Top


def coprocessor_top(name: str, model: IntegerMlp, folded: FoldedEngine) -> "Top":
    """The top level of a coprocessor with the attachment called `name`.

    Raises:
        PulsewrightError: there is no such attachment, or the network does not fit it.
    """
    if known_attachment(name) in INSTRUCTION_TOPS:
        instruction_top: type[CvXIfTop | PcpiTop] = named_component(INSTRUCTION_TOPS[name])
        return instruction_top(model, folded)
    from pulsewright.rtl.top import BusTop

    return BusTop(model, folded, name)
