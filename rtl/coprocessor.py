# SPDX-License-Identifier: Apache-2.0
"""The coprocessor behind its register bus: registers, jobs, engine, weights."""

from amaranth import Cat, Const, Module, Mux, ResetInserter, Signal, Value
from amaranth.lib.wiring import In, Out, connect

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.coprocessor_parts import (
    connect_weights,
    drive_interrupts,
    drive_queue,
    job_identifier,
    soft_clear,
)
from pulsewright.rtl.engine_choice import make_engine
from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.jobs.job_request import JobRequest
from pulsewright.rtl.jobs.job_runner import JobRunner, fifo_width
from pulsewright.rtl.jobs.result_fifo import ResultFifo
from pulsewright.rtl.jobs.sweep_runner import SweepRunner
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.access_rules import apply_access_rules
from pulsewright.rtl.registers.interrupts import Interrupts
from pulsewright.rtl.registers.physical_inputs import PhysicalInputs
from pulsewright.rtl.registers.register_bus import RegisterBus
from pulsewright.rtl.registers.register_file import RegisterFile, port_name
from pulsewright.rtl.registers.register_map import compile_register_map


class Coprocessor(ModuleComponent):
    """Register bus in, interrupt out; everything that does not depend on the attachment.

    Attributes:
        bus: the registers and, if weights are reloadable, their window.
        refused_at_port: an access is refused in this cycle that never gets to `bus`.
        event: one cycle high when a job ends, if enabled.
        irq: high while an interrupt is pending and enabled; from a register.
        active: a job runs or is due, or its event or `irq` is. An outer clock gate may stop the
            clock while it is low and no access is presented.

    An inference takes engine latency + 1 cycles from the write that triggers it to the cycle in
    which a waiting read of the result is answered.

    autotrigger_reset: AUTOTRIGGER is set from the start. bounded_wait: what LAYER_CAPABILITY says
    of accesses that wait too long; they are refused in front of `bus`. fifo_depth: see
    `compile_register_map`. maps_inputs: inputs may be written as physical integers as well; one
    that starts takes the latency of `InputMapping` + 1 more than an input word.

    Raises:
        PulsewrightError: the network does not fit the register map.
    """

    def __init__(
        self,
        model: IntegerMlp,
        folded: FoldedEngine,
        autotrigger_reset: bool = False,
        bounded_wait: bool = False,
        fifo_depth: int | None = None,
        maps_inputs: bool = False,
    ) -> None:
        self.register_map = compile_register_map(
            model,
            folded,
            autotrigger_reset,
            bounded_wait,
            fifo_depth=fifo_depth,
            maps_inputs=maps_inputs,
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
            "The coprocessor behind its register bus: registers, jobs, engine, weights.\n"
            f"An inference takes the engine's latency + 1 = {self.folded.latency + 1} cycles "
            "from the write that triggers it to the cycle in which a waiting read of its "
            "result is answered."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        registers = RegisterFile(self.register_map)
        clear, clear_registers = soft_clear(m, registers)
        m.submodules.registers = ResetInserter(clear_registers)(registers)
        m.submodules.job_queue = queue = JobQueue()
        piecewise_linear = self.folded.piecewise_linear is not None
        runner = SweepRunner(self.model) if piecewise_linear else JobRunner(self.model)
        m.submodules.job_runner = runner
        m.submodules.result_fifo = fifo = ResultFifo(
            self.model.outputs, fifo_width(self.model), self.register_map.fifo_depth
        )
        engine = make_engine(self.model, self.folded)
        restart = Signal()
        m.submodules.engine = ResetInserter(restart)(engine)
        connect(m, runner.vector, engine.vector)
        connect(m, engine.result, runner.result)
        if isinstance(runner, SweepRunner):
            runner.connect_sweep(m, engine)

        physical = None
        busy: Value = queue.running
        if self.register_map.maps_inputs:
            physical = PhysicalInputs(m, self.model, registers, clear | clear_registers)
            physical.store_codes(m, registers)
            busy |= physical.starting
        idle = ~(busy | queue.waiting)
        weights_stored = connect_weights(m, self.folded, self.bus, registers, engine, idle)
        request = self._job_request(m, registers, queue, physical)
        apply_access_rules(m, self.model, registers, request, queue, runner, fifo, physical)

        last_input = registers.port(self.register_map.array("INPUT")[-1].name)
        begins = None if physical is None else physical.begins
        drive_queue(m, registers, queue, last_input.written, last_input.selected, begins)
        m.submodules.interrupts = interrupts = Interrupts()
        refused = (self.bus.valid & self.bus.ready & self.bus.error) | self.refused_at_port
        drive_interrupts(m, registers, interrupts, refused)
        active = queue.running | queue.due | runner.event | interrupts.unsettled
        if physical is not None:
            active |= physical.busy
        m.d.comb += [
            self.irq.eq(interrupts.irq),
            restart.eq(clear | runner.restart | weights_stored),
            queue.done.eq(runner.done),
            queue.clear.eq(clear),
            queue.release.eq(clear_registers),
            interrupts.job_ended.eq(runner.done),
            interrupts.fifo_not_empty.eq(fifo.level != 0),
            interrupts.clear_all.eq(clear),
            runner.request.eq(request),
            runner.prepares.eq(queue.prepares),
            runner.begins.eq(queue.begins),
            runner.first.eq(queue.first),
            runner.running.eq(queue.running),
            runner.clear.eq(clear),
            runner.fifo_ready.eq(fifo.ready),
            fifo.push.eq(runner.push),
            fifo.vector.eq(runner.fifo_vector),
            fifo.pop.eq(registers.port("RESULT_FIFO").read),
            fifo.clear.eq(clear),
            self.event.eq(runner.event & registers.port("EVENT_ENABLE").value[0]),
            self.active.eq(active),
        ]
        self._show_state(m, registers, queue, runner, fifo, busy)
        return m

    def _job_request(
        self,
        m: Module,
        registers: RegisterFile,
        queue: JobQueue,
        physical: PhysicalInputs | None,
    ) -> JobRequest:
        """The job that the registers describe.

        A job may begin with the write of its last input word; no other word changes then. Where it
        begins by a physical input no word does, since an access that comes then waits.
        """
        request: JobRequest = Signal(JobRequest(self.model), name="described_job")
        job = registers.port("JOB").value
        lane_bits, width = self.register_map.input_lane_bits, self.model.input_format.width
        *earlier, last = (registers.port(r.name) for r in self.register_map.array("INPUT"))
        written = last.selected & ~queue.waiting
        if physical is not None:
            written &= ~physical.begins
        packed = Cat(
            *(port.value for port in earlier),
            Mux(written, registers.bus.write_data, last.value),
        )
        m.d.comb += [
            request.kind.eq(job[:2]),
            request.increments.eq(job[8]),
            request.stream.eq(job[9]),
            request.n0.eq(registers.port("N0").value),
            request.n1.eq(registers.port("N1").value),
            request.target.eq(registers.port("TARGET").value),
            request.codes.eq(
                Cat(
                    packed[i * lane_bits : i * lane_bits + width]
                    for i in range(self.model.sizes[0])
                )
            ),
        ]
        return request

    def _show_state(
        self,
        m: Module,
        registers: RegisterFile,
        queue: JobQueue,
        runner: JobRunner,
        fifo: ResultFifo,
        busy: Value,
    ) -> None:
        """Drive what software reads."""
        completed = Signal(WORD_BITS)
        # Not as an addend: that a job is done is known late, and carries are long.
        with m.If(runner.done):
            m.d.sync += completed.eq(completed + 1)
        flags = Cat(busy, queue.waiting, queue.acquired, queue.untriggered)
        status = Cat(flags, Const(0, 8 - len(flags)), fifo.level)
        shown: dict[str, Value] = {
            "ACQUIRE": job_identifier(queue),
            "STATUS": status,
            "RUNNING_JOB": queue.job,
            "COMPLETED_JOBS": completed,
            "CYCLES": runner.cycles,
            "REACHED_N": runner.reached_n,
            "RESULT_FIFO": fifo.word.as_signed(),
        }
        for register, value in zip(self.register_map.array("RESULT"), runner.results, strict=True):
            shown[register.name] = value
        for name, value in shown.items():
            # Sign extended where the value has a sign.
            extended = Signal(WORD_BITS, name=f"shown_{port_name(name)}")
            m.d.comb += [extended.eq(value), registers.port(name).hardware_value.eq(extended)]
