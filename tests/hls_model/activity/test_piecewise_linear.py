# SPDX-License-Identifier: Apache-2.0
"""Operations and register loads of the engine for piecewise-linear curves, counted by hand."""

from pulsewright.hls_model.activity.engine import engine_activity, layer_activities
from pulsewright.hls_model.activity.operations import OperationKind
from pulsewright.hls_model.activity.register_writes import RegisterKind
from pulsewright.hls_model.activity.weight_reads import ReadKind, WeightStore
from pulsewright.hls_model.schedule.workload import curve, full_inference
from tests.models import fold_model, piecewise_linear_case

NEURONS, INPUTS, PULSES = 64, 6, 100
MODEL, ENGINE = piecewise_linear_case((INPUTS, NEURONS, 1), PULSES)


def test_an_inference_multiplies_once_for_each_weight() -> None:
    hidden, output = layer_activities(MODEL, ENGINE, full_inference(ENGINE))
    assert hidden.count(OperationKind.MULTIPLY) == NEURONS * INPUTS
    # Six products and a bias are seven terms.
    assert hidden.count(OperationKind.ADD) == NEURONS * 6
    assert output.count(OperationKind.MULTIPLY) == NEURONS
    # Product, output and slope.
    assert output.count(OperationKind.ADD) == NEURONS * 3


def test_a_curve_adds_its_switches_and_a_product_a_pulse() -> None:
    workload = curve(ENGINE, PULSES)
    assert workload.cycles == 176
    one, whole = (
        engine_activity(MODEL, ENGINE, work) for work in (full_inference(ENGINE), workload)
    )
    further = PULSES - 1
    multiplications = whole.count(OperationKind.MULTIPLY) - one.count(OperationKind.MULTIPLY)
    assert multiplications == further + NEURONS
    additions = whole.count(OperationKind.ADD) - one.count(OperationKind.ADD)
    # Seven bits of a quotient, the distance, and two sums; two of the output and one of the slope.
    assert additions == NEURONS * (7 + 1 + 2) + further * 3
    fewer = engine_activity(MODEL, ENGINE, workload._replace(switches=17))
    assert fewer.count(OperationKind.ADD) == whole.count(OperationKind.ADD) - 47 * 10


def test_a_curve_of_one_pulse_is_an_inference() -> None:
    alone = engine_activity(MODEL, ENGINE, curve(ENGINE, 1))
    assert alone.operations == engine_activity(MODEL, ENGINE, full_inference(ENGINE)).operations


def test_weights_are_read_once_a_curve() -> None:
    store = WeightStore.ANY_MEMORY
    whole = engine_activity(MODEL, ENGINE, curve(ENGINE, PULSES), store)
    ordinary = fold_model(MODEL, [(1, INPUTS), (1, 1)])
    once = engine_activity(MODEL, ordinary, full_inference(ordinary), store)
    for kind in ReadKind:
        assert whole.bits_read(kind) == once.bits_read(kind)


def test_registers_of_the_output_line() -> None:
    _, output = layer_activities(MODEL, ENGINE, curve(ENGINE, PULSES))
    moves = NEURONS + PULSES - 1
    widths = {one.bits for one in output.writes if one.kind is RegisterKind.ACCUMULATOR}
    assert MODEL.output_format.width in widths
    products = sum(n for one, n in output.writes.items() if one.kind is RegisterKind.PRODUCT)
    assert products == moves
