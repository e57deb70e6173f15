# SPDX-License-Identifier: Apache-2.0
"""Bytes from a serial line: a start bit, eight data bits from the lowest on, a stop bit."""

from amaranth import Cat, Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.module_component import ModuleComponent

BIT_CYCLES_WIDTH = 16
DATA_BITS = 8
STOP_BIT = DATA_BITS + 1


class UartReceiver(ModuleComponent):
    """Takes bits in their middle.

    Attributes:
        rx: the line, of any phase; high when nothing is sent.
        bit_cycles: clock cycles of a bit, 4 or more; does not change.
        line: `rx` behind the two flip-flops that bring it to this clock.
        valid: a byte came in this cycle.
        data: that byte.
        broken: a byte came in this cycle whose stop bit is missing.

    Latency: `valid` comes bit_cycles // 2 + 9 * bit_cycles cycles after the first one in which
    `line` is low. Throughput one byte in 10 bits; bits of the sender may be 4 % longer or shorter.
    """

    def __init__(self) -> None:
        super().__init__(
            {
                "rx": In(1),
                "bit_cycles": In(BIT_CYCLES_WIDTH),
                "line": Out(1),
                "valid": Out(1),
                "data": Out(DATA_BITS),
                "broken": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Bytes from a serial line: start bit, eight data bits, stop bit.\n"
            "Latency bit_cycles // 2 + 9 * bit_cycles cycles from the start bit; one byte in "
            "10 bits."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        settling = Signal(init=1)
        settled = Signal(init=1)
        receiving = Signal()
        cycles_left = Signal(BIT_CYCLES_WIDTH)
        place = Signal(range(STOP_BIT + 1))
        m.d.sync += [settling.eq(self.rx), settled.eq(settling)]
        m.d.comb += self.line.eq(settled)
        with m.If(~receiving), m.If(~settled):
            m.d.sync += [
                receiving.eq(1),
                cycles_left.eq((self.bit_cycles >> 1) - 1),
                place.eq(0),
            ]
        with m.Elif(cycles_left != 0):
            m.d.sync += cycles_left.eq(cycles_left - 1)
        with m.Else():
            m.d.sync += [cycles_left.eq(self.bit_cycles - 1), place.eq(place + 1)]
            with m.If(place == 0):
                # A glitch that is over by the middle of the start bit is none.
                m.d.sync += receiving.eq(~settled)
            with m.Elif(place == STOP_BIT):
                m.d.sync += receiving.eq(0)
                m.d.comb += [self.valid.eq(settled), self.broken.eq(~settled)]
            with m.Else():
                m.d.sync += self.data.eq(Cat(self.data[1:], settled))
        return m
