# SPDX-License-Identifier: Apache-2.0
"""Carries out custom instructions as accesses of the register bus."""

from enum import Enum

from amaranth import Cat, Module, Mux, Signal, Value
from amaranth.lib import stream
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.attachments.instruction_set import InstructionLayout, InstructionSet
from pulsewright.rtl.buses.instruction_words import Operation
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.commands import SoftClear
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_map import RegisterMap

REFUSAL_BITS = 8


class Phase(Enum):
    """What `pw.infer` and `pw.step` do next."""

    FIRST_WORD = 0
    SECOND_WORD = 1
    RESULT = 2


class InstructionSequencer(ModuleComponent):
    """One instruction at a time: takes an `InstructionLayout`, gives the value of rd.

    Attributes:
        instruction: its payload stays while `valid` waits for `ready`, which is high in the last
            cycle of the instruction's accesses.
        result: 32 bits for rd, held until taken; the next instruction begins after that.
        bus: the sequencer must be its only manager, since it keeps a copy of the input words for
            `pw.step`.
        refused_at_port: a LOAD or STORE outside the bus is refused in this cycle.

    AUTOTRIGGER must be 1 for `pw.infer` and `pw.step`.

    - INFER: writes rs1 to INPUT[0] and, if there are two input words, rs2 to INPUT[1]; reads
      RESULT[0].
    - STEP: the input words as last written, with the pulse number's lane from the low bits of rs1.
    - LOAD: reads the register at byte address rs1. STORE: writes rs2 there, gives 1 if that was
      refused and 0 if not.
    - STATUS: gives the number of instructions refused since the last STATUS (saturates at 255).
    An instruction is refused if the bus answers one of its accesses with an error or its address
    is misaligned or outside the bus; it stops there, and gives 0 (STORE: 1).

    Cycles from the first one in which `instruction` is valid (with no result waiting) to the first
    one in which `result` is, if no job runs; W is the number of input words, L the engine's
    latency: INFER W + L + 2; STEP as INFER, but one less if the pulse number is in the second of
    two words; LOAD and STORE 1 + the cycles that the register waits; STATUS 1.
    """

    def __init__(
        self, instructions: InstructionSet, register_map: RegisterMap, address_bits: int
    ) -> None:
        self.instructions = instructions
        self.input_addresses = [register.address for register in register_map.array("INPUT")]
        self.result_address = register_map["RESULT[0]"].address
        self.soft_clear_address = register_map["SOFT_CLEAR"].address
        super().__init__(
            {
                "instruction": In(stream.Signature(InstructionLayout())),
                "result": Out(stream.Signature(WORD_BITS)),
                "bus": Out(RegisterBus(address_bits)),
                "refused_at_port": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Carries out the custom instructions as accesses of the register bus.\n"
            "Cycles with W input words and an engine of latency L: INFER W + L + 2; STEP as "
            "INFER, or one less; LOAD and STORE 1 + the cycles that the register waits; "
            "STATUS 1."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        bus, result, request = self.bus, self.result, self.instruction.p
        begun = Signal()
        finished = Signal()
        refused = Signal()
        phase = Signal(Phase)
        refusals = Signal(REFUSAL_BITS)
        answer = Signal(WORD_BITS)
        kept = [] if self.instructions.pulse_lane is None else self._kept_words(m)
        m.d.comb += [
            begun.eq(self.instruction.valid & ~result.valid),
            self.instruction.ready.eq(finished),
            bus.byte_enable.eq(0b1111),
        ]

        infers = Signal()
        accesses = Signal()
        stores = Signal()
        m.d.comb += [
            infers.eq(request.operation <= Operation.STEP),
            stores.eq(request.operation == Operation.STORE),
            accesses.eq(stores | (request.operation == Operation.LOAD)),
        ]
        with m.If(infers):
            m.d.comb += [
                bus.valid.eq(begun),
                refused.eq(bus.error),
                finished.eq(begun & bus.ready & (bus.error | (phase == Phase.RESULT))),
                answer.eq(Mux(bus.error, 0, bus.read_data)),
            ]
            self._inference_access(m, phase, kept)
        with m.Elif(accesses):
            outside = self._register_access(m, begun, stores)
            m.d.comb += [
                refused.eq(outside | bus.error),
                finished.eq(begun & (outside | bus.ready)),
                answer.eq(Mux(bus.write, refused, Mux(refused, 0, bus.read_data))),
            ]
        with m.Else():
            m.d.comb += [finished.eq(begun), answer.eq(refusals)]

        with m.If(finished):
            m.d.sync += [phase.eq(Phase.FIRST_WORD), result.valid.eq(1), result.payload.eq(answer)]
            self._count_refusals(m, refusals, refused)
        with m.If(result.valid & result.ready):
            m.d.sync += result.valid.eq(0)
        return m

    def _count_refusals(self, m: Module, refusals: Signal, refused: Value) -> None:
        """Of the instruction that is finished; STATUS begins anew."""
        with m.If(self.instruction.p.operation == Operation.STATUS):
            m.d.sync += refusals.eq(0)
        with m.Elif(refused & ~refusals.all()):
            m.d.sync += refusals.eq(refusals + 1)

    def _register_access(self, m: Module, begun: Value, stores: Value) -> Signal:
        """Present LOAD or STORE to the registers; high if the address is none of theirs."""
        bus, request = self.bus, self.instruction.p
        address_bits = len(bus.address)
        outside = Signal()
        m.d.comb += [
            outside.eq(request.rs1[:2].any() | request.rs1[address_bits:].any()),
            bus.valid.eq(begun & ~outside),
            self.refused_at_port.eq(begun & outside),
            bus.address.eq(request.rs1[:address_bits]),
            bus.write.eq(stores),
            bus.write_data.eq(request.rs2),
        ]
        return outside

    def _kept_words(self, m: Module) -> list[Signal]:
        """Copies of the input words: what STEP leaves as it is, without reading it back."""
        bus = self.bus
        written = Signal()
        cleared = Signal()
        m.d.comb += [
            written.eq(bus.valid & bus.ready & bus.write & ~bus.error),
            cleared.eq(
                written
                & (bus.address == self.soft_clear_address)
                & SoftClear(bus.write_data).registers
            ),
        ]
        kept = []
        for index, address in enumerate(self.input_addresses):
            word = Signal(WORD_BITS, name=f"input_word_{index}")
            with m.If(cleared):
                m.d.sync += word.eq(0)
            with m.Elif(written & (bus.address == address)):
                m.d.sync += word.eq(bus.write_data)
            kept.append(word)
        return kept

    def _inference_access(self, m: Module, phase: Signal, kept: list[Signal]) -> None:
        """The access of each phase of INFER and STEP."""
        bus, request = self.bus, self.instruction.p
        last = self.instructions.input_words - 1
        step = Signal()
        following = Signal(Phase)
        m.d.comb += step.eq(request.operation == Operation.STEP)
        with m.If(bus.valid & bus.ready & ~bus.error):
            m.d.sync += phase.eq(following)
        first_word = Signal()
        second_word = Signal()
        m.d.comb += [
            first_word.eq(phase == Phase.FIRST_WORD),
            second_word.eq(phase == Phase.SECOND_WORD),
        ]
        with m.If(first_word):
            m.d.comb += [
                bus.write.eq(1),
                bus.address.eq(self.input_addresses[0]),
                bus.write_data.eq(request.rs1),
                following.eq(Phase.SECOND_WORD if last else Phase.RESULT),
            ]
            if kept:
                with m.If(step):
                    self._step_access(m, following, kept)
        with m.Elif(second_word):
            m.d.comb += [
                bus.write.eq(1),
                bus.address.eq(self.input_addresses[last]),
                bus.write_data.eq(Mux(step, kept[last], request.rs2) if kept else request.rs2),
                following.eq(Phase.RESULT),
            ]
        with m.Else():
            m.d.comb += [
                bus.address.eq(self.result_address),
                following.eq(Phase.FIRST_WORD),
            ]

    def _step_access(self, m: Module, following: Signal, kept: list[Signal]) -> None:
        """Write the word that the pulse number is in; the last word starts the job."""
        lane, bits = self.instructions.pulse_lane, self.instructions.lane_bits
        assert lane is not None
        index, low = divmod(lane * bits, WORD_BITS)
        code, word = self.instruction.p.rs1[:bits], kept[index]
        m.d.comb += [
            self.bus.address.eq(self.input_addresses[index]),
            self.bus.write_data.eq(Cat(word[:low], code, word[low + bits :])),
        ]
        if index == self.instructions.input_words - 1:
            m.d.comb += following.eq(Phase.RESULT)
