# SPDX-License-Identifier: Apache-2.0
"""One folded dense layer: multiply, add, accumulate, requantise."""

from amaranth import Const, Module, Mux, Signal, Value
from amaranth.lib import data, wiring
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.accumulator_scaling import AccumulatorScaling
from pulsewright.rtl.engine.accumulators import AccumulatePosition, Accumulators
from pulsewright.rtl.engine.adder_graph import Addend, pipelined_outputs
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.dense_stages import DenseStages
from pulsewright.rtl.engine.incremental_feed import StepTag, difference_format, incremental_steps
from pulsewright.rtl.engine.layer_memory import LayerMemory, MemoryAccess
from pulsewright.rtl.engine.layer_parameters import LayerParameters, constant_parameters
from pulsewright.rtl.engine.product_sums import product_sums
from pulsewright.rtl.engine.requantiser import activate, scaled_code
from pulsewright.rtl.engine.shapes import format_text, lane_stream, lanes
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


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
        layer, folded_layer = self.layer, self.folded_layer
        stages = DenseStages(folded_layer)
        position = self._accumulate_position(m, stages)
        results_valid = stages.connect(m, self.operands.valid, self.results.ready, position.last)
        m.d.comb += [
            self.operands.ready.eq(stages.operand.ready),
            self.results.valid.eq(results_valid),
        ]
        group = StepCounter("group", folded_layer.neuron_groups)
        group_ends = Signal()
        m.d.comb += group_ends.eq(stages.accumulate.load & position.last)
        group.advance(m, group_ends)
        parameters = self._parameters(m, platform, stages.operand.load, group)
        sums = self._sums(m, stages, parameters.weights)
        accumulators = Accumulators(layer, folded_layer, stages.accumulate.load, position, group)
        totals = accumulators.accumulated(m, parameters.biases, sums)
        self._drive_results(m, platform, stages, group, accumulators.aligned(m, totals))
        return m

    def _accumulate_position(self, m: Module, stages: DenseStages) -> AccumulatePosition:
        """Where in its group the beat is that the accumulators load."""
        folded_layer = self.folded_layer
        if not folded_layer.incremental:
            step = StepCounter("accumulate_step", folded_layer.input_steps)
            step.advance(m, stages.accumulate.load)
            return AccumulatePosition(step.first, step.last, Const(1, 1))
        tag = self.operands.payload.tag
        for name, stage in stages.before_accumulators.items():
            tag = data.View(
                StepTag(folded_layer), data_register(m, stage.load, tag.as_value(), f"{name}_tag")
            )
        return AccumulatePosition(tag.first, tag.last, tag.fresh)

    def _parameters(
        self, m: Module, platform: object, load: Value, group: StepCounter
    ) -> LayerParameters:
        """Weights beside the operand register, biases of the group beside the accumulators."""
        folded_layer = self.folded_layer
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

    def _sums(self, m: Module, stages: DenseStages, weights: list[list[Value]]) -> list[Addend]:
        """What a step adds to the accumulator of each of `pe` neurons."""
        folded_layer = self.folded_layer
        operand = self._operand(m, stages.operand.load)
        loads: list[Value] = [stage.load for stage in stages.arithmetic.values()]
        if folded_layer.cycles == 1 and not self.reloadable:
            return pipelined_outputs(m, layer_adder_graph(self.layer, folded_layer), operand, loads)
        return [Addend(one) for one in product_sums(m, folded_layer, loads, operand, weights)]

    def _operand(self, m: Module, load: Value) -> list[Value]:
        """The operand register, `simd` operands or differences."""
        payload = self.operands.payload
        operands = payload.operands if self.folded_layer.incremental else payload
        flat = data_register(m, load, operands.as_value(), "operand")
        operand = data.View(lanes(self.operand_format, self.folded_layer.simd), flat)
        return [operand[i] for i in range(self.folded_layer.simd)]

    def _drive_results(
        self,
        m: Module,
        platform: object,
        stages: DenseStages,
        group: StepCounter,
        accumulators: list[Value],
    ) -> None:
        """Hand out codes, activations, or the accumulators themselves."""
        if self.layer.requantiser is not None:
            self._make_codes(m, platform, stages, group, accumulators)
        elif self.layer.relu:
            self._activate(m, stages.behind["activate"].load, accumulators)
        else:
            m.d.comb += [
                self.results.payload[lane].eq(accumulator)
                for lane, accumulator in enumerate(accumulators)
            ]

    def _activate(self, m: Module, load: Value, accumulators: list[Value]) -> None:
        for lane, accumulator in enumerate(accumulators):
            value = activate(m, accumulator, self.layer, str(lane))
            activation = data_register(m, load, value, f"activation_{lane}")
            m.d.comb += self.results.payload[lane].eq(activation)

    def _make_codes(
        self,
        m: Module,
        platform: object,
        stages: DenseStages,
        group: StepCounter,
        accumulators: list[Value],
    ) -> None:
        multiplied = self.folded_layer.multiplied
        scaling = AccumulatorScaling(
            self.layer,
            self.folded_layer,
            self.reloadable,
            group,
            group.advances,
            stages.behind["scale"].load if multiplied else Const(0, 1),
            platform,
        )
        load = stages.behind["activate"].load
        products, addends = scaling.products(m, accumulators), scaling.addends(m)
        for lane, (product, addend) in enumerate(zip(products, addends, strict=True)):
            value = scaled_code(m, product, addend, self.layer, scaling.widths.sum, str(lane))
            activation = data_register(m, load, value, f"activation_{lane}")
            m.d.comb += self.results.payload[lane].eq(activation)
