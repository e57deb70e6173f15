# SPDX-License-Identifier: Apache-2.0
"""The top levels of a coprocessor: that of its attachment, and that of its streams."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.axi_stream.chosen_shape import chosen_shape
from pulsewright.rtl.axi_stream_top import AxiStreamTop
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


def stream_top(model: IntegerMlp, folded: FoldedEngine, options: AttachmentOptions) -> AxiStreamTop:
    """The engine between the streams that `options` ask for.

    Raises:
        PulsewrightError: they ask for none, numbers do not fit their lanes, or the engine needs
            whole vectors.
    """
    return AxiStreamTop(model, folded, chosen_shape(model, folded, options))
