# SPDX-License-Identifier: Apache-2.0
"""The engine: a chain of folded dense layers joined by valid/ready streams."""

from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.neuron_order import with_ordered_neurons
from pulsewright.hls_model.schedule.requantiser_stages import check_stages
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.rtl.engine.argmax import Argmax
from pulsewright.rtl.engine.dense_unit import DenseUnit
from pulsewright.rtl.engine.feed_choice import make_feed
from pulsewright.rtl.engine.layer_memory import MemoryAccess
from pulsewright.rtl.engine.result_gather import ResultGather
from pulsewright.rtl.engine.shapes import lane_stream
from pulsewright.rtl.module_component import ModuleComponent


class Engine(ModuleComponent):
    """Takes vectors of input codes, gives vectors of outputs, or the index of the largest.

    Attributes:
        vector: input codes, `folded.vector_beats` beats an inference of `folded.vector_lanes` each.
        result: `folded.result_beats` beats of `folded.result_lanes` outputs, or one index.
        memory_<layer>: the weights of that layer, if they are reloadable.

    With reloadable weights `model` is one of `reloadable_formats`, and the memories are accessed
    while no vector is in the engine. How vectors and results pass the ports says
    `folded.transfer`; where a vector is one beat, that is held until it is taken.

    II = max over layers of ceil(M/pe) * ceil(K/simd) cycles. Latency, from the first valid cycle
    of a vector in an idle engine to the first valid cycle of the last beat of its result, is
    `folded.latency` (hls_model.folding). For two layers of sizes K-M-1 folded (p, K) and (1, p), p
    dividing M, and whole vectors:
    M/p + 6 + ceil(ceil(log2 K)/3) + ceil(ceil(log2 p)/3) cycles.

    Raises:
        PulsewrightError: `folded` has no stages for the requantisers and outputs of `model`.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        check_stages(folded, model)
        self.model = model
        self.folded = folded
        members: dict[str, wiring.Member] = {
            "vector": In(lane_stream(model.input_format, folded.vector_lanes)),
            "result": Out(lane_stream(model.output_format, folded.result_lanes)),
        }
        if folded.reloadable:
            for number, layer in enumerate(folded.layers, start=1):
                members[f"memory_{number}"] = In(MemoryAccess(layer))
        super().__init__(members)

    @property
    def memories(self) -> list[wiring.PureInterface]:
        """The ports to the weights of each layer; none if they are constants."""
        if not self.folded.reloadable:
            return []
        return [getattr(self, f"memory_{i}") for i in range(1, len(self.folded.layers) + 1)]

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        layers = self.folded.layers
        steps = " ".join(f"{layer.cycles}" for layer in layers)
        whole = self.folded.transfer is VectorTransfer.WHOLE
        beats = "" if whole else self._beats_comment()
        end = "its result" if self.folded.result_beats == 1 else "the last beat of its result"
        return (
            f"The engine: {len(layers)} dense layers joined by valid/ready streams.\n"
            f"{beats}"
            f"Initiation interval: the most steps of a layer ({steps}) = "
            f"{self.folded.initiation_interval} cycles.\n"
            f"Latency from the first cycle of a vector to the first cycle of {end}: "
            f"{self.folded.latency} cycles."
        )

    def _beats_comment(self) -> str:
        folded = self.folded
        return (
            f"A vector is {folded.vector_beats} beats of {folded.vector_lanes} inputs, a result "
            f"{folded.result_beats} of {folded.result_lanes}.\n"
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        model = self.model
        if not self.folded.reloadable:
            model = with_ordered_neurons(model, self.folded)
        producer = flipped(self.vector)
        for number, (layer, folded_layer) in enumerate(
            zip(model.layers, self.folded.layers, strict=True), start=1
        ):
            foreign = number == 1 and self.folded.transfer is not VectorTransfer.WHOLE
            masked = self.folded.reloadable or foreign
            feed = make_feed(folded_layer, layer.input_format, masked=masked)
            if feed is not None:
                m.submodules[f"feed{number}"] = feed
                connect(m, producer, feed.beats)
                producer = feed.operands
            unit = DenseUnit(layer, folded_layer, self.folded.reloadable)
            m.submodules[f"layer{number}"] = unit
            connect(m, producer, unit.operands)
            if self.folded.reloadable:
                connect(m, flipped(self.memories[number - 1]), unit.memory)
            producer = unit.results
        if self.folded.gathers_outputs:
            m.submodules.gather = gather = ResultGather(
                self.folded.layers[-1], self.model.output_format
            )
            connect(m, producer, gather.groups)
            producer = gather.vector
        if self.folded.argmax:
            m.submodules.argmax = argmax = Argmax(
                self.folded.layers[-1],
                self.model.layers[-1].result_format,
                self.model.output_format,
                self.folded.argmax_stages,
            )
            connect(m, producer, argmax.groups)
            producer = argmax.index
        connect(m, producer, flipped(self.result))
        return m
