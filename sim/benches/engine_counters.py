# SPDX-License-Identifier: Apache-2.0
"""Counts in simulation what an engine does, by the registers and enables of its own Verilog.

Which registers there are and how wide they are is read from the design, not from the model that is
compared with them.
"""

import re
from collections import Counter
from typing import Any

import cocotb
from cocotb.triggers import RisingEdge

from pulsewright.hls_model.activity.engine import Activity
from pulsewright.hls_model.activity.operations import OperationKind, operand_width, rounds
from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightRead
from pulsewright.hls_model.adder_graph.solver import layer_adder_graph
from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer, OperandFeed

# Data registers of a layer by name, what they hold, and the stage that loads them.
_REGISTERS = (
    (r"operand", RegisterKind.OPERAND, "operand"),
    (r"weights", RegisterKind.WEIGHT, "operand"),
    (r"product_\d+_\d+", RegisterKind.PRODUCT, "multiply"),
    (r"operand_\d+_0", RegisterKind.PRODUCT, "multiply"),
    (r"operand_\d+_([1-9]\d*)", RegisterKind.SUM, "adder_tree"),
    (r"sum(\d+)_\d+_\d+", RegisterKind.SUM, "adder_tree"),
    (r"accumulator_\d+", RegisterKind.ACCUMULATOR, "accumulate"),
    (r"activation_\d+", RegisterKind.ACTIVATION, "activate"),
    (r"multipliers|addends", RegisterKind.SCALE, "group"),
    (r"scaled_\d+", RegisterKind.SCALED, "scale"),
    (r"kept", RegisterKind.KEPT, "group"),
)


class LayerCounters:
    """Events of one layer and its feed, and the registers that they load."""

    def __init__(
        self, engine: Any, number: int, layer: DenseLayer, folded_layer: FoldedLayer
    ) -> None:
        self.layer, self.folded_layer = layer, folded_layer
        self._parts = {child._name: child for child in getattr(engine, f"layer{number}")}
        memory = self._parts.get("memory", ())
        self._memory = {child._name: child for child in memory}
        self._children = {child._name for child in engine}
        self._engine, self._number = engine, number
        self.registers = [
            (kind, bits_of(_word(handle, name, folded_layer)), stage)
            for name, handle in self._parts.items()
            for kind, stage in _register(name)
        ]
        kind, stage = RegisterKind.ACCUMULATOR, "accumulate"
        if folded_layer.activates:
            kind, stage = RegisterKind.ACTIVATION, "activate"
        if not self._count(kind):
            # The register of a single lane has the name of the port that it drives.
            self.registers.append((kind, bits_of(self._parts["results__payload"]), stage))
        self.graph_sums = sum(bool(re.fullmatch(r"twice_sum_\d+", name)) for name in self._parts)
        self.events = self._events()
        self.counts: Counter[str] = Counter()

    def _events(self) -> dict[str, list[Any]]:
        """Signals by event, which happens in the cycles in which all of them are high."""
        parts, feed = self._parts, f"feed{self._number}"
        events = {"operand": [parts["operand_load"]]}
        for name in parts:
            found = re.fullmatch(r"(multiply|adder_tree\d+|accumulate|scale|activate)_load", name)
            if found:
                events[found[1]] = [parts[name]]
        if self.folded_layer.activates:
            events["group"] = events["activate"]
        else:
            events["group"] = [parts["results__valid"], parts["results__ready"]]
        if self.folded_layer.feed is OperandFeed.DOUBLE_BUFFERED:
            module = getattr(self._engine, feed)
            events["buffer"] = [module.beats__valid, module.beats__ready]
        if self.folded_layer.feed is OperandFeed.INCREMENTAL:
            module = getattr(self._engine, feed)
            events["buffer"] = [module.beats__valid, module.beats__ready]
        if self.folded_layer.feed is OperandFeed.MEMORY:
            module = getattr(self._engine, feed)
            events["beat"] = [module.beats__valid, module.beats__ready]
            events["fetch"] = [module.fetch_load]
        if not self.folded_layer.hidden and "gather" in self._children:
            events["gather"] = [
                self._engine.gather.groups__valid,
                self._engine.gather.groups__ready,
            ]
        if "weight_memory_reads" in self._memory:
            events["weight read"] = [self._memory["weight_memory_reads"]]
        if "bias_memory_reads" in self._memory:
            events["bias read"] = [self._memory["bias_memory_reads"]]
        return events

    def sample(self) -> None:
        """Count the events of this cycle."""
        for name, signals in self.events.items():
            self.counts[name] += all(int(signal.value) for signal in signals)

    def observed(self) -> dict[str, Counter[Any]]:
        """Operations by kind, and reads and writes by width, as counted so far."""
        return {
            "operations": self._operations(),
            "reads": +self._reads(),
            "writes": +self._writes(),
        }

    def _count(self, kind: RegisterKind, stage: str | None = None) -> int:
        """Registers of a kind, or of a kind and stage."""
        return sum(k is kind and stage in (None, s) for k, _, s in self.registers)

    def _operations(self) -> Counter[OperationKind]:
        counts, folded_layer = self.counts, self.folded_layer
        operations: Counter[OperationKind] = Counter()
        add = OperationKind.ADD
        accumulators = self._count(RegisterKind.ACCUMULATOR)
        if any(name.startswith("product_") for name in self._parts):
            # Every two-input adder of the tree makes one register less of two terms.
            terms = self._count(RegisterKind.PRODUCT)
            operations[OperationKind.MULTIPLY] = terms * counts["multiply"]
            for stage in range(folded_layer.adder_tree_stages):
                sums = self._count(RegisterKind.SUM, f"adder_tree{stage}")
                operations[add] += (terms - sums) * counts[f"adder_tree{stage}"]
                terms = sums
            operations[add] += accumulators * counts["accumulate"]
        else:
            graph = layer_adder_graph(self.layer, folded_layer)
            wiring = sum(not adder.bits for adder in graph.adders)
            outputs = zip(graph.outputs, self.layer.bias.tolist(), strict=True)
            plain = sum(o.operand is None or not (o.negative or bias) for o, bias in outputs)
            operations[add] += (self.graph_sums - wiring) * counts["multiply"]
            operations[add] += (accumulators - plain) * counts["accumulate"]
        if folded_layer.incremental:
            lanes = bits_of(self._parts["operand"]) // operand_width(self.layer, folded_layer)
            operations[add] += lanes * counts["operand"]
        operations[OperationKind.MULTIPLY] += self._count(RegisterKind.SCALED) * counts["scale"]
        if rounds(self.layer):
            operations[add] += self._count(RegisterKind.ACTIVATION) * counts["activate"]
        return +operations

    def _reads(self) -> Counter[WeightRead]:
        counts, parts = self.counts, self._parts
        reads: Counter[WeightRead] = Counter()
        if "weights" in parts:
            reads[WeightRead(ReadKind.WEIGHTS, bits_of(parts["weights"]))] = counts["operand"]
        if "bias_rom" in parts:
            bits = bits_of(parts["bias_rom"].word)
            reads[WeightRead(ReadKind.BIASES, bits)] = counts["group"]
        if "weight read" in self.events:
            bits = bits_of(self._memory["weight_row"])
            reads[WeightRead(ReadKind.WEIGHTS, bits)] = counts["weight read"]
        if "bias read" in self.events:
            bits = bits_of(self._memory["bias_row"])
            reads[WeightRead(ReadKind.BIASES, bits)] = counts["bias read"]
        return reads

    def _writes(self) -> Counter[RegisterWrite]:
        counts, folded_layer = self.counts, self.folded_layer
        writes: Counter[RegisterWrite] = Counter()
        for kind, bits, stage in self.registers:
            writes[RegisterWrite(kind, bits)] += counts[stage]
        if "buffer" in self.events:
            feed = {child._name: child for child in getattr(self._engine, f"feed{self._number}")}
            if "bank0" in feed:
                bits = bits_of(feed["bank0"]) // folded_layer.input_beats
            else:
                bits = bits_of(feed["vector_before"])
            writes[RegisterWrite(RegisterKind.BUFFER, bits)] = counts["buffer"]
        if "fetch" in self.events:
            writes += self._memory_feed_writes()
        if "gather" in self.events:
            bits = bits_of(self._engine.gather.vector__payload) // folded_layer.neurons
            results = counts["gather"] * folded_layer.neurons // folded_layer.neuron_groups
            writes[RegisterWrite(RegisterKind.RESULT, bits)] = results
        return writes

    def _memory_feed_writes(self) -> Counter[RegisterWrite]:
        """Beats that are gathered, rows that are written to the memory, rows that are read."""
        folded_layer = self.folded_layer
        feed = {child._name: child for child in getattr(self._engine, f"feed{self._number}")}
        row_bits, beat_bits = bits_of(feed["banks"].read_data_o), bits_of(feed["beats__payload"])
        writes: Counter[RegisterWrite] = Counter()
        vectors = self.counts["beat"] // folded_layer.input_beats
        passes = self.counts["fetch"] // folded_layer.input_steps
        rows = -(-folded_layer.inputs * beat_bits // (row_bits * folded_layer.beat))
        if "gathered_0" in feed:
            gathered = self.counts["beat"] - vectors * rows
            writes[RegisterWrite(RegisterKind.BUFFER, bits_of(feed["gathered_0"]))] = gathered
        writes[RegisterWrite(RegisterKind.BUFFER, row_bits)] += vectors * rows
        writes[RegisterWrite(RegisterKind.FETCHED, row_bits)] += passes * rows
        return writes


class EngineCounters:
    """Counts all layers in every clock cycle in which `running` is set.

    engine: handle of the engine in the design. model: with the formats as built, that of
    `reloadable_formats` if weights are reloadable.
    """

    def __init__(self, clock: Any, engine: Any, model: IntegerMlp, folded: FoldedEngine) -> None:
        self.layers = [
            LayerCounters(engine, number, *pair)
            for number, pair in enumerate(zip(model.layers, folded.layers, strict=True), start=1)
        ]
        self.running = False
        self._clock = clock
        cocotb.start_soon(self._count())

    def restart(self) -> None:
        """Count from zero."""
        for layer in self.layers:
            layer.counts.clear()
        self.running = True

    async def _count(self) -> None:
        while True:
            await RisingEdge(self._clock)
            if self.running:
                for layer in self.layers:
                    layer.sample()


def expected(activity: Activity) -> dict[str, Counter[Any]]:
    """What `LayerCounters.observed` has to be, by the operation model."""
    kinds = {kind: activity.count(kind) for kind in OperationKind}
    return {
        "operations": +Counter(kinds),
        "reads": +activity.reads,
        "writes": +activity.writes,
    }


def bits_of(handle: Any) -> int:
    """Width of a signal."""
    try:
        return len(handle)
    except TypeError:
        return 1


def _word(handle: Any, name: str, folded_layer: FoldedLayer) -> Any:
    """The register itself, or a word of a memory."""
    return handle[0] if name == "kept" and folded_layer.neuron_groups > 1 else handle


def _register(name: str) -> list[tuple[RegisterKind, str]]:
    for pattern, kind, stage in _REGISTERS:
        found = re.fullmatch(pattern, name)
        if found:
            return [(kind, stage + (_stage_number(name, found[1]) if found.groups() else ""))]
    return []


def _stage_number(name: str, digits: str) -> str:
    # Stages of a graph count from the multiply stage, those of a tree from behind it.
    return str(int(digits) - 1) if name.startswith("operand") else digits
