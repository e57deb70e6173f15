# SPDX-License-Identifier: Apache-2.0
"""The attachments by the names that recipes call them."""

import importlib
from typing import TYPE_CHECKING, Any

from hls_model.errors import PulsewrightError
from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp

if TYPE_CHECKING:
    from rtl.attachments.attachment import Attachment
    from rtl.instruction_top import CvXIfTop, PcpiTop
    from rtl.top import Top

# Modules and classes as text: naming an attachment must not import Amaranth.
ATTACHMENTS = {
    "obi": "rtl.attachments.obi:ObiSubordinate",
    "apb": "rtl.attachments.apb:ApbCompleter",
    "hwpe_periph": "rtl.attachments.hwpe_periph:HwpePeriphTarget",
    "axi_lite": "rtl.attachments.axi_lite:AxiLiteSubordinate",
    "wishbone": "rtl.attachments.wishbone:WishboneSlave",
}
# Those that are an instruction of a core, by their top levels.
INSTRUCTION_TOPS = {
    "cv_x_if": "rtl.instruction_top:CvXIfTop",
    "pcpi": "rtl.instruction_top:PcpiTop",
}


def known_attachment(name: str) -> str:
    """`name`, if it is one.

    Raises:
        PulsewrightError: there is no such attachment; the sentence names those there are.
    """
    known = (*ATTACHMENTS, *INSTRUCTION_TOPS)
    if name not in known:
        raise PulsewrightError(f"unknown bus {name!r}; choose one of {', '.join(known)}")
    return name


def attachment_class(name: str) -> "type[Attachment]":
    """The component called `name`; it is made with `register_bits`, the register bus's width.

    Raises:
        PulsewrightError: there is no such attachment.
    """
    if name not in ATTACHMENTS:
        raise PulsewrightError(
            f"{name!r} is not a memory-mapped attachment; choose one of {', '.join(ATTACHMENTS)}"
        )
    found: type[Attachment] = _named(ATTACHMENTS[name])
    return found


def coprocessor_top(name: str, model: IntegerMlp, folded: FoldedEngine) -> "Top":
    """The top level of a coprocessor with the attachment called `name`.

    Raises:
        PulsewrightError: there is no such attachment, or the network does not fit it.
    """
    if known_attachment(name) in INSTRUCTION_TOPS:
        instruction_top: type[CvXIfTop | PcpiTop] = _named(INSTRUCTION_TOPS[name])
        return instruction_top(model, folded)
    from rtl.top import BusTop

    return BusTop(model, folded, name)


def _named(place: str) -> Any:
    module, _, component = place.partition(":")
    return getattr(importlib.import_module(module), component)
