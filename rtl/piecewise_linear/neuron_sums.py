# SPDX-License-Identifier: Apache-2.0
"""Hidden accumulators of a vector, one neuron a cycle, with what is constant of each neuron."""

from amaranth import Module, Signal, Value, signed, unsigned
from amaranth.lib import data
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.piecewise_linear.network import PiecewiseLinearNetwork
from pulsewright.hls_model.piecewise_linear.widths import PiecewiseLinearWidths
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE
from pulsewright.hls_model.schedule.piecewise_linear_timing import PiecewiseLinearTiming
from pulsewright.rtl.engine.constant_rom import packed, registered_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.product_sums import add_levels
from pulsewright.rtl.engine.shapes import lanes
from pulsewright.rtl.module_component import ModuleComponent


class NeuronConstants(data.StructLayout):
    """output_weight v. magnitude |s| and falling = (s < 0) of the accumulator's slope s a pulse.

    kink: v * |s|, what the output's slope changes by where the neuron switches.
    """

    def __init__(self, widths: PiecewiseLinearWidths) -> None:
        super().__init__(
            {
                "output_weight": signed(widths.output_weight),
                "magnitude": unsigned(widths.magnitude),
                "falling": 1,
                "kink": signed(widths.slope),
            }
        )


class NeuronSums(ModuleComponent):
    """Loads the neurons one after the other, one a cycle.

    Attributes:
        begin: load all neurons, the first in this cycle; only while none is loaded.
        codes: the vector, from `begin` to `taken`.
        taken: `codes` are not needed after this cycle.
        valid: a neuron is there, of which the following tell.
        accumulator: bias[j] + weights[j] . codes.
        constants: of the neuron.

    Latency 2 + ceil(ceil(log2(K + 1)) / 3) cycles from `begin` to the first of M cycles of `valid`.
    """

    def __init__(
        self,
        network: PiecewiseLinearNetwork,
        widths: PiecewiseLinearWidths,
        timing: PiecewiseLinearTiming,
        code_format: FixedPoint,
    ) -> None:
        self.network, self.widths, self.timing = network, widths, timing
        super().__init__(
            {
                "begin": In(1),
                "codes": In(lanes(code_format, network.weights.shape[1])),
                "taken": Out(1),
                "valid": Out(1),
                "accumulator": Out(signed(widths.accumulator)),
                "constants": Out(NeuronConstants(widths)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Hidden accumulators of a vector, one of {self.network.neurons} neurons a cycle.\n"
            f"Latency {self.timing.accumulator_stage} cycles: weights, products, sum."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        index, loading, loads = self._order(m)
        constants = self._constants(m, platform, index, loads)
        widths, inputs = self.widths, self.network.weights.shape[1]
        words = [
            packed(row, widths.weight)
            | packed([bias], widths.accumulator) << inputs * widths.weight
            for row, bias in zip(
                self.network.weights.tolist(), self.network.bias.tolist(), strict=True
            )
        ]
        word = registered_rom(
            m,
            platform,
            "weights",
            index,
            loads[0],
            words,
            inputs * widths.weight + widths.accumulator,
            "weight_word",
        )
        bias = word[inputs * widths.weight :].as_signed()
        terms: list[Value] = [
            data_register(m, loads[1], code * weight, f"product_{i}")
            for i, code in enumerate(self.codes)
            for weight in [word.word_select(i, widths.weight).as_signed()]
        ]
        terms.append(data_register(m, loads[1], bias, "bias"))
        for stage in range(self.timing.tree_stages):
            terms = [
                data_register(m, loads[2 + stage], term, f"sum{stage}_{i}")
                for i, term in enumerate(
                    add_levels(m, terms, ADDER_LEVELS_PER_STAGE, f"partial{stage}")
                )
            ]
        m.d.comb += [
            self.taken.eq(loads[1] & ~loading),
            self.valid.eq(loads[-1]),
            self.accumulator.eq(terms[0]),
            self.constants.eq(constants),
        ]
        return m

    def _order(self, m: Module) -> tuple[Signal, Value, list[Signal]]:
        """The index of the neuron, that one is loaded, and where neurons are, by stage."""
        index = Signal(range(self.network.neurons))
        more = Signal()
        loading = Signal()
        last = index == self.network.neurons - 1
        m.d.comb += loading.eq(self.begin | more)
        with m.If(loading):
            m.d.sync += [more.eq(~last), index.eq(index + 1)]
            with m.If(last):
                m.d.sync += index.eq(0)
        loads = [loading]
        for stage in range(1, self.timing.accumulator_stage + 1):
            loads.append(Signal(name=f"valid_{stage}"))
            m.d.sync += loads[stage].eq(loads[stage - 1])
        return index, loading, loads

    def _constants(self, m: Module, platform: object, index: Signal, loads: list[Signal]) -> Signal:
        """The neuron's constants, in the cycle of its accumulator."""
        network, layout = self.network, NeuronConstants(self.widths)
        late: Value = index
        for stage in range(self.timing.accumulator_stage - 1):
            late = data_register(m, loads[stage], late, f"index_{stage + 1}")
        words = [
            layout.const(
                {
                    "output_weight": weight,
                    "magnitude": abs(slope),
                    "falling": slope < 0,
                    "kink": weight * abs(slope),
                }
            )
            .as_value()
            .value
            & ((1 << layout.size) - 1)
            for weight, slope in zip(
                network.output_weights.tolist(), network.slopes.tolist(), strict=True
            )
        ]
        return registered_rom(
            m, platform, "constants", late, loads[-2], words, layout.size, "constant_word"
        )
