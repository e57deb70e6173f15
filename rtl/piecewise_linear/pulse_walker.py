# SPDX-License-Identifier: Apache-2.0
"""The pulses at which the output is computed: all of them, or knots and the ends of blocks."""

from amaranth import Cat, Const, Module, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.widths import BLOCK_PULSES, PiecewiseLinearWidths
from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.piecewise_linear.corrections import PLACE_BITS


class PulseWalker(ModuleComponent):
    """Goes from stop to stop; the first one is looked for two cycles after `restart`.

    Attributes:
        restart: begin behind pulse `after`.
        every_pulse: with `restart`, stop at every pulse until a stop that there were without it.
        after: the pulse that has been computed last.
        dense: stop at every pulse.
        further: the last stop.
        halt: there are no further stops.
        move: the stop is taken.
        fetch, fetch_block: read the knots of a block.
        knots: of the block that was fetched last.
        stops: there is a stop.
        pulse: at which it is.
        jump: pulses from the stop before, 1 to 8.
        has_knot: neurons switch there.

    One stop a cycle; no two stops are more than a block of 8 pulses apart.
    """

    def __init__(self, widths: PiecewiseLinearWidths) -> None:
        self.widths = widths
        blocks = range(widths.blocks)
        super().__init__(
            {
                "restart": In(1),
                "every_pulse": In(1),
                "after": In(widths.offset),
                "dense": In(1),
                "further": In(widths.offset),
                "halt": In(1),
                "move": In(1),
                "fetch": Out(1),
                "fetch_block": Out(blocks),
                "knots": In(BLOCK_PULSES),
                "stops": Out(1),
                "pulse": Out(widths.offset),
                "jump": Out(PLACE_BITS + 1),
                "has_knot": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "From stop to stop, one a cycle: all pulses, or those with knots and the last of "
            f"each block of {BLOCK_PULSES}.\n"
            "The first stop comes two cycles after a restart."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        fetching = Signal()
        block = Signal(range(self.widths.blocks))
        passed = Signal(PLACE_BITS, name="places_passed")
        knots = Signal(BLOCK_PULSES, name="block_knots", reset_less=True)
        following = Signal(self.widths.offset, name="following_pulse")
        takes, leaves = Signal(), Signal(name="leaves_block")
        single = Signal(name="every_pulse_on")
        place, ends, is_coarse = self._next_stop(m, block, passed, knots, single)
        m.d.comb += [
            following.eq(self.after + 1),
            takes.eq(self.stops & self.move),
            leaves.eq(place == BLOCK_PULSES - 1),
            self.fetch.eq(self.restart | fetching | (takes & leaves)),
            self.fetch_block.eq(block + 1 + ~fetching),
        ]
        with m.If(self.restart):
            m.d.comb += self.fetch_block.eq(following[PLACE_BITS:])
        m.d.sync += fetching.eq(self.restart)
        with m.If(self.restart):
            m.d.sync += [
                self.stops.eq(0),
                block.eq(following[PLACE_BITS:]),
                passed.eq(following[:PLACE_BITS]),
            ]
        with m.Elif(self.halt):
            m.d.sync += [self.stops.eq(0), fetching.eq(0)]
        with m.Elif(fetching):
            m.d.sync += [self.stops.eq(1), knots.eq(self.knots)]
        with m.Elif(takes):
            m.d.sync += [self.stops.eq(~ends), passed.eq(place + 1)]
            with m.If(leaves):
                m.d.sync += [block.eq(block + 1), knots.eq(self.knots)]
        with m.If(self.restart):
            m.d.sync += single.eq(self.every_pulse)
        with m.Elif(takes & is_coarse):
            m.d.sync += single.eq(0)
        return m

    def _next_stop(
        self, m: Module, block: Signal, passed: Signal, knots: Signal, single: Signal
    ) -> tuple[Signal, Value, Value]:
        """Place of the stop in its block, whether it is the last, and one without `dense`."""
        in_last = Signal(name="in_last_block")
        stop, place = Signal(PLACE_BITS, name="coarse_stop"), Signal(PLACE_BITS)
        last_place = self.further[:PLACE_BITS]
        m.d.comb += [in_last.eq(block == self.further[PLACE_BITS:]), stop.eq(BLOCK_PULSES - 1)]
        for candidate in reversed(range(BLOCK_PULSES - 1)):
            with m.If(knots[candidate] & (passed <= candidate)):
                m.d.comb += stop.eq(candidate)
        every = self.dense | single
        m.d.comb += place.eq(stop)
        with m.If(every):
            m.d.comb += place.eq(passed)
        with m.Elif(in_last & (last_place < stop)):
            m.d.comb += place.eq(last_place)
        m.d.comb += [
            self.pulse.eq(Cat(place, block)),
            self.jump.eq(Cat(place, Const(0, 1)) - passed + 1),
            self.has_knot.eq(select(place, list(knots))),
        ]
        ends = in_last & (place == last_place)
        return place, ends, (place == stop) | ends
