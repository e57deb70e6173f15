# SPDX-License-Identifier: Apache-2.0
"""The instruction that a core has handed over and not got back."""

from amaranth import Module, Mux, Signal, Value

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_attachment import InstructionAttachment
from pulsewright.rtl.attachments.instruction_set import operation_of


class OffloadedInstruction:
    """One at a time: accepted, then committed or killed, carried out, and gone with its result.

    occupied: one is here. undecided: it is neither committed nor killed. number, destination: its
    identifier and rd. subject: the identifier that a commit of this cycle may be meant for, that of
    the instruction which is taken or else of the one here.
    """

    def __init__(self, m: Module, number: Value, taken: Value) -> None:
        self.occupied = Signal(name="occupied")
        self.committed = Signal(name="committed")
        self.undecided = Signal(name="undecided")
        self.number = Signal.like(number, name="number")
        self.destination = Signal(5, name="destination")
        self.subject = Signal.like(number, name="subject")
        self._arriving, self._taken = number, taken
        m.d.comb += [
            self.undecided.eq(self.occupied & ~self.committed),
            self.subject.eq(Mux(taken, number, self.number)),
        ]

    def carry_out(
        self,
        m: Module,
        attachment: InstructionAttachment,
        request: Value,
        operands: Value,
        committed: Value,
        killed: Value,
    ) -> None:
        """Join the instruction to the sequencer.

        request: the instruction word that is taken. operands: rs1, with rs2 above it. committed,
        killed: what the core decides of `subject` in this cycle.
        """
        sequenced, port = attachment.instruction, attachment.port
        with m.If(self._taken):
            m.d.sync += [
                self.occupied.eq(~killed),
                self.committed.eq(committed),
                self.number.eq(self._arriving),
                self.destination.eq(request[7:12]),
                sequenced.p.operation.eq(operation_of(request)),
                sequenced.p.rs1.eq(operands[:WORD_BITS]),
                sequenced.p.rs2.eq(operands[WORD_BITS:]),
            ]
        with m.Elif(self.undecided & (committed | killed)):
            m.d.sync += [self.occupied.eq(~killed), self.committed.eq(1)]
        with m.Elif(port.result_valid & port.result_ready):
            m.d.sync += self.occupied.eq(0)
        m.d.comb += [
            # A commit in this cycle is of the instruction that is here, unless one replaces it.
            sequenced.valid.eq(self.occupied & (self.committed | (committed & ~self._taken))),
            port.result_valid.eq(attachment.result.valid),
            port.result_data.eq(attachment.result.payload),
            port.result_id.eq(self.number),
            port.result_rd.eq(self.destination),
            port.result_we.eq(1),
            attachment.result.ready.eq(port.result_ready),
        ]
