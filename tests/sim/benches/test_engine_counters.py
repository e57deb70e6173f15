# SPDX-License-Identifier: Apache-2.0
from collections.abc import Iterator
from types import SimpleNamespace

from pulsewright.hls_model.activity.engine import layer_activities
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind, RegisterWrite
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightRead
from pulsewright.hls_model.schedule.workload import full_inference
from pulsewright.sim.benches.engine_counters import LayerCounters, bits_of, expected
from tests.models import fold_model, random_model

# 4 inputs by 2, 3 neurons at once: 2 steps, one group, no feed and no gathering.
MODEL = random_model((4, 3))
ENGINE = fold_model(MODEL, [(3, 2)])
LAYER, FOLDED = MODEL.layers[0], ENGINE.layers[0]
ACCUMULATOR = LAYER.accumulator_format.width


class Handle:
    """What a simulator shows of a signal or an instance."""

    def __init__(self, name: str, bits: int = 1, children: tuple["Handle", ...] = ()) -> None:
        self._name, self.bits, self.children, self.value = name, bits, children, 0

    def __len__(self) -> int:
        return self.bits

    def __iter__(self) -> Iterator["Handle"]:
        return iter(self.children)

    def __getattr__(self, name: str) -> "Handle":
        return next(child for child in self.children if child._name == name)


def design(*more: Handle) -> Handle:
    """The registers and enables of the layer, as its Verilog has them."""
    signals = [
        *(Handle(f"{s}_load") for s in ("operand", "multiply", "adder_tree0", "accumulate")),
        Handle("results__valid"),
        Handle("results__ready"),
        Handle("operand", 16),
        Handle("weights", 48),
        *(Handle(f"product_{lane}_{i}", 16) for lane in range(3) for i in range(2)),
        *(Handle(f"sum0_{lane}_0", 17) for lane in range(3)),
        *(Handle(f"accumulator_{lane}", ACCUMULATOR) for lane in range(3)),
        *more,
    ]
    return Handle("engine", children=(Handle("layer1", children=tuple(signals)),))


def one_inference(engine: Handle) -> LayerCounters:
    """Two steps pass the stages one after the other; the last one completes the group."""
    counters = LayerCounters(engine, 1, LAYER, FOLDED)
    layer = engine.layer1
    layer.results__ready.value = 1
    stages = ["operand", "multiply", "adder_tree0", "accumulate"]
    for cycle in range(7):
        for place, stage in enumerate(stages):
            getattr(layer, f"{stage}_load").value = int(place <= cycle < place + 2)
        layer.results__valid.value = int(cycle == 5)
        counters.sample()
    return counters


def test_what_is_counted_is_what_the_registers_of_the_design_load() -> None:
    observed = one_inference(design()).observed()
    assert observed == {
        # 2 steps of 6 products; 3 sums of two and 3 accumulations each.
        "operations": {OperationKind.MULTIPLY: 12, OperationKind.ADD: 12},
        "reads": {WeightRead(ReadKind.WEIGHTS, 48): 2},
        "writes": {
            RegisterWrite(RegisterKind.OPERAND, 16): 2,
            RegisterWrite(RegisterKind.WEIGHT, 48): 2,
            RegisterWrite(RegisterKind.PRODUCT, 16): 12,
            RegisterWrite(RegisterKind.SUM, 17): 6,
            RegisterWrite(RegisterKind.ACCUMULATOR, ACCUMULATOR): 6,
        },
    }
    (activity,) = layer_activities(MODEL, ENGINE, full_inference(ENGINE))
    assert observed == expected(activity)


def test_a_register_more_is_noticed() -> None:
    (activity,) = layer_activities(MODEL, ENGINE, full_inference(ENGINE))
    for extra in (Handle("product_3_0", 16), Handle("accumulator_3", ACCUMULATOR)):
        assert one_inference(design(extra)).observed() != expected(activity)


def test_a_signal_of_one_bit_may_have_no_length() -> None:
    assert bits_of(SimpleNamespace()) == 1
    assert bits_of(Handle("word", 7)) == 7
