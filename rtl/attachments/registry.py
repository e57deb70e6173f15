# SPDX-License-Identifier: Apache-2.0
"""The memory-mapped attachments by the names that recipes call them."""

import importlib
from typing import TYPE_CHECKING

from hls_model.errors import PulsewrightError

if TYPE_CHECKING:
    from rtl.attachments.attachment import Attachment

# Modules and classes as text: naming an attachment must not import Amaranth.
ATTACHMENTS = {
    "obi": "rtl.attachments.obi:ObiSubordinate",
    "apb": "rtl.attachments.apb:ApbCompleter",
    "hwpe_periph": "rtl.attachments.hwpe_periph:HwpePeriphTarget",
    "axi_lite": "rtl.attachments.axi_lite:AxiLiteSubordinate",
    "wishbone": "rtl.attachments.wishbone:WishboneSlave",
}


def known_attachment(name: str) -> str:
    """`name`, if it is one.

    Raises:
        PulsewrightError: there is no such attachment; the sentence names those there are.
    """
    if name not in ATTACHMENTS:
        raise PulsewrightError(f"unknown bus {name!r}; choose one of {', '.join(ATTACHMENTS)}")
    return name


def attachment_class(name: str) -> "type[Attachment]":
    """The component called `name`; it is made with `register_bits`, the register bus's width.

    Raises:
        PulsewrightError: there is no such attachment.
    """
    module, _, component = ATTACHMENTS[known_attachment(name)].partition(":")
    found: type[Attachment] = getattr(importlib.import_module(module), component)
    return found
