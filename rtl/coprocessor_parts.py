# SPDX-License-Identifier: Apache-2.0
"""What the coprocessor has with and without windows of inputs and results."""

from amaranth import Module, Mux, Signal, Value, ValueLike
from amaranth.lib import wiring

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.weight_window import WINDOW_BASE
from pulsewright.rtl.engine_choice import AnyEngine
from pulsewright.rtl.jobs.job_queue import JobQueue
from pulsewright.rtl.registers.commands import CommitTrigger, SoftClear
from pulsewright.rtl.registers.interrupts import Interrupts
from pulsewright.rtl.registers.register_file import RegisterFile
from pulsewright.rtl.registers.weight_access import WeightAccess

ALL_TAKEN, ACQUIRED_ALREADY = 0xFFFF_FFFF, 0xFFFF_FFFE


def connect_chosen(
    m: Module, bus: wiring.PureInterface, chosen: Value, target: wiring.PureInterface
) -> None:
    """Pass the accesses of `bus` to `target` while `chosen`, and its answers back."""
    m.d.comb += [
        target.valid.eq(bus.valid & chosen),
        target.address.eq(bus.address),
        target.write.eq(bus.write),
        target.byte_enable.eq(bus.byte_enable),
        target.write_data.eq(bus.write_data),
    ]
    with m.If(chosen):
        m.d.comb += [
            bus.ready.eq(target.ready),
            bus.error.eq(target.error),
            bus.read_data.eq(target.read_data),
        ]


def connect_weights(
    m: Module,
    folded: FoldedEngine,
    bus: wiring.PureInterface,
    registers: RegisterFile,
    engine: AnyEngine,
    idle: Value,
) -> Value:
    """Give `bus` to the registers or to the weights; returns when one of these changes.

    idle: no job runs or waits.
    """
    if not folded.reloadable:
        wiring.connect(m, wiring.flipped(bus), registers.bus)
        return Signal()
    m.submodules.weights = weights = WeightAccess(folded, len(bus.address))
    for outer, inner in zip(weights.memories, engine.memories, strict=True):
        wiring.connect(m, outer, inner)
    in_window = Signal()
    m.d.comb += [
        weights.idle.eq(idle),
        registers.port("REFUSED_ACCESSES").hardware_value.eq(weights.refusals),
        in_window.eq(bus.address >= WINDOW_BASE),
    ]
    connect_chosen(m, bus, ~in_window, registers.bus)
    connect_chosen(m, bus, in_window, weights.bus)
    return weights.stored


def soft_clear(m: Module, registers: RegisterFile) -> tuple[Signal, Signal]:
    """When SOFT_CLEAR clears the state, and when the registers."""
    state, words = Signal(name="clear_state"), Signal(name="clear_registers")
    written = registers.port("SOFT_CLEAR").written
    scope = SoftClear(registers.bus.write_data)
    m.d.comb += [state.eq(written & scope.state), words.eq(written & scope.registers)]
    return state, words


def drive_queue(
    m: Module,
    registers: RegisterFile,
    queue: JobQueue,
    last_input_written: Value,
    last_input_selected: ValueLike = 0,
    begins: Value | None = None,
) -> None:
    """Acquire, commit and trigger, by their registers or by the last input word.

    last_input_selected: a write is one of that word. begins: a job begins by a physical input, if
    there are any.
    """
    automatic = Signal(name="starts_by_last_input")
    automatically = last_input_written & registers.port("AUTOTRIGGER").value[0]
    m.d.comb += automatic.eq(automatically if begins is None else automatically | begins)
    written = registers.port("COMMIT_TRIGGER").written
    command = CommitTrigger(registers.bus.write_data)
    writes = registers.bus.valid & registers.bus.write
    asked = writes & (registers.port("COMMIT_TRIGGER").selected | last_input_selected)
    m.d.comb += [
        queue.asked.eq(asked if begins is None else asked | begins),
        queue.acquire.eq(registers.port("ACQUIRE").read & ~queue.acquired & ~queue.waiting),
        queue.commit.eq((written & command.commits) | automatic),
        queue.trigger.eq((written & command.triggers) | automatic),
    ]


def drive_interrupts(
    m: Module, registers: RegisterFile, interrupts: Interrupts, access_refused: Value
) -> None:
    """Pending interrupts, between their registers and the output."""
    pending = registers.port("INTERRUPT_PENDING")
    cleared = Mux(pending.written, registers.bus.write_data, 0)
    m.d.comb += [
        interrupts.access_refused.eq(access_refused),
        interrupts.clear.eq(cleared),
        interrupts.enable.eq(registers.port("INTERRUPT_ENABLE").value),
        pending.hardware_value.eq(interrupts.pending),
    ]


def job_identifier(queue: JobQueue) -> Value:
    """What a read of ACQUIRE gives."""
    taken = Mux(queue.waiting, ALL_TAKEN, ACQUIRED_ALREADY)
    return Mux(queue.waiting | queue.acquired, taken, queue.next_job)
