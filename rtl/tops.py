# SPDX-License-Identifier: Apache-2.0
"""The top level of a coprocessor by the name of its attachment."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import INSTRUCTIONS, known_attachment
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.top import BusTop


def coprocessor_top(
    name: str,
    model: IntegerMlp,
    folded: FoldedEngine,
    options: AttachmentOptions | None = None,
) -> BusTop | InstructionTop:
    """The top level of a coprocessor with the attachment called `name`.

    options: of the attachment; its defaults if None.

    Raises:
        PulsewrightError: there is no such attachment, it cannot have these options, or the network
            does not fit it.
    """
    if known_attachment(name) in INSTRUCTIONS:
        return InstructionTop(model, folded, name, options)
    return BusTop(model, folded, name, options)
