# SPDX-License-Identifier: Apache-2.0
"""An instruction interface, the sequencer and the coprocessor in the simulator's clock domain."""

from typing import Any

from amaranth import Elaboratable, Module
from amaranth.lib.wiring import connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.attachments.instruction_sequencer import InstructionSequencer
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.coprocessor import Coprocessor
from tests.models import fold_model


class SequencedCoprocessor(Elaboratable):
    """The sequencer in front of a coprocessor; `attachment` in front of that if there is one.

    latency: of the engine. All layers are folded (1, 1).
    """

    def __init__(self, model: IntegerMlp, attachment: Any = None) -> None:
        folded = fold_model(model, [(1, 1)] * len(model.layers))
        self.latency = folded.latency
        self.instructions = InstructionSet.of(model)
        self.attachment = attachment and attachment(self.instructions)
        self.coprocessor = Coprocessor(model, folded, autotrigger_reset=True)
        self.sequencer = InstructionSequencer(
            self.instructions, self.coprocessor.register_map, len(self.coprocessor.bus.address)
        )

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.sequencer = self.sequencer
        m.submodules.coprocessor = self.coprocessor
        connect(m, self.sequencer.bus, self.coprocessor.bus)
        m.d.comb += self.coprocessor.refused_at_port.eq(self.sequencer.refused_at_port)
        if self.attachment is not None:
            m.submodules.attachment = self.attachment
            connect(m, self.attachment.instruction, self.sequencer.instruction)
            connect(m, self.sequencer.result, self.attachment.result)
        return m
