# SPDX-License-Identifier: Apache-2.0
"""The engine: a chain of folded dense layers joined by valid/ready streams."""

from amaranth import Module
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out, connect, flipped

from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp
from rtl.engine.dense_unit import DenseUnit
from rtl.engine.operand_feed import make_feed
from rtl.engine.result_gather import ResultGather
from rtl.engine.shapes import lane_stream


class Engine(wiring.Component):
    """Takes vectors of input codes, gives vectors of output accumulators.

    vector: one beat is all inputs of one inference, held until taken.
    result: one beat is all outputs.

    II = max over layers of ceil(M/pe) * ceil(K/simd) cycles. Latency, from the first valid cycle
    of a vector in an idle engine to the first valid cycle of its result, is `folded.latency`
    (hls_model.folding). For two layers of sizes K-M-1 folded (p, K) and (1, p), p dividing M:
    M/p + 6 + ceil(ceil(log2 K)/3) + ceil(ceil(log2 p)/3) cycles.
    """

    def __init__(self, model: IntegerMlp, folded: FoldedEngine) -> None:
        self.model = model
        self.folded = folded
        super().__init__(
            {
                "vector": In(lane_stream(model.input_format, model.sizes[0])),
                "result": Out(lane_stream(model.output_format, model.sizes[-1])),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        producer = flipped(self.vector)
        for number, (layer, folded) in enumerate(
            zip(self.model.layers, self.folded.layers, strict=True), start=1
        ):
            feed = make_feed(folded, layer.input_format)
            if feed is not None:
                m.submodules[f"feed{number}"] = feed
                connect(m, producer, feed.beats)
                producer = feed.operands
            m.submodules[f"layer{number}"] = unit = DenseUnit(layer, folded)
            connect(m, producer, unit.operands)
            producer = unit.results
        if self.folded.gathers_outputs:
            m.submodules.gather = gather = ResultGather(
                self.folded.layers[-1], self.model.output_format
            )
            connect(m, producer, gather.groups)
            producer = gather.vector
        connect(m, producer, flipped(self.result))
        return m
