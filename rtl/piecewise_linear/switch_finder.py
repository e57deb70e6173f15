# SPDX-License-Identifier: Apache-2.0
"""When a hidden neuron switches: a division, two quotient bits a stage."""

from amaranth import Cat, Const, Module, Signal, Value, signed, unsigned
from amaranth.lib import data
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.widths import PiecewiseLinearWidths
from pulsewright.hls_model.schedule.piecewise_linear_timing import (
    QUOTIENT_BITS_PER_STAGE,
    PiecewiseLinearTiming,
)
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.piecewise_linear.neuron_sums import NeuronConstants


class Switch(data.StructLayout):
    """pulses: until the neuron switches, 1 or more. distance: of its accumulator from 0 then.

    output_weight, kink: see `NeuronConstants`.
    """

    def __init__(self, widths: PiecewiseLinearWidths) -> None:
        super().__init__(
            {
                "pulses": unsigned(widths.quotient + 1),
                "distance": unsigned(widths.magnitude),
                "output_weight": signed(widths.output_weight),
                "kink": signed(widths.slope),
            }
        )


class SwitchFinder(ModuleComponent):
    """pulses = floor(u / |s|) + 1 with u = acc, or -1 - acc of a neuron that is off.

    Attributes:
        valid: a neuron is there.
        accumulator: at the first pulse.
        constants: of the neuron.
        found: a neuron that switches within the pulses that there are.
        switch: when and how.

    Latency ceil(quotient bits / 2) cycles, one neuron a cycle.
    """

    def __init__(self, widths: PiecewiseLinearWidths, timing: PiecewiseLinearTiming) -> None:
        self.widths, self.timing = widths, timing
        super().__init__(
            {
                "valid": In(1),
                "accumulator": In(signed(widths.accumulator)),
                "constants": In(NeuronConstants(widths)),
                "found": Out(1),
                "switch": Out(Switch(widths)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "When a neuron switches: floor(u / |s|) + 1 pulses with u = acc or, of a neuron that "
            "is off, -1 - acc.\n"
            f"Latency {self.timing.divider_stages} cycles, one neuron a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        quotient_bits, magnitude_bits = self.widths.quotient, self.widths.magnitude
        off = self.accumulator[-1]
        away = Signal(self.widths.accumulator - 1)
        above = away[quotient_bits:]
        active = Signal()
        m.d.comb += [
            away.eq(self.accumulator[:-1] ^ off.replicate(len(away))),
            active.eq(
                self.valid & (self.constants.falling ^ off) & (above < self.constants.magnitude)
            ),
        ]
        carried = data.StructLayout(
            {
                "remainder": magnitude_bits,
                "dividend": quotient_bits,
                "quotient": quotient_bits,
                "off": 1,
                "constants": NeuronConstants(self.widths),
            }
        )
        state = Signal(carried, name="undivided")
        m.d.comb += [
            state.remainder.eq(above),
            state.dividend.eq(away[:quotient_bits]),
            state.off.eq(off),
            state.constants.eq(self.constants),
        ]
        done = 0
        for stage in range(1, self.timing.divider_stages + 1):
            count = min(QUOTIENT_BITS_PER_STAGE, quotient_bits - done)
            state, remainder, bits = self._divided(m, state, carried, count, stage)
            done += count
            if done == quotient_bits:
                return self._store(m, active, state, remainder, bits)
            active, state = self._stage(m, active, state, stage)
        raise AssertionError("the last stage stores the switch")

    def _divided(
        self, m: Module, state: Signal, carried: data.StructLayout, count: int, stage: int
    ) -> tuple[Signal, Value, Value]:
        """`count` further bits of the quotient."""
        magnitude = state.constants.magnitude
        remainder, dividend, quotient = state.remainder, state.dividend, state.quotient
        for step in range(count):
            doubled = Cat(dividend[-1], remainder)
            difference = Signal(len(doubled) + 1, name=f"difference{stage}_{step}")
            following = Signal(self.widths.magnitude, name=f"remainder{stage}_{step}")
            fits = Signal(name=f"fits{stage}_{step}")
            m.d.comb += [difference.eq(doubled - magnitude), fits.eq(~difference[-1])]
            with m.If(fits):
                m.d.comb += following.eq(difference)
            with m.Else():
                m.d.comb += following.eq(doubled)
            remainder, quotient = following, Cat(fits, quotient)[: self.widths.quotient]
            dividend = Cat(Const(0, 1), dividend)[: self.widths.quotient]
        divided = Signal(carried, name=f"divided_{stage}")
        m.d.comb += [
            divided.eq(state),
            divided.remainder.eq(remainder),
            divided.dividend.eq(dividend),
            divided.quotient.eq(quotient),
        ]
        return divided, remainder, quotient

    def _stage(self, m: Module, active: Signal, state: Signal, stage: int) -> tuple[Signal, Signal]:
        """A register; only neurons that switch are divided."""
        valid = Signal(name=f"dividing_{stage}")
        register = Signal(state.shape(), name=f"stage_{stage}", reset_less=True)
        m.d.sync += valid.eq(active)
        with m.If(active):
            m.d.sync += register.eq(state)
        return valid, register

    def _store(
        self, m: Module, active: Signal, state: Signal, remainder: Value, quotient: Value
    ) -> Module:
        """The last register: pulses, and the distance |s| - remainder - off."""
        switch = Signal(Switch(self.widths), reset_less=True)
        distance = Cat(Const(1, 1), state.constants.magnitude) + Cat(~state.off, ~remainder)
        m.d.sync += self.found.eq(active)
        with m.If(active):
            m.d.sync += [
                switch.pulses.eq(quotient + 1),
                switch.distance.eq(distance[1:]),
                switch.output_weight.eq(state.constants.output_weight),
                switch.kink.eq(state.constants.kink),
            ]
        m.d.comb += self.switch.eq(switch)
        return m
