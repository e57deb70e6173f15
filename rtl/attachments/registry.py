# SPDX-License-Identifier: Apache-2.0
"""The attachments by the names that recipes call them."""

import importlib
from typing import TYPE_CHECKING

from pulsewright.hls_model.errors import PulsewrightError

if TYPE_CHECKING:
    from pulsewright.rtl.attachments.attachment import Attachment

# Modules and classes as text: naming an attachment must not import Amaranth.
ATTACHMENTS = {
    "obi": "pulsewright.rtl.attachments.obi:ObiSubordinate",
    "apb": "pulsewright.rtl.attachments.apb:ApbCompleter",
    "hwpe_periph": "pulsewright.rtl.attachments.hwpe_periph:HwpePeriphTarget",
    "axi_lite": "pulsewright.rtl.attachments.axi_lite:AxiLiteSubordinate",
    "wishbone": "pulsewright.rtl.attachments.wishbone:WishboneSlave",
}
# Those that are an instruction of a core; `rtl/tops.py` has their top levels.
INSTRUCTIONS = ("cv_x_if", "pcpi")


def known_attachment(name: str) -> str:
    """`name`, if it is one.

    Raises:
        PulsewrightError: there is no such attachment; the sentence names those there are.
    """
    known = (*ATTACHMENTS, *INSTRUCTIONS)
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
    module, _, component = ATTACHMENTS[name].partition(":")
    found: type[Attachment] = getattr(importlib.import_module(module), component)
    return found
