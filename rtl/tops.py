# SPDX-License-Identifier: Apache-2.0
"""The top level of a coprocessor by the name of its attachment."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.rtl.buses.registry import INSTRUCTIONS, known_attachment
from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.top import BusTop


def coprocessor_top(
    name: str, model: IntegerMlp, folded: FoldedEngine, id_bits: int | None = None
) -> BusTop | InstructionTop:
    """The top level of a coprocessor with the attachment called `name`.

    id_bits: width of the attachment's identifiers, if it has any; the default if None.

    Raises:
        PulsewrightError: there is no such attachment, its identifiers cannot be of that width, or
            the network does not fit it.
    """
    if known_attachment(name) in INSTRUCTIONS:
        return InstructionTop(model, folded, name, id_bits)
    return BusTop(model, folded, name, id_bits)
