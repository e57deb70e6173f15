# SPDX-License-Identifier: Apache-2.0
from pulsewright.hls_model.activity.engine import engine_activity, layer_activities
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightStore
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.workload import curve, full_inference, incremental_step
from tests.models import fold_model, random_model

A1 = (6, 64, 1)


def test_a1_on_16_multipliers() -> None:
    """448 products fresh, 64 + 64 a further pulse, 13120 a curve (docs/hardware.md)."""
    model = random_model(A1, pulses=100)
    engine = fold_model(model, [(8, 1), (1, 8)], incremental=True)
    products = [
        engine_activity(model, engine, workload).count(OperationKind.MULTIPLY)
        for workload in (full_inference(engine), incremental_step(engine), curve(engine, 100))
    ]
    assert products == [448, 128, 13120]


def test_a_total_is_the_sum_of_its_layers() -> None:
    model = random_model((5, 7, 3))
    engine = fold_model(model, [(2, 3), (1, 4)])
    work = full_inference(engine)
    first, second = layer_activities(model, engine, work)
    total = engine_activity(model, engine, work)
    assert total.operations == first.operations + second.operations
    assert total.bits_read(ReadKind.WEIGHTS) == 8 * 48 + 6 * 32
    operands = 8 * 3 * 8 + 6 * 4 * 8
    assert total.bits_written(RegisterKind.OPERAND) == operands


def test_reloadable_weights_have_the_accumulators_of_their_formats() -> None:
    model = random_model((5, 7, 3))
    engine = fold_model(model, [(2, 3), (1, 4)], reloadable=True)
    wide = [layer.accumulator_format.width for layer in reloadable_formats(model).layers]
    narrow = [layer.accumulator_format.width for layer in model.layers]
    assert wide != narrow
    total = engine_activity(model, engine, full_inference(engine))
    assert total.bits_written(RegisterKind.ACCUMULATOR) == 8 * 2 * wide[0] + 6 * wide[1]
    assert total.bits_written(RegisterKind.WEIGHT) == 0


def test_an_unrolled_engine_multiplies_only_with_weights_from_a_memory() -> None:
    model = random_model(A1)
    engine = fold_model(model, [(64, 6), (1, 64)])
    work = full_inference(engine)
    assert engine_activity(model, engine, work).count(OperationKind.MULTIPLY) == 0
    memory = engine_activity(model, engine, work, WeightStore.ANY_MEMORY)
    assert memory.count(OperationKind.MULTIPLY) == 448
    assert memory.bits_read(ReadKind.WEIGHTS) == 448 * 8


def test_a_layer_of_one_step_multiplies_only_with_weights_from_a_memory() -> None:
    """4 inputs by 2, 6 neurons by 3: 24 products; the output layer of one step has 6 or none."""
    model = random_model((4, 6, 1))
    foldings = [(3, 2), (1, 6)]
    for reloadable, products in ((False, 24), (True, 24 + 6)):
        engine = fold_model(model, foldings, reloadable=reloadable)
        activity = engine_activity(model, engine, curve(engine, 10))
        assert activity.count(OperationKind.MULTIPLY) == 10 * products
