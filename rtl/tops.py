# SPDX-License-Identifier: Apache-2.0
"""The top level of a coprocessor by the name of its attachment."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.rtl.buses.registry import INSTRUCTIONS, known_attachment
from pulsewright.rtl.instruction_top import CvXIfTop, PcpiTop
from pulsewright.rtl.top import BusTop, Top

_INSTRUCTION_TOPS: dict[str, type[CvXIfTop | PcpiTop]] = {"cv_x_if": CvXIfTop, "pcpi": PcpiTop}


def coprocessor_top(name: str, model: IntegerMlp, folded: FoldedEngine) -> Top:
    """The top level of a coprocessor with the attachment called `name`.

    Raises:
        PulsewrightError: there is no such attachment, or the network does not fit it.
    """
    if known_attachment(name) in INSTRUCTIONS:
        return _INSTRUCTION_TOPS[name](model, folded)
    return BusTop(model, folded, name)
