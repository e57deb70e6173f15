# SPDX-License-Identifier: Apache-2.0
from pulsewright.hls_model.schedule.folding import fold_shared_multiplier
from pulsewright.hls_model.schedule.sequence import curve_cycles, curve_interval, longest_wait
from pulsewright.hls_model.schedule.shared_multiplier_timing import SharedMultiplierTiming
from pulsewright.hls_model.schedule.workload import full_inference


def test_cycles_of_a1_by_hand() -> None:
    """64 passes of 6 inputs and one output and one pass more, 65 * 7 steps, and 3 stages."""
    timing = SharedMultiplierTiming(inputs=6, neurons=64, outputs=1)
    assert (timing.steps, timing.layer_steps) == (455, (390, 65))
    assert (timing.latency, timing.initiation_interval) == (458, 459)


def test_one_input_waits_a_step_for_the_code() -> None:
    timing = SharedMultiplierTiming(inputs=1, neurons=3, outputs=2)
    assert (timing.input_steps, timing.pass_steps, timing.steps) == (2, 4, 16)


def test_the_engine_has_one_multiplier_and_its_own_cycles() -> None:
    engine = fold_shared_multiplier((6, 64, 1))
    assert (engine.multipliers, engine.initiation_interval, engine.latency) == (1, 459, 458)
    assert (engine.vector_beats, engine.result_beats, engine.gathers_outputs) == (1, 1, False)
    assert engine.multiplier_utilisation == 448 / 459
    assert full_inference(engine).steps == (390, 65)
    assert full_inference(engine).cycles == 458


def test_several_outputs_are_one_beat() -> None:
    engine = fold_shared_multiplier((3, 4, 5))
    assert (engine.result_lanes, engine.result_beats, engine.gathers_outputs) == (5, 1, False)


def test_one_vector_follows_the_other_in_a_curve() -> None:
    engine = fold_shared_multiplier((6, 64, 1))
    assert curve_interval(engine) == 459
    assert curve_cycles(engine, 100) == 458 + 2 + 99 * 459
    assert longest_wait(engine, 0) == 2 * 459 - 1
