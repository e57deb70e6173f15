# SPDX-License-Identifier: Apache-2.0
"""The elastic stages of a dense layer, one behind the other."""

from amaranth import Module, Value

from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.elastic_stage import ElasticStage


class DenseStages:
    """Stages from the operands of a layer to its results; see `FoldedLayer.pipeline_depth`.

    operand: takes the operands. arithmetic: products and adder tree, by name; none if the layer is
    shallow. accumulate: holds the accumulators. behind: by name, `scale` for products with the
    multipliers of a requantiser if there are any, `activate` if the layer makes activations or
    codes.
    """

    def __init__(self, folded_layer: FoldedLayer) -> None:
        arithmetic = [
            "multiply",
            *(f"adder_tree{n}" for n in range(folded_layer.arithmetic_stages)),
        ]
        behind = ["scale"] if folded_layer.multiplied else []
        behind += ["activate"] if folded_layer.activates else []
        self.operand = ElasticStage("operand")
        self.arithmetic = {
            name: ElasticStage(name) for name in arithmetic[: folded_layer.arithmetic_stages]
        }
        self.accumulate = ElasticStage("accumulate")
        self.behind = {name: ElasticStage(name) for name in behind}

    @property
    def before_accumulators(self) -> dict[str, ElasticStage]:
        """Stages that a step passes before it is accumulated, by name."""
        return {"operand": self.operand, **self.arithmetic}

    def connect(self, m: Module, offered: Value, taken: Value, group_complete: Value) -> Value:
        """Join the stages; returns when the last one holds a result.

        offered: operands are. taken: results are, in this cycle. group_complete: the beat that the
        accumulators load is the last of its group.
        """
        order = [
            *self.before_accumulators.values(),
            self.accumulate,
            *self.behind.values(),
        ]
        valid = [offered, *(stage.valid for stage in order)]
        ready = [*(stage.ready for stage in order[1:]), taken]
        for stage, is_offered, is_taken in zip(order, valid, ready, strict=False):
            completes = group_complete if stage is self.accumulate else 1
            stage.connect(m, is_offered, is_taken, completes)
        return order[-1].valid
