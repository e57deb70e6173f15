# SPDX-License-Identifier: Apache-2.0
"""The cycle and operation model: all that a folded engine executes for a workload.

The RTL's simulation is counted against it (sim/benches/activity_bench.py), and the energy model
charges what it says.
"""

from collections import Counter
from dataclasses import dataclass, field

from pulsewright.hls_model.activity.operations import Operation, OperationKind, layer_operations
from pulsewright.hls_model.activity.piecewise_linear import (
    piecewise_linear_operations,
    piecewise_linear_writes,
)
from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite, layer_writes
from pulsewright.hls_model.activity.shared_multiplier import (
    shared_multiplier_operations,
    shared_multiplier_reads,
    shared_multiplier_writes,
)
from pulsewright.hls_model.activity.weight_reads import (
    ReadKind,
    WeightRead,
    WeightStore,
    layer_reads,
)
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.workload import Workload


@dataclass(frozen=True)
class Activity:
    """operations, reads of weights and loads of data registers, each with its count."""

    operations: Counter[Operation] = field(default_factory=Counter)
    reads: Counter[WeightRead] = field(default_factory=Counter)
    writes: Counter[RegisterWrite] = field(default_factory=Counter)

    def __add__(self, other: "Activity") -> "Activity":
        return Activity(
            self.operations + other.operations,
            self.reads + other.reads,
            self.writes + other.writes,
        )

    def count(self, kind: OperationKind) -> int:
        """Operations of a kind, of all widths."""
        return sum(n for one, n in self.operations.items() if one.kind is kind)

    def bits_read(self, kind: ReadKind) -> int:
        """Bits of all rows of a kind."""
        return sum(n * one.bits for one, n in self.reads.items() if one.kind is kind)

    def bits_written(self, kind: RegisterKind) -> int:
        """Bits loaded into all registers of a kind."""
        return sum(n * one.bits for one, n in self.writes.items() if one.kind is kind)


def default_store(engine: FoldedEngine) -> WeightStore:
    """Where the weights of an engine as it is generated live."""
    return WeightStore.MEMORY if engine.reloadable else WeightStore.LOGIC


def layer_activities(
    model: IntegerMlp, engine: FoldedEngine, workload: Workload, store: WeightStore | None = None
) -> list[Activity]:
    """What each layer executes, idle lanes of last groups included.

    store: where weights live, that of the generated engine if None. Accumulators of an engine with
    reloadable weights have the widths that hold any weights.

    Raises:
        PulsewrightError: reloadable weights whose biases leave 32 bits.
    """
    store = default_store(engine) if store is None else store
    if engine.piecewise_linear is not None:
        return _piecewise_linear_activities(model, engine, workload, store)
    if engine.shared_multiplier is not None:
        timing, vectors = engine.shared_multiplier, workload.vectors
        parts = (
            shared_multiplier_operations(model, timing, vectors),
            shared_multiplier_reads(model, timing, vectors),
            shared_multiplier_writes(model, timing, vectors),
        )
        return [Activity(*of_layer) for of_layer in zip(*parts, strict=True)]
    built = reloadable_formats(model) if engine.reloadable else model
    constant = store is WeightStore.LOGIC
    vectors, reloadable = workload.vectors, engine.reloadable
    return [
        Activity(
            layer_operations(layer, folded, constant, vectors, steps, reloadable),
            layer_reads(layer, folded, store, vectors, steps),
            layer_writes(
                layer, folded, constant, vectors, steps, reloadable, engine.gathers_outputs
            ),
        )
        for layer, folded, steps in zip(built.layers, engine.layers, workload.steps, strict=True)
    ]


def _piecewise_linear_activities(
    model: IntegerMlp, engine: FoldedEngine, workload: Workload, store: WeightStore
) -> list[Activity]:
    """As `layer_activities`, where the output layer goes on from pulse to pulse."""
    operations = piecewise_linear_operations(model, workload)
    writes = piecewise_linear_writes(model, workload)
    reads = [
        layer_reads(layer, folded, store, workload.vectors, steps)
        for layer, folded, steps in zip(model.layers, engine.layers, workload.steps, strict=True)
    ]
    return [Activity(*parts) for parts in zip(operations, reads, writes, strict=True)]


def engine_activity(
    model: IntegerMlp, engine: FoldedEngine, workload: Workload, store: WeightStore | None = None
) -> Activity:
    """What all layers execute together."""
    return sum(layer_activities(model, engine, workload, store), Activity())
