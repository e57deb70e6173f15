# SPDX-License-Identifier: Apache-2.0
"""Jobs through the registers of a whole coprocessor, against the integer model."""

from itertools import pairwise
from typing import Any

import pytest

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.pulse_sweep import PulseSweep, pulse_sweep
from pulsewright.rtl.jobs.job_request import JobKind
from tests.hls_model.exact_reference import model_output
from tests.models import random_codes
from tests.rtl.register_access import ONE_OUTPUT, THREE_OUTPUTS, Bus, with_coprocessor

STREAM, INCREMENTS = 1 << 9, 1 << 8
NONE = 0xFFFF_FFFF
PULSES = 30
SHAPES = [
    (ONE_OUTPUT, {}),
    (THREE_OUTPUTS, {"pulse_input": 3, "log_pulses": True}),
    (((6, 8, 1), [(2, 1), (1, 2)]), {"incremental": True}),
    (((5, 6, 2), [(3, 2), (2, 3)]), {"incremental": True, "pulse_input": 4, "input_width": 12}),
    (((4, 1), [(1, 2)]), {"pulse_input": 1}),
]


def curve_codes(model: IntegerMlp, row: IntegerArray, n0: int, n1: int) -> IntegerArray:
    """The input codes of pulse numbers n0 to n1 by the feature's own map."""
    sweep = pulse_sweep(model)
    assert isinstance(sweep, PulseSweep)
    codes = row[[0] * (n1 - n0 + 1)]
    feature = model.input_map.features[sweep.input_index]
    for i, n in enumerate(range(n0, n1 + 1)):
        codes[i, sweep.input_index] = int(feature.codes(row[0, :1] * 0 + n)[0])
    return codes


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(("case", "options"), SHAPES)
def test_a_curve_job_equals_one_inference_after_the_other(case: Any, options: Any) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        row = random_codes(model, 1)
        await bus.store_inputs(row[0].tolist())
        for n0, n1 in ((0, PULSES - 1), (7, 7), (3, 12)):
            expected = model_output(model, curve_codes(model, row, n0, n1))
            await bus.sweep(JobKind.CURVE, n0, n1)
            flat = [word for outputs in expected for word in outputs]
            assert await bus.drain(len(flat)) == flat
            await bus.idle(2)
            assert await bus.results() == expected[-1]

            await bus.sweep(JobKind.CURVE, n0, n1, flags=INCREMENTS)
            zero = [0] * model.sizes[-1]
            differences = [
                b - a
                for before, after in pairwise([zero, *expected])
                for a, b in zip(before, after, strict=True)
            ]
            assert await bus.drain(len(flat)) == differences
        await bus.read("RESULT_FIFO", refused=True)

    with_coprocessor(case, body, pulses=PULSES, **options)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(("case", "options"), SHAPES)
def test_a_reach_job_finds_the_first_pulse_number(case: Any, options: Any) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        row = random_codes(model, 1)
        await bus.store_inputs(row[0].tolist())
        n0, n1 = 2, PULSES - 2
        results = [r[0] for r in model_output(model, curve_codes(model, row, n0, n1))]
        targets = {min(results), max(results), max(results) + 1, results[len(results) // 2]}
        targets |= {sorted(results)[-3] + 1, -(1 << 31), (1 << 31) - 1}
        for target in sorted(targets):
            await bus.sweep(JobKind.REACH, n0, n1, target)
            final = (await bus.results())[0]
            reached = [n for n, r in enumerate(results, n0) if r >= target]
            assert await bus.read("REACHED_N") == (reached[0] if reached else NONE)
            assert final == results[(reached[0] if reached else n1) - n0]
        # The engine forgets what it had begun.
        await bus.write("JOB", JobKind.INFER)
        await bus.trigger()
        assert await bus.results() == model_output(model, row)[0]
        await bus.read("RESULT_FIFO", refused=True)

    with_coprocessor(case, body, pulses=PULSES, **options)


def test_cycles_of_jobs() -> None:
    """Layer 1: 4 groups of 6 steps, then 4 for each further pulse; depths 4 and 4, by hand."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.store_inputs(random_codes(model, 1)[0].tolist())
        await bus.sweep(JobKind.CURVE, 0, 7)
        await bus.idle(200)
        assert await bus.read("CYCLES") == 1 + (23 + 4 + 4 + 1) + 7 * 4
        await bus.sweep(JobKind.CURVE, 0, 7)
        await bus.drain(16)
        # The vector before has another N alone, and all of the second curve are further pulses.
        assert await bus.read("CYCLES") == 1 + (3 + 4 + 4 + 1) + 7 * 4

    with_coprocessor(((6, 8, 1), [(2, 1), (1, 2)]), body, incremental=True, pulses=PULSES)


def test_results_of_queued_inferences_stream_in_order() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 6)
        await bus.write("AUTOTRIGGER", 1)
        await bus.write("JOB", JobKind.INFER | STREAM)
        for row in codes[:2].tolist():
            await bus.store_inputs(row)
        expected = model_output(model, codes)
        for i, row in enumerate(codes[2:].tolist()):
            assert await bus.drain(1) == expected[i]
            await bus.idle(30)
            await bus.store_inputs(row)
        assert await bus.drain(2) == [r[0] for r in expected[4:]]

    with_coprocessor(ONE_OUTPUT, body)


def test_backpressure_of_the_fifo_loses_nothing() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        row = random_codes(model, 1)
        await bus.store_inputs(row[0].tolist())
        expected = [r[0] for r in model_output(model, curve_codes(model, row, 0, PULSES - 1))]
        await bus.sweep(JobKind.CURVE, 0, PULSES - 1)
        await bus.idle(400)
        assert await bus.read("STATUS") == 1 | 8 << 8
        assert await bus.drain(11) == expected[:11]
        await bus.idle(100)
        assert await bus.drain(PULSES - 11) == expected[11:]
        assert await bus.read("STATUS") == 0

    with_coprocessor(ONE_OUTPUT, body, pulses=PULSES)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("kind", [JobKind.CURVE, JobKind.REACH])
@pytest.mark.parametrize("incremental", [False, True])
@pytest.mark.parametrize(
    "between", [7, *(pytest.param(cycles, marks=pytest.mark.regression) for cycles in (1, 3))]
)
def test_a_soft_clear_in_any_cycle_of_a_job(kind: JobKind, incremental: bool, between: int) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        first, second = codes[:1], codes[1:]
        expected = [r[0] for r in model_output(model, curve_codes(model, second, 0, 2))]
        for delay in range(0, 60, between):
            await bus.store_inputs(first[0].tolist())
            await bus.sweep(kind, 0, 6, (1 << 31) - 1)
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR")
            assert await bus.read("STATUS") == 0
            await bus.read("RESULT_FIFO", refused=True)
            await bus.store_inputs(second[0].tolist())
            await bus.sweep(JobKind.CURVE, 0, 2)
            assert await bus.drain(3) == expected, f"after a clear at {delay}"

    foldings = [(2, 2), (1, 2)] if incremental else [(2, 6), (1, 2)]
    with_coprocessor(((6, 8, 1), foldings), body, incremental=incremental, pulses=PULSES)
