# SPDX-License-Identifier: Apache-2.0
"""One folded dense layer with constant weights: multiply, add, accumulate, requantise."""

import numpy as np
from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from hls_model.dense_layer import DenseLayer
from hls_model.fixed_point import IntegerArray
from hls_model.folding import ADDER_LEVELS_PER_STAGE, FoldedLayer
from rtl.engine.elastic_stage import ElasticStage
from rtl.engine.requantiser import activate
from rtl.engine.shapes import lane_stream, shape_of
from rtl.engine.step_counter import StepCounter, select


class DenseUnit(wiring.Component):
    """Multiplies `simd` operands with the weights of `pe` neurons in every step.

    operands: one beat a step, ceil(M/pe) * ceil(K/simd) steps a vector, group after group.
    results: one beat of `pe` activations (or output accumulators) a group.

    With scales per channel every lane accumulates at its neuron's own scale, and its shift to the
    common one lies behind the accumulator: wiring where all neurons of a lane have the same, else
    a multiplexer. Neither takes a cycle.

    Latency folded.pipeline_depth = 3 + ceil(ceil(log2 simd) / 3) + hidden cycles from a group's
    last step to its result; throughput one step a cycle. The pipeline is elastic: it stalls
    without loss under backpressure, and idle registers hold still.
    """

    def __init__(self, layer: DenseLayer, folded: FoldedLayer) -> None:
        self.layer = layer
        self.folded = folded
        super().__init__(
            {
                "operands": In(lane_stream(layer.input_format, folded.simd)),
                "results": Out(lane_stream(layer.result_format, folded.pe)),
            }
        )

    def _padded_weights(self) -> IntegerArray:
        """Weights (groups, pe, steps, simd), zero in the lanes past the layer's edges."""
        folded = self.folded
        padded = np.zeros(
            (folded.neuron_groups * folded.pe, folded.input_steps * folded.simd), dtype=np.int64
        )
        padded[: folded.neurons, : folded.inputs] = self.layer.weights
        return padded.reshape(folded.neuron_groups, folded.pe, folded.input_steps, folded.simd)

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        folded = self.folded
        stage_names = ["operand", "multiply"]
        stage_names += [f"adder_tree{i}" for i in range(folded.adder_tree_stages)]
        stage_names += ["accumulate"]
        if self.layer.relu:
            stage_names += ["activate"]
        stages = {name: ElasticStage(name) for name in stage_names}
        order = list(stages.values())
        offered = [self.operands.valid, *(stage.valid for stage in order)]
        taken = [*(stage.ready for stage in order[1:]), self.results.ready]

        accumulate_step = StepCounter("accumulate_step", folded.input_steps)
        for stage, valid, ready in zip(order, offered, taken, strict=False):
            completes = accumulate_step.last if stage is stages["accumulate"] else 1
            stage.connect(m, valid, ready, completes)
        m.d.comb += [
            self.operands.ready.eq(order[0].ready),
            self.results.valid.eq(order[-1].valid),
        ]

        products = self._multiply(m, stages)
        sums = self._adder_tree(m, stages, products)
        group = StepCounter("group", folded.neuron_groups)
        accumulators = self._accumulate(m, stages["accumulate"], accumulate_step, group, sums)
        if any(self.layer.channel_shifts):
            accumulators = self._align(m, stages["accumulate"], group, accumulators)
        if self.layer.relu:
            self._activate(m, stages["activate"], accumulators)
        else:
            m.d.comb += [
                self.results.payload[lane].eq(accumulator)
                for lane, accumulator in enumerate(accumulators)
            ]
        return m

    def _multiply(self, m: Module, stages: dict[str, ElasticStage]) -> list[list[Value]]:
        """Operand and product registers; products[pe][simd]."""
        folded, layer = self.folded, self.layer
        weights = self._padded_weights()
        weight_shape = shape_of(layer.weight_format)
        operand = Signal.like(self.operands.payload, name="operand", reset_less=True)
        with m.If(stages["operand"].load):
            m.d.sync += operand.eq(self.operands.payload)

        lane_weights: list[list[Value]]
        if folded.cycles == 1:
            lane_weights = [
                [Const(int(weights[0, lane, 0, i]), weight_shape) for i in range(folded.simd)]
                for lane in range(folded.pe)
            ]
        else:
            step = StepCounter("weight_step", folded.cycles)
            step.advance(m, stages["operand"].load)
            # One row a step, in the order of the steps: group, then inputs.
            rows = weights.transpose(0, 2, 1, 3).reshape(folded.cycles, -1)
            words = [Cat(Const(int(w), weight_shape) for w in row) for row in rows]
            selected = select(step.index, words)
            word = _register(m, stages["operand"].load, selected, "weights")
            flat = [
                word[i * weight_shape.width : (i + 1) * weight_shape.width].as_signed()
                for i in range(folded.multipliers)
            ]
            lane_weights = [
                flat[lane * folded.simd : (lane + 1) * folded.simd] for lane in range(folded.pe)
            ]

        load = stages["multiply"].load
        return [
            [
                _register(m, load, operand[i] * lane_weights[lane][i], f"product_{lane}_{i}")
                for i in range(folded.simd)
            ]
            for lane in range(folded.pe)
        ]

    def _adder_tree(
        self, m: Module, stages: dict[str, ElasticStage], terms: list[list[Value]]
    ) -> list[Value]:
        """One sum a neuron, registered every few levels."""
        for number in range(self.folded.adder_tree_stages):
            load = stages[f"adder_tree{number}"].load
            reduced = [_add_levels(lane, ADDER_LEVELS_PER_STAGE) for lane in terms]
            terms = [
                [
                    _register(m, load, value, f"sum{number}_{lane}_{i}")
                    for i, value in enumerate(values)
                ]
                for lane, values in enumerate(reduced)
            ]
        return [lane[0] for lane in terms]

    def _accumulate(
        self,
        m: Module,
        stage: ElasticStage,
        step: StepCounter,
        group: StepCounter,
        sums: list[Value],
    ) -> list[Value]:
        """Bias plus the sums of a group's steps, exact modulo the accumulator's width.

        group: the group that the stage loads, one ahead of what it holds once it is complete.
        """
        folded, layer = self.folded, self.layer
        step.advance(m, stage.load)
        group.advance(m, stage.load & step.last)
        shape = shape_of(layer.accumulator_format)
        bias = np.zeros(folded.neuron_groups * folded.pe, dtype=np.int64)
        bias[: folded.neurons] = layer.bias
        accumulators: list[Value] = []
        for lane, addend in enumerate(sums):
            choices: list[Value] = [Const(int(b), shape) for b in bias[lane :: folded.pe]]
            start = select(group.index, choices).as_signed()
            accumulator = Signal(shape, name=f"accumulator_{lane}", reset_less=True)
            with m.If(stage.load):
                m.d.sync += accumulator.eq(Mux(step.first, start, accumulator) + addend)
            accumulators.append(accumulator)
        return accumulators

    def _align(
        self, m: Module, stage: ElasticStage, group: StepCounter, accumulators: list[Value]
    ) -> list[Value]:
        """Each accumulator times 2**channel_shift of its neuron, at the aligned width.

        The number of the shift is loaded with the accumulator, since the counter of the groups
        has moved on when the accumulator is read.
        """
        layer, pe = self.layer, self.folded.pe
        aligned: list[Value] = []
        for lane, accumulator in enumerate(accumulators):
            # Lanes past the last neuron hold zero, which any shift leaves zero.
            shifts = layer.channel_shifts[lane::pe]
            distinct = sorted(set(shifts))
            choices = [accumulator.shift_left(shift) for shift in distinct]
            value = choices[0]
            if len(distinct) > 1:
                numbers = [Const(distinct.index(s), range(len(distinct))) for s in shifts]
                number = _register(
                    m, stage.load, select(group.index, numbers), f"channel_shift_{lane}"
                )
                value = select(number, choices)
            # No bit is lost: the aligned format holds every neuron's range after its own shift.
            result = Signal(shape_of(layer.aligned_format), name=f"aligned_{lane}")
            m.d.comb += result.eq(value)
            aligned.append(result)
        return aligned

    def _activate(self, m: Module, stage: ElasticStage, accumulators: list[Value]) -> None:
        for lane, accumulator in enumerate(accumulators):
            activation = _register(
                m, stage.load, activate(accumulator, self.layer), f"activation_{lane}"
            )
            m.d.comb += self.results.payload[lane].eq(activation)


def _register(m: Module, load: Value, value: Value, name: str) -> Signal:
    """A data register that loads `value`; its stage's valid bit is what needs the reset."""
    register = Signal(value.shape(), name=name, reset_less=True)
    with m.If(load):
        m.d.sync += register.eq(value)
    return register


def _add_levels(terms: list[Value], levels: int) -> list[Value]:
    """Add neighbours pairwise, `levels` times."""
    for _ in range(levels):
        terms = [sum(terms[i + 1 : i + 2], terms[i]) for i in range(0, len(terms), 2)]
    return terms
