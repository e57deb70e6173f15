# SPDX-License-Identifier: Apache-2.0
"""Bytes to a serial line: a start bit, eight data bits from the lowest on, a stop bit."""

from amaranth import Cat, Const, Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.uart.receiver import BIT_CYCLES_WIDTH, DATA_BITS

BITS = DATA_BITS + 2


class UartTransmitter(ModuleComponent):
    """Sends one byte after the other.

    Attributes:
        valid: `data` is offered, and stays until it is taken.
        data: to be sent.
        ready: it is taken in this cycle.
        bit_cycles: clock cycles of a bit; does not change.
        tx: the line, from a register; high when nothing is sent.

    The start bit begins in the cycle after `ready`; a byte is taken every 10 * bit_cycles + 1
    cycles.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "valid": In(1),
                "data": In(DATA_BITS),
                "ready": Out(1),
                "bit_cycles": In(BIT_CYCLES_WIDTH),
                "tx": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Bytes to a serial line: start bit, eight data bits, stop bit.\n"
            "Latency 1 cycle to the start bit; one byte every 10 * bit_cycles + 1 cycles."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        bits = Signal(BITS, init=(1 << BITS) - 1)
        bits_left = Signal(range(BITS + 1))
        cycles_left = Signal(BIT_CYCLES_WIDTH)
        m.d.comb += [self.tx.eq(bits[0]), self.ready.eq(bits_left == 0)]
        with m.If(self.ready), m.If(self.valid):
            m.d.sync += [
                bits.eq(Cat(Const(0, 1), self.data, Const(1, 1))),
                bits_left.eq(BITS),
                cycles_left.eq(self.bit_cycles - 1),
            ]
        with m.Elif(cycles_left != 0):
            m.d.sync += cycles_left.eq(cycles_left - 1)
        with m.Else():
            m.d.sync += [
                bits.eq(Cat(bits[1:], Const(1, 1))),
                bits_left.eq(bits_left - 1),
                cycles_left.eq(self.bit_cycles - 1),
            ]
        return m
