# SPDX-License-Identifier: Apache-2.0
"""The coprocessor that infers and does nothing else, one vector at a time."""

from amaranth import Cat, Module, ResetInserter, Signal, Value
from amaranth.lib.wiring import In, Out, connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.coprocessor_parts import connect_weights, drive_interrupts, soft_clear
from pulsewright.rtl.engine_choice import make_engine
from pulsewright.rtl.jobs.inference_runner import InferenceRunner
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.interrupts import Interrupts
from pulsewright.rtl.registers.physical_inputs import PhysicalInputs, waits_for_codes
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_file import RegisterFile, port_name
from pulsewright.rtl.registers.register_map import compile_register_map


class InferenceCoprocessor(ModuleComponent):
    """Register bus in, interrupt out: the last input word starts an inference.

    Attributes:
        bus: the registers and, if weights are reloadable, their window.
        refused_at_port: an access is refused in this cycle that never gets to `bus`.
        event: one cycle high when an inference ends, if enabled.
        irq: high while an interrupt is pending and enabled; from a register.
        active: an inference runs, or its event or `irq` is. An outer clock gate may stop the clock
            while it is low and no access is presented.

    An inference takes engine latency + 1 cycles from the write that starts it to the cycle in which
    a waiting read of the result is answered. Until then a write of an input word waits as well:
    the words are what the engine reads.

    bounded_wait: what LAYER_CAPABILITY says of accesses that wait too long; they are refused in
    front of `bus`. maps_inputs: inputs may be written as physical integers as well; one that starts
    takes the latency of `InputMapping` more than an input word.

    Raises:
        PulsewrightError: the network does not fit the register map, or the engine makes curves.
    """

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        bounded_wait: bool = False,
        maps_inputs: bool = False,
    ) -> None:
        self.register_map = compile_register_map(
            model, folded, bounded_wait=bounded_wait, infer_only=True, maps_inputs=maps_inputs
        )
        self.model = reloadable_formats(model) if folded.reloadable else model
        self.folded = folded
        super().__init__(
            {
                "bus": In(RegisterBus(self.register_map.address_bits)),
                "refused_at_port": In(1),
                "event": Out(1),
                "irq": Out(1),
                "active": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The coprocessor behind its register bus: registers, one inference at a time, engine, "
            "weights.\n"
            f"An inference takes the engine's latency + 1 = {self.folded.latency + 1} cycles "
            "from the write that starts it to the cycle in which a waiting read of its result is "
            "answered."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        registers = RegisterFile(self.register_map)
        clear, clear_registers = soft_clear(m, registers)
        m.submodules.registers = ResetInserter(clear_registers)(registers)
        m.submodules.inference_runner = runner = InferenceRunner(self.model)
        m.submodules.interrupts = interrupts = Interrupts()
        engine = make_engine(self.model, self.folded)
        restart = Signal()
        m.submodules.engine = ResetInserter(restart)(engine)
        connect(m, runner.vector, engine.vector)
        connect(m, engine.result, runner.result)
        stored = connect_weights(m, self.folded, self.bus, registers, engine, ~runner.running)
        refused = (self.bus.valid & self.bus.ready & self.bus.error) | self.refused_at_port
        drive_interrupts(m, registers, interrupts, refused)
        inputs = [registers.port(one.name) for one in self.register_map.array("INPUT")]
        results = [registers.port(one.name) for one in self.register_map.array("RESULT")]
        depends = Cat(port.selected for port in (*inputs, *results)).any()
        waits: Value = depends & runner.running
        begins: Value = inputs[-1].written
        busy: Value = runner.running
        active = runner.running | runner.event | interrupts.unsettled
        physical = None
        if self.register_map.maps_inputs:
            physical = PhysicalInputs(m, self.model, registers, clear)
            waits |= physical.selected & runner.running
            waits |= waits_for_codes(registers, physical)
            begins |= physical.begins
            busy |= physical.starting
            active |= physical.busy
        m.d.comb += [
            # Of results a write is refused anyway, and of inputs a read tells nothing.
            registers.wait.eq(waits),
            runner.codes.eq(self._codes(m, registers, physical)),
            runner.begins.eq(begins),
            runner.clear.eq(clear),
            restart.eq(clear | stored),
            interrupts.job_ended.eq(runner.done),
            interrupts.clear_all.eq(clear),
            self.irq.eq(interrupts.irq),
            self.event.eq(runner.event & registers.port("EVENT_ENABLE").value[0]),
            self.active.eq(active),
            registers.port("STATUS").hardware_value.eq(busy),
        ]
        for port, result in zip(results, runner.results, strict=True):
            shown = Signal(WORD_BITS, name=f"shown_{port_name('RESULT')}")
            m.d.comb += [shown.eq(result), port.hardware_value.eq(shown)]
        return m

    def _codes(self, m: Module, registers: RegisterFile, physical: PhysicalInputs | None) -> Value:
        """The input codes that were stored last, side by side."""
        lane_bits, width = self.register_map.input_lane_bits, self.model.input_format.width
        codes = []
        for i in range(self.model.sizes[0]):
            word, low = divmod(i * lane_bits, WORD_BITS)
            code = Signal(width, name=f"code_{i}", reset_less=True)
            with m.If(registers.port(f"INPUT[{word}]").written):
                m.d.sync += code.eq(registers.bus.write_data[low : low + width])
            if physical is not None:
                with m.If(physical.mapper.stores[i]):
                    m.d.sync += code.eq(physical.mapper.code)
            codes.append(code)
        return Cat(codes)
