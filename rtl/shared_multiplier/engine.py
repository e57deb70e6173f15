# SPDX-License-Identifier: Apache-2.0
"""The engine whose one multiplier and one adder both layers share."""

from typing import NamedTuple

import numpy as np
from amaranth import Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.shared_multiplier_network import check_shared_multiplier
from pulsewright.hls_model.schedule.shared_multiplier_table import (
    StepTable,
    operand_format,
    step_table,
)
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming
from pulsewright.rtl.engine.constant_rom import packed, registered_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.requantiser import activate
from pulsewright.rtl.engine.shapes import format_text, lane_stream, shape_of
from pulsewright.rtl.engine.step_counter import StepCounter, select
from pulsewright.rtl.module_component import ModuleComponent


class _Step(NamedTuple):
    """valid: there is a step. outputs: it is one of an output; ends_pass, ends: the last of them.

    The others are low without `valid`.
    """

    valid: Value
    outputs: Value
    ends_pass: Value
    ends: Value

    def behind(self, m: Module, stage: str) -> "_Step":
        """The same a cycle later."""
        later = _Step(*(Signal(name=f"{stage}_{name}") for name in self._fields))
        m.d.sync += [register.eq(value) for register, value in zip(later, self, strict=True)]
        return later


class SharedMultiplierEngine(ModuleComponent):
    """Takes vectors of K input codes, gives vectors of N output accumulators.

    Attributes:
        vector: input codes, one beat, held until they are taken: with the last step.
        result: outputs, one beat.

    A vector takes M + 1 passes of max(K, 2) + N steps, one a cycle. The first steps of a pass
    multiply the inputs with the weights of one hidden neuron, the others the code of the neuron
    before with its N output weights: while a code is made, the next neuron is summed. So hidden
    neurons have one accumulator together, and all that is kept of them is one code.

    Latency (M + 1) * (max(K, 2) + N) + 3 cycles; II one cycle more, since one vector is in the
    engine at a time.

    Raises:
        PulsewrightError: the network is none of `check_shared_multiplier`.
    """

    def __init__(self, model: IntegerMlp) -> None:
        check_shared_multiplier(model)
        self.model = model
        inputs, neurons, outputs = model.sizes
        self.timing = SharedMultiplierTiming(inputs=inputs, neurons=neurons, outputs=outputs)
        super().__init__(
            {
                "vector": In(lane_stream(model.input_format, inputs)),
                "result": Out(lane_stream(model.output_format, outputs)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        timing, (hidden, output) = self.timing, self.model.layers
        return (
            f"The engine: one multiplier for the {timing.neurons} hidden neurons and "
            f"{timing.outputs} outputs.\n"
            f"Formats: inputs {format_text(hidden.input_format)}, codes of hidden neurons "
            f"{format_text(hidden.result_format)}, results {format_text(output.result_format)}.\n"
            f"A pass sums the inputs of one hidden neuron, then adds the products of the neuron "
            "before to the outputs.\n"
            f"{timing.neurons} + 1 passes of {timing.input_steps} + {timing.outputs} steps, one a "
            f"cycle: latency {timing.latency} cycles from a vector to its result, initiation "
            f"interval {timing.initiation_interval}."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        table = step_table(self.model, self.timing)
        begins = Signal()
        row = StepCounter("row", self.timing.steps)
        valid = self._issue(m, begins, row)
        word = registered_rom(
            m, platform, "weight_rom", row.index, valid, _words(table), table.width, "weights"
        )
        place = StepCounter("place", self.timing.pass_steps)
        fetched = self._fetched(m, valid, row, place)
        code = Signal(shape_of(self.model.layers[0].result_format))
        operand = data_register(m, fetched.valid, self._operand(m, place, code), "operand")
        weight, start = (
            data_register(m, fetched.valid, field.as_signed(), name)
            for name, field in (
                ("weight", word[: table.weight_width]),
                ("start", word[table.weight_width :]),
            )
        )
        loaded = fetched.behind(m, "loaded")
        product = data_register(m, loaded.valid, operand * weight, "product")
        self._accumulate(m, begins, loaded.behind(m, "multiplied"), product, start, code)
        return m

    def _issue(self, m: Module, begins: Signal, row: StepCounter) -> Value:
        """Rows are read from the first cycle of a vector on, one a cycle; whether one is."""
        busy, running = Signal(name="busy"), Signal(name="running")
        valid = Signal(name="reads")
        m.d.comb += [
            begins.eq(self.vector.valid & ~busy),
            valid.eq(begins | running),
            self.vector.ready.eq(valid & row.last),
        ]
        row.advance(m, valid)
        with m.If(begins):
            m.d.sync += [busy.eq(1), running.eq(1)]
        with m.Elif(self.vector.ready):
            m.d.sync += running.eq(0)
        with m.If(self.result.valid & self.result.ready):
            m.d.sync += busy.eq(0)
        return valid

    def _fetched(self, m: Module, reads: Value, row: StepCounter, place: StepCounter) -> _Step:
        """The step whose row has been read."""
        valid, ends = Signal(name="fetched_valid"), Signal(name="fetched_ends")
        m.d.sync += [valid.eq(reads), ends.eq(reads & row.last)]
        place.advance(m, valid)
        outputs = valid & (place.index >= self.timing.input_steps)
        return _Step(valid, outputs, valid & place.last, ends)

    def _operand(self, m: Module, place: StepCounter, code: Value) -> Value:
        """The input of the step, or the code of the neuron before."""
        operands: list[Value] = [code] * self.timing.pass_steps
        operands[: self.timing.inputs] = self.vector.payload
        chosen = Signal(shape_of(operand_format(self.model)), name="chosen")
        m.d.comb += chosen.eq(select(place.index, operands))
        return chosen

    def _accumulate(
        self,
        m: Module,
        begins: Value,
        step: _Step,
        product: Value,
        start: Value,
        code: Signal,
    ) -> None:
        """The hidden neuron's sum, its code, and the outputs, which pass by the adder in turn."""
        hidden, output = self.model.layers
        accumulator = Signal(
            shape_of(hidden.accumulator_format), name="accumulator", reset_less=True
        )
        outputs = [
            Signal(shape_of(output.accumulator_format), name=f"output_{number}", reset_less=True)
            for number in range(self.timing.outputs)
        ]
        # A sum is 0 where it starts, so that its start needs no multiplexer.
        widest = max((accumulator.shape(), outputs[0].shape()), key=lambda shape: shape.width)
        total = Signal(widest, name="total")
        kept = Signal(widest, name="kept")
        m.d.comb += [
            kept.eq(Mux(step.outputs, outputs[0], accumulator)),
            total.eq((kept | start).as_signed() + product),
        ]
        with m.If(begins | step.ends_pass):
            m.d.sync += accumulator.eq(0)
        with m.Elif(step.valid & ~step.outputs):
            m.d.sync += accumulator.eq(total)
        made = activate(m, accumulator, hidden, "code")
        with m.If(step.ends_pass):
            m.d.sync += code.eq(made)
        with m.If(begins):
            m.d.sync += [one.eq(0) for one in outputs]
        with m.Elif(step.outputs):
            following = [*outputs[1:], total]
            m.d.sync += [one.eq(value) for one, value in zip(outputs, following, strict=True)]
        with m.If(step.ends):
            m.d.sync += self.result.valid.eq(1)
        with m.Elif(self.result.ready):
            m.d.sync += self.result.valid.eq(0)
        m.d.comb += [
            lane.eq(value) for lane, value in zip(self.result.payload, outputs, strict=True)
        ]


def _words(table: StepTable) -> list[int]:
    """The weight of each step in the low bits, above it the start of the step before.

    That one is added when the step is in the registers of the operands. The last step has none, so
    that nothing is missing behind the last word.
    """
    starts = np.roll(table.starts, 1)
    return [
        packed([weight], table.weight_width)
        | packed([start], table.start_width) << table.weight_width
        for weight, start in zip(table.weights.tolist(), starts.tolist(), strict=True)
    ]
