# SPDX-License-Identifier: Apache-2.0
"""The coprocessor side of PicoRV32's Pico Co-Processor Interface (PCPI)."""

from typing import ClassVar

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
from pulsewright.rtl.attachments.instruction_set import operation_of
from pulsewright.rtl.buses.pcpi import PCPI


class PcpiSignature(wiring.Signature):
    """The signals as the core drives them."""

    PORT_COMMENTS: ClassVar[dict[str, str]] = {
        "valid": "an instruction is presented",
        "insn": "instruction word",
        "rs1": "value of the register rs1",
        "rs2": "value of the register rs2",
        "wr": "rd is to be written",
        "rd": "value for the register rd",
        "wait": "the instruction is one of the coprocessor and takes its time",
        "ready": "it is done in this cycle",
    }

    def __init__(self) -> None:
        super().__init__(
            {
                "valid": Out(1),
                "insn": Out(WORD_BITS),
                "rs1": Out(WORD_BITS),
                "rs2": Out(WORD_BITS),
                "wr": In(1),
                "rd": In(WORD_BITS),
                "wait": In(1),
                "ready": In(1),
            }
        )

    def __eq__(self, other: object) -> bool:
        return isinstance(other, PcpiSignature)

    def __repr__(self) -> str:
        return "PcpiSignature()"


class Pcpi(InstructionAttachment):
    """Joins PCPI to the instruction sequencer.

    `wait` is high as long as an instruction of ours is presented, from its first cycle, since the
    core gives up a silent one after 16. `ready` and `wr` are high for one cycle, as many cycles
    after the first as the sequencer takes. For any other instruction all outputs stay low.
    The core keeps instruction and operands until `ready` and never withdraws them but by a reset,
    which must then reset the coprocessor as well.
    """

    SIGNATURE = PcpiSignature
    INTERFACE = PCPI

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Joins PicoRV32's coprocessor interface (PCPI) to the instruction sequencer.\n"
            "Latency 0 cycles: the answer comes as many cycles after the request as the "
            "sequencer takes."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        port = self.port
        ours = Signal()
        m.d.comb += [
            ours.eq(port.valid & self.instructions.accepts(port.insn)),
            self.instruction.valid.eq(ours),
            self.instruction.p.operation.eq(operation_of(port.insn)),
            self.instruction.p.rs1.eq(port.rs1),
            self.instruction.p.rs2.eq(port.rs2),
            port.wait.eq(ours),
            port.ready.eq(self.result.valid),
            port.wr.eq(self.result.valid),
            port.rd.eq(self.result.payload),
            self.result.ready.eq(1),
            self.active.eq(port.valid | self.result.valid),
        ]
        return m
