# SPDX-License-Identifier: Apache-2.0
"""What every instruction attachment has: a core's coprocessor port in front of the sequencer."""

from typing import ClassVar

from amaranth.lib import stream, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_set import InstructionLayout, InstructionSet
from pulsewright.rtl.buses.instruction_interface import InstructionInterface
from pulsewright.rtl.module_component import ModuleComponent


class InstructionAttachment(ModuleComponent):
    """Joins the port of an instruction interface to the instruction sequencer.

    Attributes:
        port: of the interface, as the core drives it.
        instruction: to the sequencer.
        result: from the sequencer.
        active: the interface asks for something or an instruction is here, so the clock is needed.

    SIGNATURE: of the port. INTERFACE: its description.
    """

    SIGNATURE: ClassVar[type[wiring.Signature]]
    INTERFACE: ClassVar[InstructionInterface]

    def __init__(
        self, instructions: InstructionSet, signature: wiring.Signature | None = None
    ) -> None:
        self.instructions = instructions
        super().__init__(
            {
                "port": In(signature or self.SIGNATURE()),
                "instruction": Out(stream.Signature(InstructionLayout())),
                "result": In(stream.Signature(WORD_BITS)),
                "active": Out(1),
            }
        )

    @classmethod
    def verilog_ports(cls) -> dict[str, str]:
        """Name in Verilog of each member of the port, with the direction as suffix."""
        return {
            name: f"{cls.INTERFACE.prefix}_{name}_{'i' if member.flow is Out else 'o'}"
            for name, member in cls.SIGNATURE().members.items()
        }
