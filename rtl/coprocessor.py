# SPDX-License-Identifier: Apache-2.0
"""The coprocessor behind its register bus: registers, job control, engine."""

from amaranth import Cat, Module, Mux, ResetInserter, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped

from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp
from rtl.engine.engine import Engine
from rtl.job_control import JobControl
from rtl.register_bus import RegisterBus
from rtl.register_file import RegisterFile
from rtl.register_map import WORD_BITS, compile_register_map


class Coprocessor(wiring.Component):
    """Register bus in, event out; everything that does not depend on the attachment.

    bus: see `RegisterBus`. event: one cycle high when a job ends, if enabled.

    An inference takes engine latency + 1 cycles from the write that triggers it to the cycle in
    which a waiting read of the result is answered.

    Raises:
        PulsewrightError: the network does not fit the register map.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        self.model = model
        self.folded = folded
        self.register_map = compile_register_map(model)
        super().__init__({"bus": In(RegisterBus()), "event": Out(1)})

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        clear = Signal()
        m.submodules.registers = registers = RegisterFile(self.register_map)
        m.submodules.job_control = control = JobControl()
        engine = Engine(self.model, self.folded)
        m.submodules.engine = ResetInserter(clear)(engine)
        connect(m, flipped(self.bus), registers.bus)

        input_words = self.register_map.array("INPUT")
        last_input_written = registers.port(input_words[-1].name).written
        automatic = registers.port("AUTOTRIGGER").value[0]
        m.d.comb += [
            registers.busy.eq(control.busy),
            clear.eq(registers.port("SOFT_CLEAR").written),
            control.clear.eq(clear),
            control.start.eq(
                registers.port("COMMIT_TRIGGER").written | (automatic & last_input_written)
            ),
            engine.vector.valid.eq(control.offer),
            control.taken.eq(engine.vector.ready),
            control.finish.eq(engine.result.valid),
            engine.result.ready.eq(1),
            registers.port("ACQUIRE").hardware_value.eq(Mux(control.busy, -1, control.next_job)),
            registers.port("STATUS").hardware_value.eq(control.busy),
            registers.port("RUNNING_JOB").hardware_value.eq(control.job),
            registers.port("CYCLES").hardware_value.eq(control.cycles),
            self.event.eq(control.event & registers.port("EVENT_ENABLE").value[0]),
        ]

        lane_bits = self.register_map.input_lane_bits
        packed = Cat(registers.port(register.name).value for register in input_words)
        width = self.model.input_format.width
        codes = [packed[i * lane_bits : i * lane_bits + width] for i in range(self.model.sizes[0])]
        m.d.comb += engine.vector.payload.eq(Cat(codes))
        for i, register in enumerate(self.register_map.array("RESULT")):
            value = engine.result.payload[i]
            result = Signal(value.shape(), name=f"result_{i}")
            with m.If(control.store):
                m.d.sync += result.eq(value)
            extended = Signal(WORD_BITS, name=f"result_word_{i}")
            m.d.comb += [
                extended.eq(result),
                registers.port(register.name).hardware_value.eq(extended),
            ]
        return m
