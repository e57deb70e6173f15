# SPDX-License-Identifier: Apache-2.0
"""What a bus driver does to a coprocessor, told to the cover points."""

from typing import Any

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.registers.register_map import RegisterMap
from pulsewright.sim.coverage.functional.accesses import AccessCoverage
from pulsewright.sim.coverage.functional.interrupts import InterruptCoverage
from pulsewright.sim.coverage.functional.queue import (
    QueueCoverage,
    QueueEvent,
    QueueState,
    Start,
    has_queue,
    queue_event,
)

# What is kept of a job's description until the next write, clear or reset.
_KEPT = ("JOB", "AUTOTRIGGER", "INTERRUPT_ENABLE")
_CLEARS_REGISTERS = (0, 2)


class DriverCoverage:
    """Follows every access of a driver.

    coprocessor: its handle in the simulator. sweeps, stands_still: as of `QueueCoverage`.
    byte_addresses: whether its port can be misaligned.
    """

    def __init__(
        self,
        registers: RegisterMap,
        coprocessor: Any,
        *,
        sweeps: bool,
        stands_still: bool,
        byte_addresses: bool,
    ) -> None:
        self.accesses = AccessCoverage(registers, byte_addresses)
        self._interrupts = InterruptCoverage(registers["INTERRUPT_ENABLE"].storage)
        self._queue: QueueCoverage | None = None
        if has_queue(registers):
            self._queue = QueueCoverage(
                coprocessor.job_queue, sweeps=sweeps, stands_still=stands_still
            )
        self._last_input = registers.input_addresses[-1]
        self._registers = registers
        self._values: dict[str, int] = {}
        self._forget()
        self._was_reset = False
        # State before the first of the writes that are queued and not answered yet.
        self._before_queued: QueueState | None = None

    def state(self) -> QueueState | None:
        """Of the queue, before an access; None where it is not known."""
        if self._queue is None or not self._was_reset or self._before_queued is not None:
            return None
        return self._queue.state()

    def reset(self, state: QueueState | None) -> None:
        """A reset in a state."""
        self._count(state, QueueEvent.RESET)
        self._forget()
        self._was_reset, self._before_queued = True, None

    def queued(self, address: int, data: int) -> None:
        """A write is queued that nobody waits for, and that is answered without an error."""
        if self._before_queued is None:
            self._before_queued = self.state()
        self._written(self._before_queued, address, data)

    def write(
        self, state: QueueState | None, address: int, data: int, byte_enable: int, *, refused: bool
    ) -> None:
        """A write was answered. state: before it."""
        self._before_queued = None
        self.accesses.write(address, byte_enable, refused=refused)
        event = queue_event(self.accesses.name(address), data, write=True)
        if event is not None and byte_enable == WHOLE_WORD:
            self._count(state, event)
        if not refused:
            self._took(state, address, data)

    def read(self, state: QueueState | None, address: int, data: int, *, refused: bool) -> None:
        """A read was answered. state: before it."""
        self._before_queued = None
        self.accesses.read(address, refused=refused)
        name = self.accesses.name(address)
        event = queue_event(name, data, write=False)
        if event is not None:
            self._count(state, event)
        if name == "INTERRUPT_PENDING":
            self._interrupts.pending(data)

    def _written(self, state: QueueState | None, address: int, data: int) -> None:
        self.accesses.write(address, WHOLE_WORD, refused=False)
        self._took(state, address, data)

    def _took(self, state: QueueState | None, address: int, data: int) -> None:
        """A write took effect."""
        name = self.accesses.name(address)
        if name == "SOFT_CLEAR" and data in _CLEARS_REGISTERS:
            self._forget()
        if name in _KEPT:
            self._values[name] = data
        if name == "INTERRUPT_ENABLE":
            self._interrupts.enable(data)
        if self._queue is None or state is None:
            return
        start = None
        if name == "COMMIT_TRIGGER":
            start = {0: Start.AT_ONCE, 1: Start.LATER}.get(data)
        if address == self._last_input and self._values["AUTOTRIGGER"] & 1:
            start = Start.AUTOMATIC
        if start is not None:
            self._queue.job(self._values["JOB"], start, state.running)

    def _count(self, state: QueueState | None, event: QueueEvent) -> None:
        if self._queue is not None and state is not None:
            self._queue.event(state, event)

    def _forget(self) -> None:
        """Registers are what they are after a reset."""
        names = {one.name: one.reset for one in self._registers.registers}
        self._values = {name: names.get(name, 0) for name in _KEPT}
        self._interrupts.enable(self._values["INTERRUPT_ENABLE"])
