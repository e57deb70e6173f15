# SPDX-License-Identifier: Apache-2.0
"""What is pending, and the level interrupt that tells of it."""

from amaranth import Cat, Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent

# As in INTERRUPT_PENDING and INTERRUPT_ENABLE.
INTERRUPTS = ("job_ended", "fifo_not_empty", "access_refused")


class Interrupts(ModuleComponent):
    """Bits that stay set until software clears them, and a level for those that are enabled.

    Attributes:
        job_ended: a job ends in this cycle.
        fifo_not_empty: the result FIFO holds a result.
        access_refused: an access is refused in this cycle.
        clear: bits of `pending` to be cleared. A bit that is set in the same cycle stays set.
        clear_all: clear all of them, in a cycle in which none is set.
        enable: those that `irq` tells of.
        pending: in the order of `INTERRUPTS`. FIFO_NOT_EMPTY is `fifo_not_empty` itself, so that
            no clear loses a result that is left.
        irq: high while a pending bit is enabled; from a register, and low in reset.
        unsettled: `irq` changes at the next clock edge, which must come.

    Latency from the cycle of the cause: `pending` 1 cycle (FIFO_NOT_EMPTY 0), `irq` one more.
    """

    def __init__(self) -> None:
        count = len(INTERRUPTS)
        super().__init__(
            {
                **{name: In(1) for name in INTERRUPTS},
                "clear": In(count),
                "clear_all": In(1),
                "enable": In(count),
                "pending": Out(count),
                "irq": Out(1),
                "unsettled": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Pending interrupts, and the level that tells of those that are enabled.\n"
            "Latency 1 cycle from a cause to its pending bit, 2 to irq."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        raised = Signal()
        bits = []
        for name, clears in zip(INTERRUPTS, self.clear, strict=True):
            cause = getattr(self, name)
            if name == "fifo_not_empty":
                bits.append(cause)
                continue
            bit = Signal(name=f"{name}_pending")
            m.d.sync += bit.eq(cause | (bit & ~clears & ~self.clear_all))
            bits.append(bit)
        m.d.comb += [
            self.pending.eq(Cat(bits)),
            raised.eq((self.pending & self.enable).any()),
            self.unsettled.eq(raised != self.irq),
        ]
        m.d.sync += self.irq.eq(raised)
        return m
