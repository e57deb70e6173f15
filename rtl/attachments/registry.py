# SPDX-License-Identifier: Apache-2.0
"""The components of the buses, found by the buses' names."""

import importlib
from typing import TYPE_CHECKING

from pulsewright.rtl.buses.registry import known_bus

if TYPE_CHECKING:
    from pulsewright.rtl.attachments.attachment import Attachment


def attachment_class(name: str) -> "type[Attachment]":
    """The component called `name`; it is made with `register_bits`, the register bus's width.

    Raises:
        PulsewrightError: there is no such bus.
    """
    module = importlib.import_module(f"pulsewright.rtl.attachments.{known_bus(name).name}")
    found: type[Attachment] = getattr(module, known_bus(name).component)
    return found
