# SPDX-License-Identifier: Apache-2.0
"""The coprocessor of a network whose vectors do not fit among the registers."""

from amaranth import Cat, Const, Module, Mux, ResetInserter, Signal, Value
from amaranth.lib.wiring import In, Out, connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles, windowed_interval
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.coprocessor_parts import (
    connect_chosen,
    drive_interrupts,
    drive_queue,
    job_identifier,
    soft_clear,
)
from pulsewright.rtl.engine.engine import Engine
from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.data_windows import DataWindows
from pulsewright.rtl.registers.input_window import InputWindow
from pulsewright.rtl.registers.interrupts import Interrupts
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_file import RegisterFile, port_name
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.rtl.registers.result_window import ResultWindow
from pulsewright.rtl.registers.weight_access import WeightAccess
from pulsewright.rtl.registers.windowed_rules import apply_windowed_rules


class WindowedCoprocessor(ModuleComponent):
    """Register bus in, interrupt out, with windows of inputs and results above the registers.

    Attributes:
        bus: the registers and the windows.
        refused_at_port: an access is refused in this cycle that never gets to `bus`, or ends on
            `bus` without its answer.
        event: one cycle high when a job ends, if enabled.
        irq: high while an interrupt is pending and enabled; from a register.
        active: a job runs or is due, or its event or `irq` is. An outer clock gate may stop the
            clock while it is low and no access is presented.

    A job begins as soon as layer 1 has taken its steps of the one before, and there is room for its
    results. It takes `windowed_cycles` (hls_model.schedule.windowed_job) from the cycle after the
    write that triggers it, if none runs then; a read that waits for its result is answered two
    cycles later. One row follows another in `windowed_interval` cycles. Jobs are inferences alone.

    bounded_wait: what LAYER_CAPABILITY says of accesses that wait too long.

    Raises:
        PulsewrightError: the network does not fit the register map or needs no windows, or its
            first layer is incremental.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine, bounded_wait: bool = False) -> None:
        self.register_map = compile_register_map(model, folded, bounded_wait=bounded_wait)
        self.model = reloadable_formats(model) if folded.reloadable else model
        self.folded = folded
        self.stepped = with_transfer(folded, self.model, VectorTransfer.STEPS)
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
    def windows(self) -> DataWindows:
        """Where inputs and results are."""
        windows = self.register_map.data_windows
        assert windows is not None, "a network that fits among the registers has a Coprocessor"
        return windows

    @property
    def interval(self) -> int:
        """Clock cycles from one row to the next, if software keeps the engine busy."""
        return windowed_interval(self.stepped, self.windows.input_words)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The coprocessor behind its register bus: registers, windows of inputs and results, "
            "jobs, engine, weights.\n"
            f"A job takes {windowed_cycles(self.stepped)} cycles from the cycle after the write "
            "that triggers it; a read that waits for its result is answered two cycles later. One "
            f"row follows another in {self.interval} cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        registers = RegisterFile(self.register_map)
        clear, clear_registers = soft_clear(m, registers)
        m.submodules.registers = ResetInserter(clear_registers)(registers)
        m.submodules.job_queue = queue = JobQueue(pipelined=True)
        m.submodules.interrupts = interrupts = Interrupts()
        engine = Engine(self.model, self.stepped)
        restart = Signal()
        m.submodules.engine = ResetInserter(restart)(engine)
        address_bits = len(self.bus.address)
        m.submodules.input_window = inputs = InputWindow(
            self.windows, self.stepped.layers[0], self.model.input_format, address_bits
        )
        m.submodules.result_window = results = ResultWindow(
            self.windows, self.model.output_format, self.stepped.result_lanes, address_bits
        )
        connect(m, inputs.steps, engine.vector)
        connect(m, engine.result, results.groups)
        weights_stored = self._connect_bus(m, registers, inputs, results, engine, queue)
        apply_windowed_rules(m, registers, queue, inputs, results)
        drive_queue(m, registers, queue, inputs.last_written)
        refused = (self.bus.valid & self.bus.ready & self.bus.error) | self.refused_at_port
        drive_interrupts(m, registers, interrupts, refused)
        runs = results.running != 0
        ended = Signal()
        m.d.sync += ended.eq(results.done)
        m.d.comb += [
            restart.eq(clear | weights_stored),
            queue.done.eq(inputs.taken),
            queue.hold.eq(results.full),
            queue.clear.eq(clear),
            queue.release.eq(clear_registers),
            inputs.first.eq(queue.first),
            inputs.clear.eq(clear),
            results.first.eq(queue.first),
            results.due.eq(queue.due),
            results.clear.eq(clear),
            interrupts.job_ended.eq(results.done),
            interrupts.fifo_not_empty.eq(results.level != 0),
            interrupts.clear_all.eq(clear),
            self.irq.eq(interrupts.irq),
            self.event.eq(ended & registers.port("EVENT_ENABLE").value[0]),
            self.active.eq(runs | queue.due | ended | interrupts.unsettled),
        ]
        self._show_state(m, registers, queue, results)
        return m

    def _connect_bus(
        self,
        m: Module,
        registers: RegisterFile,
        inputs: InputWindow,
        results: ResultWindow,
        engine: Engine,
        queue: JobQueue,
    ) -> Value:
        """Give the bus to what the address names; returns when a weight changes."""
        windows, address = self.windows, self.bus.address
        in_inputs, in_results, in_weights, in_registers = (
            Signal(name=f"in_{name}") for name in ("inputs", "results", "weights", "registers")
        )
        targets = [
            (in_inputs, inputs.bus),
            (in_results, results.bus),
            (in_registers, registers.bus),
        ]
        m.d.comb += [
            in_inputs.eq(_is_in(address, windows.input_base, windows.input_size)),
            in_results.eq(_is_in(address, windows.result_base, windows.result_size)),
            # What is empty is refused there.
            in_registers.eq(~(in_inputs | in_results | in_weights)),
        ]
        stored: Value = Const(0, 1)
        if self.folded.reloadable:
            m.submodules.weights = weights = WeightAccess(self.folded, len(address))
            for outer, inner in zip(weights.memories, engine.memories, strict=True):
                connect(m, outer, inner)
            assert self.register_map.window is not None
            m.d.comb += [
                in_weights.eq((address >= WINDOW_BASE) & (address < self.register_map.window.end)),
                weights.idle.eq(~((results.running != 0) | queue.waiting)),
                registers.port("REFUSED_ACCESSES").hardware_value.eq(weights.refusals),
            ]
            targets.append((in_weights, weights.bus))
            stored = weights.stored
        for chosen, bus in targets:
            connect_chosen(m, self.bus, chosen, bus)
        return stored

    def _show_state(
        self, m: Module, registers: RegisterFile, queue: JobQueue, results: ResultWindow
    ) -> None:
        """Drive what software reads."""
        completed, cycle, cycles = (
            Signal(WORD_BITS, name=name) for name in ("completed", "cycle", "cycles")
        )
        runs = results.running != 0
        m.d.sync += [
            # The first cycle of a job is the one after the end of the job before, if that runs.
            cycle.eq(Mux(runs & ~results.done, cycle + 1, 1)),
        ]
        with m.If(results.done):
            m.d.sync += [completed.eq(completed + 1), cycles.eq(cycle)]
        flags = Cat(runs, queue.waiting, queue.acquired, queue.untriggered)
        shown: dict[str, Value] = {
            "ACQUIRE": job_identifier(queue),
            "STATUS": Cat(flags, Const(0, 8 - len(flags)), results.level),
            # The oldest one: identifiers of those that run follow one another.
            "RUNNING_JOB": (queue.job - Mux(runs, results.running - 1, 0))[: len(queue.job)],
            "COMPLETED_JOBS": completed,
            "CYCLES": cycles,
        }
        for name, value in shown.items():
            extended = Signal(WORD_BITS, name=f"shown_{port_name(name)}")
            m.d.comb += [extended.eq(value), registers.port(name).hardware_value.eq(extended)]


def _is_in(address: Value, base: int, size: int) -> Value:
    """True if the address lies in the `size` bytes at `base`, aligned to them."""
    bits = (size - 1).bit_length()
    return address[bits:] == base >> bits
