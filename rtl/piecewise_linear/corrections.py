# SPDX-License-Identifier: Apache-2.0
"""What switches change at each pulse: a memory of sums, and a bit for each pulse that has any."""

from amaranth import Cat, Module, Signal, Value, signed
from amaranth.lib import data
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.widths import BLOCK_PULSES, PiecewiseLinearWidths
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.memory_1r1w import TwoPortMemory
from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.piecewise_linear.switch_finder import Switch

PLACE_BITS = BLOCK_PULSES.bit_length() - 1


class Correction(data.StructLayout):
    """value: of the output at a pulse. slope: of its slope from there on."""

    def __init__(self, widths: PiecewiseLinearWidths) -> None:
        super().__init__({"value": signed(widths.slope), "slope": signed(widths.slope)})


class Corrections(ModuleComponent):
    """Adds the corrections of all switches of a pulse, and gives them back by pulse.

    Attributes:
        clear: forget all; before the first switch is stored, in a cycle without one.
        store: `switch` is stored. Its sum is written a cycle later.
        switch: its pulses are at most those of the curve.
        fetch: read the switches of a block; not while `store`.
        fetch_block: number of the block.
        knots: of the block that was fetched last, from the cycle after it on: a bit a pulse.
        read: read the correction of pulse `read_pulse`; not while switches are stored.
        correction: it, from the next cycle on; anything of a pulse without a knot.

    Nothing is cleared word by word: a block is clear until its first switch is stored, and a pulse
    whose knot is not set has no correction. Latency 2 cycles from `store`, one switch a cycle.
    """

    def __init__(self, widths: PiecewiseLinearWidths) -> None:
        self.widths = widths
        super().__init__(
            {
                "clear": In(1),
                "store": In(1),
                "switch": In(Switch(widths)),
                "fetch": In(1),
                "fetch_block": In(range(widths.blocks)),
                "knots": Out(BLOCK_PULSES),
                "read": In(1),
                "read_pulse": In(widths.offset),
                "correction": Out(Correction(widths)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "Sums of what switches change at each pulse, and a bit for each pulse that has any.\n"
            "Latency 2 cycles from a switch to its sum, 1 cycle of a read."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        stored = Signal(name="adding")
        m.d.sync += stored.eq(self.store)
        arriving = Signal(self.widths.offset, name="arriving_pulse")
        m.d.comb += arriving.eq(self.switch.pulses)
        pulse = data_register(m, self.store, arriving, "pulse")
        self._add_knot(m, stored, arriving, pulse)
        self._add_correction(m, stored, arriving, pulse)
        return m

    def _add_knot(self, m: Module, stored: Signal, arriving: Signal, pulse: Signal) -> None:
        """Read the word of the block, set the bit of the pulse, and write it."""
        m.submodules.knot_words = memory = TwoPortMemory(self.widths.blocks, 1, BLOCK_PULSES)
        used = Signal(self.widths.blocks, name="blocks_used")
        reads, block = Signal(name="reads_knots"), Signal(range(self.widths.blocks))
        m.d.comb += [
            reads.eq(self.store | self.fetch),
            block.eq(arriving[PLACE_BITS:]),
        ]
        with m.If(self.fetch):
            m.d.comb += block.eq(self.fetch_block)
        number = data_register(m, reads, block, "block_read")
        # The word that is written in this cycle is not read, but kept.
        kept = data_register(m, reads, stored & (block == pulse[PLACE_BITS:]), "knots_kept")
        written = Signal(BLOCK_PULSES, name="knots_written")
        before = data_register(m, stored, written, "knots_before")
        with m.If(select(number, list(used))):
            m.d.comb += self.knots.eq(memory.read_data)
            with m.If(kept):
                m.d.comb += self.knots.eq(before)
        m.d.comb += [
            written.eq(self.knots | (1 << pulse[:PLACE_BITS])),
            memory.read_enable.eq(reads & ~(stored & (block == pulse[PLACE_BITS:]))),
            memory.read_address.eq(block),
            memory.write_enable.eq(stored),
            memory.write_address.eq(pulse[PLACE_BITS:]),
            memory.write_data.eq(written),
        ]
        with m.If(self.clear):
            m.d.sync += used.eq(0)
        with m.Elif(stored):
            m.d.sync += used.bit_select(number, 1).eq(1)

    def _add_correction(self, m: Module, stored: Signal, arriving: Signal, pulse: Signal) -> None:
        """Read the sums of the pulse, add those of the switch, and write them."""
        layout, width = Correction(self.widths), self.widths.slope
        m.submodules.sums = memory = TwoPortMemory(1 << self.widths.offset, 1, layout.size)
        again = Signal(name="same_pulse")
        m.d.comb += again.eq(stored & (arriving == pulse))
        kept = data_register(m, self.store, again, "sums_kept")
        product = self.switch.output_weight * self.switch.distance
        value = data_register(m, self.store, product, "value")
        slope = data_register(m, self.store, self.switch.kink, "slope")
        sums = Signal(layout, name="sums_written")
        before = data_register(m, stored, sums.as_value(), "sums_before")
        base = Signal(layout, name="sums_read")
        with m.If(select(pulse[:PLACE_BITS], list(self.knots))):
            m.d.comb += base.eq(memory.read_data)
            with m.If(kept):
                m.d.comb += base.eq(before)
        m.d.comb += [
            sums.value.eq((base.value + value)[:width]),
            sums.slope.eq((base.slope + slope)[:width]),
            memory.read_enable.eq((self.store & ~again) | self.read),
            memory.read_address.eq(_chosen(m, self.read, self.read_pulse, arriving)),
            memory.write_enable.eq(stored),
            memory.write_address.eq(pulse),
            memory.write_data.eq(Cat(sums)),
            self.correction.eq(memory.read_data),
        ]


def _chosen(m: Module, first: Value, one: Value, other: Value) -> Signal:
    address = Signal.like(one, name="pulse_read")
    m.d.comb += address.eq(other)
    with m.If(first):
        m.d.comb += address.eq(one)
    return address
