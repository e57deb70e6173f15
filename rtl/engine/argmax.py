# SPDX-License-Identifier: Apache-2.0
"""The index of the largest output of a folded output layer."""

from typing import NamedTuple

from amaranth import Cat, Const, Module, Mux, Signal, Value
from amaranth.lib.wiring import In, Out

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_engine import COMPARE_LEVELS_PER_STAGE
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.elastic_stage import ElasticStage
from pulsewright.rtl.engine.shapes import lane_stream, shape_of
from pulsewright.rtl.engine.step_counter import StepCounter
from pulsewright.rtl.module_component import ModuleComponent


class Candidate(NamedTuple):
    """The largest of some lanes: its value, its lane, and whether there is a neuron at all."""

    value: Value
    lane: Value
    there: Value


class Argmax(ModuleComponent):
    """Compares ceil(M/pe) beats of `pe` results and keeps the largest and its index.

    Of equally large results the lowest index wins. Lanes of a group are compared in a tree of
    ceil(log2 pe) levels, then with the largest of the groups before.

    stages: register stages, one or `FoldedEngine.argmax_stages`; all but the last hold
    COMPARE_LEVELS_PER_STAGE levels.

    Latency `stages` cycles after the last group; throughput one group a cycle, also while the
    consumer takes the index before.

    Attributes:
        groups: `pe` results a beat, group after group.
        index: number of the largest of M results, one lane.
    """

    def __init__(
        self,
        folded_layer: FoldedLayer,
        result_format: FixedPoint,
        index_format: FixedPoint,
        stages: int,
    ) -> None:
        self.folded_layer = folded_layer
        self.result_format = result_format
        self.index_format = index_format
        self.stages = stages
        super().__init__(
            {
                "groups": In(lane_stream(result_format, folded_layer.pe)),
                "index": Out(lane_stream(index_format, 1)),
            }
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Index of the largest of {self.folded_layer.neurons} results, the lowest of equal "
            "ones.\n"
            f"Latency {self.stages} cycle{'s' if self.stages > 1 else ''} after the last group; "
            "one group a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        folded_layer = self.folded_layer
        compared = [ElasticStage(f"compare{number}") for number in range(self.stages - 1)]
        best = ElasticStage("best")
        order = [*compared, best]
        position = StepCounter("group", folded_layer.neuron_groups)
        offered = [self.groups.valid, *(stage.valid for stage in order)]
        taken = [*(stage.ready for stage in order[1:]), self.index.ready]
        for stage, valid, ready in zip(order, offered, taken, strict=False):
            stage.connect(m, valid, ready, position.last if stage is best else 1)
        position.advance(m, best.load)
        m.d.comb += [self.groups.ready.eq(order[0].ready), self.index.valid.eq(best.valid)]

        candidates = self._lanes(m)
        for number, stage in enumerate(compared):
            for level in range(COMPARE_LEVELS_PER_STAGE):
                candidates = _compared(m, candidates, f"{number}_{level}")
            candidates = [
                _registered(m, stage.load, one, f"{number}_{i}") for i, one in enumerate(candidates)
            ]
        level = 0
        while len(candidates) > 1:
            candidates = _compared(m, candidates, f"{len(compared)}_{level}")
            level += 1
        m.d.comb += self.index.payload[0].eq(self._best(m, best, position, candidates[0]))
        return m

    def _lanes(self, m: Module) -> list[Candidate]:
        """The results of a group; lanes past the last neuron hold none."""
        folded_layer = self.folded_layer
        group = StepCounter("arriving_group", folded_layer.neuron_groups)
        group.advance(m, self.groups.valid & self.groups.ready)
        kept = folded_layer.neurons - (folded_layer.neuron_groups - 1) * folded_layer.pe
        lane_bits = max((folded_layer.pe - 1).bit_length(), 1)
        return [
            Candidate(
                self.groups.payload[lane],
                Const(lane, lane_bits),
                Const(1, 1) if lane < kept else ~group.last,
            )
            for lane in range(folded_layer.pe)
        ]

    def _best(
        self, m: Module, stage: ElasticStage, position: StepCounter, candidate: Candidate
    ) -> Value:
        """The index of the largest so far, in the register of the last stage."""
        folded_layer = self.folded_layer
        index = Signal(shape_of(self.index_format), name="candidate_index")
        first_neuron: Value = Const(0, 1)
        if folded_layer.neuron_groups > 1:
            first_neuron = Signal(range(folded_layer.neurons), name="first_neuron")
            with m.If(stage.load):
                m.d.sync += first_neuron.eq(Mux(position.last, 0, first_neuron + folded_layer.pe))
        m.d.comb += index.eq(first_neuron + candidate.lane)
        if folded_layer.neuron_groups == 1:
            return data_register(m, stage.load, index, "best_index")
        best_value = Signal(shape_of(self.result_format), name="best_value", reset_less=True)
        best_index = Signal(shape_of(self.index_format), name="best_index", reset_less=True)
        is_larger = Signal(name="is_larger")
        m.d.comb += is_larger.eq(position.first | (candidate.value > best_value))
        with m.If(stage.load & is_larger):
            m.d.sync += [best_value.eq(candidate.value), best_index.eq(index)]
        return best_index


def _compared(m: Module, candidates: list[Candidate], name: str) -> list[Candidate]:
    """The larger of each pair of neighbours, the first of equal ones; a last odd one stays."""
    larger: list[Candidate] = []
    for number in range(0, len(candidates), 2):
        first, *others = candidates[number : number + 2]
        for second in others:
            is_second = Signal(name=f"is_second_{name}_{number // 2}")
            m.d.comb += is_second.eq(second.there & (second.value > first.value))
            value = Signal(first.value.shape(), name=f"larger_{name}_{number // 2}")
            m.d.comb += value.eq(Mux(is_second, second.value, first.value))
            first = Candidate(value, Mux(is_second, second.lane, first.lane), first.there)
        larger.append(first)
    return larger


def _registered(m: Module, load: Value, candidate: Candidate, name: str) -> Candidate:
    """The same a stage later."""
    value = data_register(m, load, candidate.value, f"compared_value_{name}")
    rest = data_register(m, load, Cat(candidate.lane, candidate.there), f"compared_lane_{name}")
    return Candidate(value, rest[:-1], rest[-1])
