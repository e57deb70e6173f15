# SPDX-License-Identifier: Apache-2.0
"""One folded dense layer: multiply, add, accumulate, requantise."""

from typing import NamedTuple

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folded_layer import ADDER_LEVELS_PER_STAGE, FoldedLayer
from pulsewright.rtl.engine.accumulator_scaling import AccumulatorScaling
from pulsewright.rtl.engine.adder_graph import pipelined_outputs
from pulsewright.rtl.engine.constant_rom import constant_rom
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.elastic_stage import ElasticStage
from pulsewright.rtl.engine.incremental_feed import StepTag, difference_format, incremental_steps
from pulsewright.rtl.engine.layer_memory import LayerMemory, MemoryAccess
from pulsewright.rtl.engine.layer_parameters import LayerParameters, constant_parameters
from pulsewright.rtl.engine.requantiser import activate, scaled_code
from pulsewright.rtl.engine.shapes import format_text, lane_stream, lanes, shape_of
from pulsewright.rtl.engine.step_counter import StepCounter, select
from pulsewright.rtl.module_component import ModuleComponent


class AccumulatePosition(NamedTuple):
    """Where in its group a beat is that the accumulators load.

    first, last: of the beats of its group. fresh: the group starts from its bias.
    """

    first: Value
    last: Value
    fresh: Value


class DenseUnit(ModuleComponent):
    """Multiplies `simd` operands with the weights of `pe` neurons in every step.

    reloadable: weights and biases come from a `LayerMemory` behind the port `memory`; `layer` is
    then one of `reloadable_formats`, and its weights are not looked at. Else they are constants,
    and a layer of one step has an adder graph in the stages of its products and their sums.

    Attributes:
        operands: one beat a step, ceil(M/pe) * ceil(K/simd) steps a vector, group after group.
        results: one beat of `pe` activations (or output accumulators) a group.
        memory: weights and biases, if they are reloadable.

    An incremental layer takes the steps that its feed tags; its accumulators start from those of
    the vector before, which are kept (M accumulators of storage).

    With scales per channel every lane accumulates at its neuron's own scale, and its shift to the
    common one lies behind the accumulator: wiring where all neurons of a lane have the same, else
    a multiplexer. Neither takes a cycle.

    A requantiser with multipliers has one of them in each lane, between accumulator and activation,
    and a register for its products. Multipliers and offsets are constants.

    Latency folded_layer.pipeline_depth = 3 + ceil(ceil(log2 simd) / 3) + activates + multiplied
    cycles from a group's last step to its result, of a shallow layer 2 + activates + multiplied;
    throughput one step a cycle.
    The pipeline is elastic: it stalls without loss under backpressure, and idle registers hold
    still.
    """

    def __init__(
        self, layer: DenseLayer, folded_layer: FoldedLayer, reloadable: bool = False
    ) -> None:
        self.layer = layer
        self.folded_layer = folded_layer
        self.reloadable = reloadable
        self.operand_format = (
            difference_format(layer.input_format)
            if folded_layer.incremental
            else layer.input_format
        )
        members: dict[str, wiring.Member] = {
            "operands": In(
                incremental_steps(folded_layer, layer.input_format)
                if folded_layer.incremental
                else lane_stream(layer.input_format, folded_layer.simd)
            ),
            "results": Out(lane_stream(layer.result_format, folded_layer.pe)),
        }
        if reloadable:
            members["memory"] = In(MemoryAccess(folded_layer))
        super().__init__(members)

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        folded_layer, layer = self.folded_layer, self.layer
        formats = {
            "inputs": layer.input_format,
            "weights": layer.weight_format,
            "accumulators": layer.accumulator_format,
            "results": layer.result_format,
        }
        return (
            f"Dense {'hidden' if folded_layer.hidden else 'output'} layer "
            f"{folded_layer.inputs}-{folded_layer.neurons}: PE = {folded_layer.pe} neurons and "
            f"SIMD = {folded_layer.simd} inputs of each at once.\n"
            f"Formats: {', '.join(f'{name} {format_text(f)}' for name, f in formats.items())}.\n"
            f"A vector takes ceil({folded_layer.neurons} / PE) * "
            f"ceil({folded_layer.inputs} / SIMD) = {folded_layer.cycles} steps, one a cycle.\n"
            f"Latency from the last step of a group to its result: {self._latency()} cycles."
        )

    def _latency(self) -> str:
        depth = self.folded_layer.pipeline_depth
        hidden = str(int(self.folded_layer.activates))
        if self.folded_layer.multiplied:
            hidden += " + 1"
        if self.folded_layer.arithmetic_stages == 1 + self.folded_layer.adder_tree_stages:
            return f"3 + ceil(ceil(log2 SIMD) / 3) + {hidden} = {depth}"
        return f"2 + {hidden} = {depth}"

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        folded_layer = self.folded_layer
        arithmetic = [
            f"adder_tree{number - 1}" if number else "multiply"
            for number in range(folded_layer.arithmetic_stages)
        ]
        last = ["accumulate"]
        last += ["scale"] if folded_layer.multiplied else []
        last += ["activate"] if folded_layer.activates else []
        stages = {name: ElasticStage(name) for name in ("operand", *arithmetic, *last)}
        order = list(stages.values())
        offered = [self.operands.valid, *(stage.valid for stage in order)]
        taken = [*(stage.ready for stage in order[1:]), self.results.ready]

        loads = [stages[name].load for name in arithmetic]
        position = self._accumulate_position(m, stages, arithmetic)
        for stage, valid, ready in zip(order, offered, taken, strict=False):
            completes = position.last if stage is stages["accumulate"] else 1
            stage.connect(m, valid, ready, completes)
        m.d.comb += [
            self.operands.ready.eq(order[0].ready),
            self.results.valid.eq(order[-1].valid),
        ]
        group = StepCounter("group", folded_layer.neuron_groups)
        group_ends = Signal()
        m.d.comb += group_ends.eq(stages["accumulate"].load & position.last)
        group.advance(m, group_ends)
        parameters = self._parameters(m, platform, stages, group)

        operand = self._operand(m, stages["operand"].load)
        if folded_layer.cycles == 1 and not self.reloadable:
            sums = pipelined_outputs(m, layer_adder_graph(self.layer, folded_layer), operand, loads)
        else:
            products = self._multiply(m, loads[:1], operand, parameters.weights)
            sums = self._adder_tree(m, loads[1:], products)
        accumulators = self._accumulate(
            m, stages["accumulate"], position, group, parameters.biases, sums
        )
        if any(self.layer.channel_shifts):
            accumulators = self._align(m, stages["accumulate"], group, accumulators)
        if self.layer.requantiser is not None:
            scale_load = stages["scale"].load if folded_layer.multiplied else Const(0, 1)
            scaling = AccumulatorScaling(
                self.layer,
                folded_layer,
                self.reloadable,
                group,
                group_ends,
                scale_load,
                platform,
            )
            self._make_codes(m, stages["activate"], scaling, accumulators)
        elif self.layer.relu:
            self._activate(m, stages["activate"], accumulators)
        else:
            m.d.comb += [
                self.results.payload[lane].eq(accumulator)
                for lane, accumulator in enumerate(accumulators)
            ]
        return m

    def _accumulate_position(
        self, m: Module, stages: dict[str, ElasticStage], arithmetic: list[str]
    ) -> AccumulatePosition:
        """Where in its group the beat is that the accumulate stage loads."""
        folded_layer = self.folded_layer
        if not folded_layer.incremental:
            step = StepCounter("accumulate_step", folded_layer.input_steps)
            step.advance(m, stages["accumulate"].load)
            return AccumulatePosition(step.first, step.last, Const(1, 1))
        tag = self.operands.payload.tag
        for name in ("operand", *arithmetic):
            tag = data.View(
                StepTag(folded_layer),
                data_register(m, stages[name].load, tag.as_value(), f"{name}_tag"),
            )
        return AccumulatePosition(tag.first, tag.last, tag.fresh)

    def _parameters(
        self, m: Module, platform: object, stages: dict[str, ElasticStage], group: StepCounter
    ) -> LayerParameters:
        """Weights beside the operand register, biases of the group beside the accumulators."""
        folded_layer, load = self.folded_layer, stages["operand"].load
        step = StepCounter("weight_step", folded_layer.cycles)
        row: Value = step.index
        if folded_layer.incremental:
            row = self.operands.payload.tag.row
        else:
            step.advance(m, load)
        if not self.reloadable:
            return constant_parameters(m, platform, self.layer, folded_layer, row, load, group)
        m.submodules.memory = memory = LayerMemory(self.layer, folded_layer)
        wiring.connect(m, wiring.flipped(self.memory), memory.access)
        m.d.comb += [
            memory.row.eq(row),
            memory.load.eq(load),
            memory.next_group.eq(Mux(group.advances, group.next, group.index)),
            memory.advances.eq(group.advances),
        ]
        return memory.parameters

    def _operand(self, m: Module, load: Value) -> list[Value]:
        """The operand register, `simd` operands or differences."""
        payload = self.operands.payload
        operands = payload.operands if self.folded_layer.incremental else payload
        flat = data_register(m, load, operands.as_value(), "operand")
        operand = data.View(lanes(self.operand_format, self.folded_layer.simd), flat)
        return [operand[i] for i in range(self.folded_layer.simd)]

    def _multiply(
        self, m: Module, loads: list[Value], operand: list[Value], weights: list[list[Value]]
    ) -> list[list[Value]]:
        """Products, in registers if there is a load for them; products[pe][simd]."""
        products = [
            [value * weight for value, weight in zip(operand, lane_weights, strict=True)]
            for lane_weights in weights
        ]
        for load in loads:
            products = [
                [
                    data_register(m, load, value, f"product_{lane}_{i}")
                    for i, value in enumerate(values)
                ]
                for lane, values in enumerate(products)
            ]
        return products

    def _adder_tree(self, m: Module, loads: list[Value], terms: list[list[Value]]) -> list[Value]:
        """One sum a neuron, registered every few levels where there are loads for it."""
        if not loads:
            terms = [
                _add_levels(m, lane, self.folded_layer.adder_tree_levels, f"partial_{number}")
                for number, lane in enumerate(terms)
            ]
        for number, load in enumerate(loads):
            reduced = [
                _add_levels(m, one, ADDER_LEVELS_PER_STAGE, f"partial{number}_{lane}")
                for lane, one in enumerate(terms)
            ]
            terms = [
                [
                    data_register(m, load, value, f"sum{number}_{lane}_{i}")
                    for i, value in enumerate(values)
                ]
                for lane, values in enumerate(reduced)
            ]
        return [lane[0] for lane in terms]

    def _accumulate(
        self,
        m: Module,
        stage: ElasticStage,
        position: AccumulatePosition,
        group: StepCounter,
        biases: list[Value],
        sums: list[Value],
    ) -> list[Value]:
        """Start plus the sums of a group's steps, exact modulo the accumulator's width.

        The start is the bias, or what an incremental layer kept of the vector before. group: the
        group that the stage loads, one ahead of what it holds once it is complete.
        """
        shape = shape_of(self.layer.accumulator_format)
        accumulators: list[Value] = []
        for lane, (bias, addend) in enumerate(zip(biases, sums, strict=True)):
            start = bias
            accumulator = Signal(shape, name=f"accumulator_{lane}", reset_less=True)
            total = Signal(shape, name=f"total_{lane}")
            if self.folded_layer.incremental:
                kept = [
                    data_register(
                        m, group.advances & (group.index == number), total, f"kept_{lane}_{number}"
                    )
                    for number in range(group.steps)
                ]
                start = Mux(position.fresh, bias, select(group.index, kept))
            augend = Signal(shape, name=f"augend_{lane}")
            m.d.comb += [
                augend.eq(Mux(position.first, start, accumulator)),
                total.eq(augend + addend),
            ]
            with m.If(stage.load):
                m.d.sync += accumulator.eq(total)
            accumulators.append(accumulator)
        return accumulators

    def _align(
        self, m: Module, stage: ElasticStage, group: StepCounter, accumulators: list[Value]
    ) -> list[Value]:
        """Each accumulator times 2**channel_shift of its neuron, at the aligned width.

        The number of the shift is loaded with the accumulator, since the counter of the groups
        has moved on when the accumulator is read.
        """
        layer, pe = self.layer, self.folded_layer.pe
        result_shape = shape_of(layer.aligned_format)
        aligned: list[Value] = []
        for lane, accumulator in enumerate(accumulators):
            # Lanes past the last neuron hold zero, which any shift leaves zero.
            shifts = layer.channel_shifts[lane::pe]
            distinct = sorted(set(shifts))
            # No bit is lost: the aligned format holds every neuron's range after its own shift.
            choices = [_as_wide(accumulator.shift_left(s), result_shape.width) for s in distinct]
            value = choices[0]
            if len(distinct) > 1:
                numbers = [distinct.index(shift) for shift in shifts]
                selected = constant_rom(
                    m, f"channel_shift_rom{lane}", group.index, numbers, range(len(distinct))
                )
                number = data_register(m, stage.load, selected, f"channel_shift_{lane}")
                value = select(number, choices)
            result = Signal(result_shape, name=f"aligned_{lane}")
            m.d.comb += result.eq(value)
            aligned.append(result)
        return aligned

    def _activate(self, m: Module, stage: ElasticStage, accumulators: list[Value]) -> None:
        for lane, accumulator in enumerate(accumulators):
            value = activate(m, accumulator, self.layer, str(lane))
            activation = data_register(m, stage.load, value, f"activation_{lane}")
            m.d.comb += self.results.payload[lane].eq(activation)

    def _make_codes(
        self,
        m: Module,
        stage: ElasticStage,
        scaling: AccumulatorScaling,
        accumulators: list[Value],
    ) -> None:
        products, addends = scaling.products(m, accumulators), scaling.addends(m)
        for lane, (product, addend) in enumerate(zip(products, addends, strict=True)):
            value = scaled_code(m, product, addend, self.layer, scaling.widths.sum, str(lane))
            activation = data_register(m, stage.load, value, f"activation_{lane}")
            m.d.comb += self.results.payload[lane].eq(activation)


def _as_wide(value: Value, width: int) -> Value:
    """A signed `value` cut or extended to `width` bits."""
    return Cat(value, value[-1].replicate(max(0, width - len(value))))[:width].as_signed()


def _add_levels(m: Module, terms: list[Value], levels: int, name: str) -> list[Value]:
    """Add neighbours pairwise, `levels` times; sums on the way are called <name>_<level>_<i>."""
    for level in range(levels):
        sums = [sum(terms[i + 1 : i + 2], terms[i]) for i in range(0, len(terms), 2)]
        if level < levels - 1 and len(terms) > 1:
            for i in range(len(terms) // 2):
                partial = Signal(sums[i].shape(), name=f"{name}_{level}_{i}")
                m.d.comb += partial.eq(sums[i])
                sums[i] = partial
        terms = sums
    return terms
