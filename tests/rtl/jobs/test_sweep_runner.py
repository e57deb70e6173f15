# SPDX-License-Identifier: Apache-2.0
"""Jobs of a coprocessor with the engine for piecewise-linear curves, through its registers."""

from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.piecewise_linear.network import piecewise_linear_network
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.sequence import curve_cycles, longest_job
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.jobs.job_request import JobKind
from tests.models import piecewise_linear_case, random_codes
from tests.rtl.register_access import Bus
from tests.rtl.simulation import run

STREAM, INCREMENTS = 1 << 9, 1 << 8
NONE = 0xFFFF_FFFF
PULSES = 30


def with_piecewise_linear_engine(body: Any, **parts: Any) -> None:
    model, folded = piecewise_linear_case((4, 10, 1), PULSES, **parts)
    coprocessor = Coprocessor(model, folded)

    async def testbench(ctx: Any) -> None:
        await body(Bus(ctx, coprocessor), model)

    run(coprocessor, testbench)


def outputs(model: IntegerMlp, codes: np.ndarray, first: int, last: int) -> list[int]:
    sweep = piecewise_linear_network(model).sweep
    rows = np.tile(codes, (last - first + 1, 1))
    rows[:, sweep.input_index] = sweep.codes[first : last + 1]
    return model.infer(rows)[:, 0].tolist()


def test_curves_inferences_and_their_cycles() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        row = random_codes(model, 3)[1]
        folded = bus.coprocessor.folded
        await bus.store_inputs(row.tolist())
        for n0, n1 in ((0, PULSES - 1), (7, 7), (3, 12)):
            expected = outputs(model, row, n0, n1)
            await bus.sweep(JobKind.CURVE, n0, n1)
            await bus.idle(5)
            assert await bus.drain(len(expected)) == expected
            assert await bus.results() == expected[-1:]
            await bus.sweep(JobKind.CURVE, n0, n1, flags=INCREMENTS)
            differences = [after - before for before, after in pairwise([0, *expected])]
            assert await bus.drain(len(expected)) == differences
        await bus.write("JOB", JobKind.INFER)
        await bus.trigger()
        assert await bus.results() == model.infer(row[None])[0].tolist()
        assert await bus.read("CYCLES") == folded.latency + 1
        await bus.read("RESULT_FIFO", refused=True)
        # Eight results fit the FIFO, so that this one runs without a pause.
        await bus.sweep(JobKind.CURVE, 1, 8)
        await bus.idle(100)
        assert await bus.read("CYCLES") == curve_cycles(folded, 8)
        assert await bus.drain(8) == outputs(model, row, 1, 8)

    with_piecewise_linear_engine(body, pulse_input=2)


def test_reaches() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        row = random_codes(model, 3)[1]
        await bus.store_inputs(row.tolist())
        n0, n1 = 2, PULSES - 2
        values = outputs(model, row, n0, n1)
        targets = {min(values), max(values), max(values) + 1, values[len(values) // 2]}
        for target in sorted(targets | {sorted(values)[-3] + 1, -(1 << 31), (1 << 31) - 1}):
            await bus.sweep(JobKind.REACH, n0, n1, target)
            reached = [n for n, value in enumerate(values, n0) if value >= target]
            assert await bus.results() == [values[(reached[0] if reached else n1) - n0]]
            assert await bus.read("REACHED_N") == (reached[0] if reached else NONE)
            assert await bus.read("CYCLES") <= longest_job(bus.coprocessor.folded, n1 - n0 + 1)
        await bus.write("JOB", JobKind.INFER)
        await bus.trigger()
        assert await bus.results() == model.infer(row[None])[0].tolist()

    with_piecewise_linear_engine(body)


@pytest.mark.parametrize("kind", [JobKind.CURVE, JobKind.REACH])
@pytest.mark.parametrize(
    "between", [13, *(pytest.param(cycles, marks=pytest.mark.regression) for cycles in (1, 3))]
)
def test_a_soft_clear_in_any_cycle_of_a_job(kind: JobKind, between: int) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 4)
        expected = outputs(model, codes[2], 0, 12)
        for delay in range(0, 60, between):
            await bus.store_inputs(codes[1].tolist())
            await bus.sweep(kind, 0, PULSES - 1, (1 << 31) - 1)
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR")
            assert await bus.read("STATUS") == 0
            await bus.store_inputs(codes[2].tolist())
            await bus.sweep(JobKind.CURVE, 0, 12)
            assert await bus.drain(13) == expected, f"after a clear at {delay}"

    with_piecewise_linear_engine(body)
