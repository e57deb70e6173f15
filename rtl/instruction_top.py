# SPDX-License-Identifier: Apache-2.0
"""Top levels with the coprocessor as an instruction of a RISC-V core."""

from collections.abc import Mapping

from amaranth import Module
from amaranth.lib.wiring import In, connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.rtl.attachments.instruction_sequencer import InstructionSequencer
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.attachments.registry import make_instruction_attachment
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import checked_options
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.top import CLOCK_PORTS, COPROCESSOR_PORTS, Top, coprocessor_outputs


class InstructionTop(Top):
    """The ports of one instruction interface, an interrupt, an event, and `clock_enable_o`.

    attachment: its name in `rtl/buses/registry.py`. Ports are named as its standard names them,
    `x_issue_valid_i` and so on. options: of the attachment (`id_bits` is X_ID_WIDTH of CV-X-IF);
    its defaults if None. clock_enable_o: low when the clock may stop: nothing is asked, carried out
    or running. It follows the requests within the cycle.

    Raises:
        PulsewrightError: the network does not fit the operands or the register map, there is no
            such attachment, or it cannot have these options.
    """

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        attachment: str,
        options: AttachmentOptions | None = None,
    ) -> None:
        self.options = checked_options(attachment, options)
        self.instructions = InstructionSet.of(model)
        self.coprocessor = Coprocessor(model, folded, autotrigger_reset=True)
        self.attachment = make_instruction_attachment(attachment, self.instructions, self.options)
        self.port_names = self.attachment.verilog_ports()
        ports = coprocessor_outputs()
        for name, member in self.attachment.port.signature.members.items():
            ports[self.port_names[name]] = member
        super().__init__(model, folded, ports)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "The coprocessor, its instruction interface and its interrupt."

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        comments = self.attachment.SIGNATURE.PORT_COMMENTS
        return {
            **CLOCK_PORTS,
            **COPROCESSOR_PORTS,
            **{self.port_names[name]: text for name, text in comments.items()},
        }

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.clocked_module(self.clock_enable_o if self.options.clock_gate else None)
        coprocessor, attachment = self.coprocessor, self.attachment
        sequencer = InstructionSequencer(
            self.instructions, coprocessor.register_map, len(coprocessor.bus.address)
        )
        m.submodules.attachment = attachment
        m.submodules.sequencer = sequencer
        m.submodules.coprocessor = coprocessor
        connect(m, attachment.instruction, sequencer.instruction)
        connect(m, sequencer.result, attachment.result)
        connect(m, sequencer.bus, coprocessor.bus)
        for name, member in attachment.port.signature.members.items():
            outer, inner = getattr(self, self.port_names[name]), getattr(attachment.port, name)
            m.d.comb += inner.eq(outer) if member.flow is In else outer.eq(inner)
        m.d.comb += [
            coprocessor.refused_at_port.eq(sequencer.refused_at_port),
            self.irq_o.eq(coprocessor.irq),
            self.event_o.eq(coprocessor.event),
            self.clock_enable_o.eq(attachment.active | coprocessor.active),
        ]
        return m
