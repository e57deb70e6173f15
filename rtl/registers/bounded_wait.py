# SPDX-License-Identifier: Apache-2.0
"""A bound on how long an access to the registers waits."""

from amaranth import Module, Mux, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.registers.register_bus import RegisterBus


class BoundedWait(ModuleComponent):
    """Passes accesses on, and refuses one that has waited `max_wait` cycles and is not done then.

    Attributes:
        access: what the attachment asks.
        registers: what the registers answer. An access that is refused here ends without their
            `ready`, so that it changes nothing.
        refused: an access is refused here in this cycle.

    Latency 0 cycles. An access takes 1 + W cycles for a register that waits W cycles, and at most
    1 + max_wait.

    max_wait: 1 or more, since a read of a weight takes two cycles and cannot be given up between.
    """

    def __init__(self, max_wait: int, address_bits: int) -> None:
        self.max_wait = max_wait
        super().__init__(
            {
                "access": In(RegisterBus(address_bits)),
                "registers": Out(RegisterBus(address_bits)),
                "refused": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Refuses an access that has waited {self.max_wait} cycles and is not done then.\n"
            "Latency 0 cycles, one access a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        access, registers = self.access, self.registers
        waited = Signal(range(self.max_wait + 1))
        waits = Signal()
        m.d.comb += [
            registers.valid.eq(access.valid),
            registers.address.eq(access.address),
            registers.write.eq(access.write),
            registers.byte_enable.eq(access.byte_enable),
            registers.write_data.eq(access.write_data),
            waits.eq(access.valid & ~registers.ready),
            self.refused.eq(waits & (waited == self.max_wait)),
            access.ready.eq(registers.ready | self.refused),
            access.error.eq(registers.error | self.refused),
            access.read_data.eq(Mux(self.refused, 0, registers.read_data)),
        ]
        m.d.sync += waited.eq(Mux(waits & ~self.refused, waited + 1, 0))
        return m
