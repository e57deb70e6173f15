# SPDX-License-Identifier: Apache-2.0
"""Operations and register loads of the engine with one multiplier, counted by hand."""

from pulsewright.hls_model.activity.engine import engine_activity, layer_activities
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightStore
from pulsewright.hls_model.reference.fixed_point import Rounding
from pulsewright.hls_model.schedule.folding import fold_shared_multiplier
from pulsewright.hls_model.schedule.requantiser_stages import with_requantisers
from pulsewright.hls_model.schedule.workload import curve, full_inference
from tests.models import random_model

MODEL = random_model((6, 64, 1), pulses=100)
ENGINE = with_requantisers(fold_shared_multiplier(MODEL.sizes), MODEL)
PASSES = 65


def test_every_step_multiplies_and_adds_once_and_every_pass_rounds() -> None:
    hidden, output = layer_activities(MODEL, ENGINE, full_inference(ENGINE))
    assert hidden.count(OperationKind.MULTIPLY) == PASSES * 6
    assert hidden.count(OperationKind.ADD) == PASSES * 6 + PASSES
    assert output.count(OperationKind.MULTIPLY) == PASSES
    assert output.count(OperationKind.ADD) == PASSES
    floor = random_model((6, 64, 1), rounding=Rounding.FLOOR)
    (hidden, _) = layer_activities(floor, ENGINE, full_inference(ENGINE))
    assert hidden.count(OperationKind.ADD) == PASSES * 6


def test_a_curve_is_as_many_inferences() -> None:
    one = engine_activity(MODEL, ENGINE, full_inference(ENGINE))
    whole = engine_activity(MODEL, ENGINE, curve(ENGINE, 100))
    for kind in OperationKind:
        assert whole.count(kind) == 100 * one.count(kind)


def test_a_word_is_read_a_step_wherever_the_table_is() -> None:
    for store in (None, WeightStore.ANY_MEMORY):
        activity = engine_activity(MODEL, ENGINE, full_inference(ENGINE), store)
        ((read, count),) = activity.reads.items()
        assert (read.kind, count) == (ReadKind.WEIGHTS, PASSES * 7)


def test_registers() -> None:
    activity = engine_activity(MODEL, ENGINE, full_inference(ENGINE))
    assert activity.bits_written(RegisterKind.OPERAND) == PASSES * 7 * 9
    assert activity.bits_written(RegisterKind.PRODUCT) == PASSES * 7 * (8 + 9)
    assert activity.bits_written(RegisterKind.ACTIVATION) == PASSES * 8
    hidden, output = (layer.accumulator_format.width for layer in MODEL.layers)
    # Each step loads one of them; the sum is cleared for the vector and behind each pass.
    sums = hidden * (PASSES * 6 + 1 + PASSES) + output * (PASSES + 1)
    assert activity.bits_written(RegisterKind.ACCUMULATOR) == sums
