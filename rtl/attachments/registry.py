# SPDX-License-Identifier: Apache-2.0
"""The components of buses and instruction interfaces, found by their names."""

import importlib
from typing import TYPE_CHECKING, Any

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options, known_bus, known_instruction

if TYPE_CHECKING:
    from pulsewright.rtl.attachments.attachment import Attachment
    from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
    from pulsewright.rtl.attachments.instruction_set import InstructionSet


def attachment_class(name: str) -> "type[Attachment]":
    """The component called `name`.

    Raises:
        PulsewrightError: there is no such bus.
    """
    module = importlib.import_module(f"pulsewright.rtl.attachments.{known_bus(name).name}")
    found: type[Attachment] = getattr(module, known_bus(name).component)
    return found


def make_attachment(
    name: str, register_bits: int, options: AttachmentOptions | None = None
) -> "Attachment":
    """The component called `name` in front of a register bus of `register_bits`.

    Raises:
        PulsewrightError: there is no such bus, or it cannot have these options.
    """
    kind: Any = attachment_class(name)
    given = checked_options(name, options).of_port
    made: Attachment = kind(register_bits=register_bits, **given)
    return made


def instruction_attachment_class(name: str) -> "type[InstructionAttachment]":
    """The component of the instruction interface called `name`.

    Raises:
        PulsewrightError: there is no such interface.
    """
    interface = known_instruction(name)
    module = importlib.import_module(f"pulsewright.rtl.attachments.{interface.name}")
    found: type[InstructionAttachment] = getattr(module, interface.component)
    return found


def make_instruction_attachment(
    name: str, instructions: "InstructionSet", options: AttachmentOptions | None = None
) -> "InstructionAttachment":
    """The component called `name` for `instructions`.

    Raises:
        PulsewrightError: there is no such interface, or it cannot have these options.
    """
    kind: Any = instruction_attachment_class(name)
    made: InstructionAttachment = kind(instructions, **checked_options(name, options).of_port)
    return made
