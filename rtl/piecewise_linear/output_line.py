# SPDX-License-Identifier: Apache-2.0
"""The output and its slope: sums over neurons first, then over pulses, with one multiplier."""

from amaranth import Cat, Const, Module, Mux, Signal, signed
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.widths import PiecewiseLinearWidths
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.separate_sum import separate_sum
from pulsewright.rtl.module_component import ModuleComponent
from pulsewright.rtl.piecewise_linear.corrections import PLACE_BITS, Correction
from pulsewright.rtl.piecewise_linear.neuron_sums import NeuronConstants


class OutputLine(ModuleComponent):
    """value + slope * pulses, until the next knot.

    Attributes:
        clear: begin with the bias and no slope.
        adds: add a neuron with `accumulator` and `constants`; it is in `following` a cycle later,
            when `value` takes it.
        moves: go `jump` pulses on; the slope changes by `correction` where `has_knot`. It is in
            `following` from the next cycle on, until `value` takes it.
        takes: `value` takes `following`; after `moves` alone.
        returns: the slope is again what it was before `moves`; `value` did not take it.
        following: the output after the last of these.
        value: the output.
        may_peak: the slope was not negative before `moves`, and is now.

    Latency 1 cycle from `adds` or `moves` to `following`.
    """

    def __init__(self, bias: int, widths: PiecewiseLinearWidths) -> None:
        self.bias, self.widths = bias, widths
        super().__init__(
            {
                "clear": In(1),
                "adds": In(1),
                "accumulator": In(signed(widths.accumulator)),
                "constants": In(NeuronConstants(widths)),
                "moves": In(1),
                "jump": In(PLACE_BITS + 1),
                "has_knot": In(1),
                "correction": In(Correction(widths)),
                "takes": In(1),
                "returns": In(1),
                "following": Out(signed(widths.output)),
                "value": Out(signed(widths.output)),
                "may_peak": Out(1),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            "The output and its slope a pulse, from hidden neurons and then from knot to knot.\n"
            "Latency 1 cycle; one neuron or one stop a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        added = Signal()
        m.d.sync += added.eq(self.adds)
        slope = Signal(signed(self.widths.slope))
        product = self._product(m, slope)
        step = Signal(signed(self.widths.slope), name="value_at_knot")
        with m.If(self.clear):
            m.d.sync += [step.eq(0), self.value.eq(self.bias)]
        with m.Elif(self.moves):
            m.d.sync += step.eq(Mux(self.has_knot, self.correction.value, 0))
        change = separate_sum(m, product, step, "change")
        m.d.comb += self.following.eq(self.value + change)
        with m.If(added | self.takes):
            m.d.sync += self.value.eq(self.following)
        self._add_to_slope(m, slope, added)
        return m

    def _product(self, m: Module, slope: Signal) -> Signal:
        """Output weight times activation, or pulses times slope."""
        is_on = ~self.accumulator[-1]
        weight = Signal(signed(max(self.widths.output_weight, PLACE_BITS + 2)), name="factor")
        operand = Signal(signed(max(self.widths.accumulator, self.widths.slope)))
        with m.If(self.adds):
            m.d.comb += [
                weight.eq(self.constants.output_weight),
                operand.eq(Mux(is_on, self.accumulator, 0)),
            ]
        with m.Else():
            m.d.comb += [weight.eq(self.jump), operand.eq(slope)]
        return data_register(m, self.adds | self.moves, weight * operand, "product")

    def _add_to_slope(self, m: Module, slope: Signal, added: Signal) -> None:
        """The sum of the slopes of the neurons that are on."""
        constants = self.constants
        falls = constants.falling & ~self.accumulator[-1]
        kink = Mux(~self.accumulator[-1], constants.kink ^ falls.replicate(self.widths.slope), 0)
        # Minus a kink is its complement and one.
        term = data_register(m, self.adds, kink[: self.widths.slope], "slope_term")
        carry = data_register(m, self.adds, falls, "slope_carry")
        addend = Signal(self.widths.slope, name="slope_addend")
        with m.If(added):
            m.d.comb += addend.eq(term)
        with m.Elif(self.has_knot):
            m.d.comb += addend.eq(self.correction.slope)
        total = Cat(Const(1, 1), slope) + Cat(added & carry, addend)
        before = data_register(m, self.moves, slope, "slope_before")
        with m.If(self.clear):
            m.d.sync += slope.eq(0)
        with m.Elif(self.returns):
            m.d.sync += slope.eq(before)
        with m.Elif(added | self.moves):
            m.d.sync += slope.eq(total[1 : 1 + self.widths.slope])
        m.d.comb += self.may_peak.eq(~before[-1] & slope[-1])
