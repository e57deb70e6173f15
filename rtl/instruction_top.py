# SPDX-License-Identifier: Apache-2.0
"""Top levels with the coprocessor as an instruction of a RISC-V core."""

from collections.abc import Mapping

from amaranth import Module
from amaranth.lib.wiring import In, Out, connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.rtl.attachments.cv_x_if import CvXIf, CvXIfSignature
from pulsewright.rtl.attachments.instruction_sequencer import InstructionSequencer
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.attachments.pcpi import Pcpi, PcpiSignature
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.top import CLOCK_PORTS, COPROCESSOR_PORTS, Top, coprocessor_outputs


class InstructionTop(Top):
    """The ports of one interface, an interrupt, an event, and `clock_enable_o`.

    clock_enable_o: low when the clock may stop: nothing is asked, carried out or running. It
    follows the requests within the cycle.
    signature: of the interface, as the core drives it; prefix: of its ports.
    """

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        prefix: str,
        signature: CvXIfSignature | PcpiSignature,
    ) -> None:
        self.instructions = InstructionSet.of(model)
        self.coprocessor = Coprocessor(model, folded, autotrigger_reset=True)
        self.port_names = {}
        ports = coprocessor_outputs()
        for name, member in signature.members.items():
            driven_by_core = member.flow is Out
            self.port_names[name] = f"{prefix}_{name}_{'i' if driven_by_core else 'o'}"
            ports[self.port_names[name]] = (In if driven_by_core else Out)(member.shape)
        self.signature_comments: Mapping[str, str] = signature.PORT_COMMENTS
        super().__init__(model, folded, ports)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return "The coprocessor, its instruction interface and its interrupt."

    @property
    def port_comments(self) -> Mapping[str, str]:
        """One line on each port."""
        return {
            **CLOCK_PORTS,
            **COPROCESSOR_PORTS,
            **{self.port_names[name]: text for name, text in self.signature_comments.items()},
        }

    def attached_module(self, attachment: CvXIf | Pcpi) -> Module:
        """The logic, with `attachment` between the ports and the sequencer."""
        m = self.clocked_module()
        coprocessor = self.coprocessor
        sequencer = InstructionSequencer(
            self.instructions, coprocessor.register_map, len(coprocessor.bus.address)
        )
        m.submodules.attachment = attachment
        m.submodules.sequencer = sequencer
        m.submodules.coprocessor = coprocessor
        connect(m, attachment.instruction, sequencer.instruction)
        connect(m, sequencer.result, attachment.result)
        connect(m, sequencer.bus, coprocessor.bus)
        for name, port_name in self.port_names.items():
            outer, inner = getattr(self, port_name), getattr(attachment.port, name)
            m.d.comb += inner.eq(outer) if port_name.endswith("_i") else outer.eq(inner)

        m.d.comb += [
            self.irq_o.eq(coprocessor.irq),
            self.event_o.eq(coprocessor.event),
            self.clock_enable_o.eq(attachment.active | coprocessor.active),
        ]
        return m


class CvXIfTop(InstructionTop):
    """The coprocessor on the CORE-V eXtension interface: ports `x_issue_valid_i` and so on.

    id_bits: X_ID_WIDTH of the core.

    Raises:
        PulsewrightError: the network does not fit the operands or the register map.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine, id_bits: int = 4) -> None:
        self.id_bits = id_bits
        super().__init__(model, folded, "x", CvXIfSignature(id_bits))

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        return self.attached_module(CvXIf(self.instructions, self.id_bits))


class PcpiTop(InstructionTop):
    """The coprocessor on PicoRV32's PCPI: ports `pcpi_valid_i` and so on.

    Raises:
        PulsewrightError: the network does not fit the operands or the register map.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        super().__init__(model, folded, "pcpi", PcpiSignature())

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        return self.attached_module(Pcpi(self.instructions))
