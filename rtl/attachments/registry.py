# SPDX-License-Identifier: Apache-2.0
"""The components of buses and instruction interfaces, found by their names."""

import importlib
from typing import TYPE_CHECKING, Any

from pulsewright.rtl.buses.registry import checked_id_bits, known_bus, known_instruction

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


def make_attachment(name: str, register_bits: int, id_bits: int | None = None) -> "Attachment":
    """The component called `name` in front of a register bus of `register_bits`.

    id_bits: width of the port's identifiers; the bus's default unless given.

    Raises:
        PulsewrightError: there is no such bus, or its identifiers cannot be of that width.
    """
    kind: Any = attachment_class(name)
    made: Attachment = kind(register_bits=register_bits, **_widths(name, id_bits))
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
    name: str, instructions: "InstructionSet", id_bits: int | None = None
) -> "InstructionAttachment":
    """The component called `name` for `instructions`.

    id_bits: width of the port's identifiers; the interface's default unless given.

    Raises:
        PulsewrightError: there is no such interface, or its identifiers cannot be of that width.
    """
    kind: Any = instruction_attachment_class(name)
    made: InstructionAttachment = kind(instructions, **_widths(name, id_bits))
    return made


def _widths(name: str, id_bits: int | None) -> dict[str, int]:
    bits = checked_id_bits(name, id_bits)
    return {} if bits is None else {"id_bits": bits}
