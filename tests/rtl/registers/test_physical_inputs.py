# SPDX-License-Identifier: Apache-2.0
"""Words of physical inputs in both coprocessors: any order of accesses does what software wrote."""

import random
from collections.abc import Awaitable, Callable
from typing import Any

import numpy as np
import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.input_mapping import input_mapping
from pulsewright.rtl.coprocessor import Coprocessor
from pulsewright.rtl.inference_coprocessor import InferenceCoprocessor
from pulsewright.rtl.jobs.job_request import JobKind
from tests.hls_model.exact_reference import model_output
from tests.models import fold_model, random_model
from tests.rtl.register_access import ONE_OUTPUT, THREE_OUTPUTS, Bus
from tests.rtl.simulation import run
from tests.rtl.streams import pack

KINDS = (Coprocessor, InferenceCoprocessor)
BUSY, QUEUED, ACQUIRED = 1, 2, 4
Body = Callable[[Bus, IntegerMlp], Awaitable[None]]


def with_physical(
    kind: type[Coprocessor] | type[InferenceCoprocessor],
    body: Body,
    case: Any = ONE_OUTPUT,
    **parts: Any,
) -> None:
    sizes, foldings = case
    model = random_model(sizes, **parts)
    coprocessor = kind(model, fold_model(model, foldings), maps_inputs=True)

    async def testbench(ctx: Any) -> None:
        await body(Bus(ctx, coprocessor), model)

    run(coprocessor, testbench)


def drawn(model: IntegerMlp, draw: random.Random) -> list[int]:
    return [draw.randint(f.minimum - 9, f.maximum + 9) for f in model.input_map.features]


def code_of(model: IntegerMlp, number: int, physical: int) -> int:
    low, high = model.input_format.minimum, model.input_format.maximum
    code = int(model.input_map.features[number].codes(np.array([physical]))[0])
    return min(max(code, low), high)


def codes_of(model: IntegerMlp, physical: list[int]) -> list[int]:
    return [code_of(model, i, value) for i, value in enumerate(physical)]


def expected(model: IntegerMlp, codes: list[int]) -> list[int]:
    return model_output(model, np.array([codes]))[0]


async def infer(bus: Bus, physical: list[int], pause: int = 0) -> None:
    """pause: in cycles, before the last one, so that none is under way."""
    *earlier, last = physical
    for i, value in enumerate(earlier):
        await bus.write(f"PHYSICAL[{i}]", value)
    await bus.idle(pause)
    await bus.write(f"PHYSICAL_START[{len(earlier)}]", last)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("case", "parts"),
    [
        (ONE_OUTPUT, {"pulses": 20}),
        (THREE_OUTPUTS, {"pulses": 90, "log_pulses": True}),
        (ONE_OUTPUT, {"input_width": 4, "weight_width": 3}),
        (THREE_OUTPUTS, {"input_width": 16}),
        (ONE_OUTPUT, {"signed_inputs": False, "input_width": 12}),
    ],
)
def test_physical_integers_make_inferences(kind: Any, case: Any, parts: dict[str, Any]) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(1)
        for _ in range(6):
            physical = drawn(model, draw)
            await infer(bus, physical)
            assert await bus.results() == expected(model, codes_of(model, physical))
            assert await bus.read("PHYSICAL[0]") == await bus.read("PHYSICAL_START[1]") == 0

    with_physical(kind, body, case, **parts)


@pytest.mark.parametrize("kind", KINDS)
def test_one_input_that_starts_leaves_the_others(kind: Any) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(2)
        physical = drawn(model, draw)
        await infer(bus, physical)
        for number in range(len(physical)):
            physical[number] = drawn(model, draw)[number]
            await bus.write(f"PHYSICAL_START[{number}]", physical[number])
            assert await bus.results() == expected(model, codes_of(model, physical))

    with_physical(kind, body)


@pytest.mark.parametrize(("kind", "more"), [(Coprocessor, 1), (InferenceCoprocessor, 0)])
def test_a_job_begins_once_the_code_is_stored(kind: Any, more: int) -> None:
    """Layer 1: 4 groups and depth 5; layer 2: depth 4 (by hand); 1 more, and the mapping."""
    latency = 3 + 5 + 4 + 1 + more

    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(3)
        for _ in range(3):
            await infer(bus, drawn(model, draw), pause=9)
            started = bus.cycle - 1
            await bus.read("RESULT[0]")
            assert bus.cycle - 1 - started == latency + input_mapping(model.input_map).latency + 1

    with_physical(kind, body)


@pytest.mark.parametrize("kind", KINDS)
def test_the_coprocessor_is_busy_from_the_write_on(kind: Any) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        coprocessor = bus.coprocessor
        await bus.write("PHYSICAL[1]", 5)
        assert bus.ctx.get(coprocessor.active) == 1
        assert await bus.read("STATUS") == 0
        await bus.idle(10)
        assert bus.ctx.get(coprocessor.active) == 0
        await infer(bus, drawn(model, random.Random(4)))
        for _ in range(13 + input_mapping(model.input_map).latency):
            assert bus.ctx.get(coprocessor.active) == 1
            assert await bus.read("STATUS") == BUSY
        await bus.idle(4)
        assert await bus.read("STATUS") == 0

    with_physical(kind, body)


@pytest.mark.parametrize("kind", KINDS)
def test_a_soft_clear_in_any_cycle_drops_what_is_on_its_way(kind: Any) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(5)
        physical = drawn(model, draw)
        await infer(bus, physical)
        before = await bus.results()
        for delay in range(7):
            other = drawn(model, draw)
            await infer(bus, other)
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR", 1)
            assert await bus.read("STATUS") == 0
            assert await bus.results() == before
            await infer(bus, physical)
            assert await bus.results() == before

    with_physical(kind, body)


def test_registers_that_are_cleared_stay_cleared() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        for delay in range(7):
            await infer(bus, drawn(model, random.Random(6)))
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR", 2)
            assert await bus.read("INPUT[0]") == await bus.read("INPUT[1]") == 0
            await bus.idle(30)

    with_physical(Coprocessor, body)


def test_curve_and_reach_jobs_take_what_was_written() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(7)
        for _ in range(3):
            physical = drawn(model, draw)
            for i, value in enumerate(physical):
                await bus.write(f"PHYSICAL[{i}]", value)
            # The commit follows at once, and waits for the last code.
            await bus.sweep(JobKind.CURVE, 2, 9)
            curve = [expected(model, codes_of(model, [n, *physical[1:]])) for n in range(2, 10)]
            assert await bus.drain(8) == [outputs[0] for outputs in curve]
            target = sorted(outputs[0] for outputs in curve)[4]
            await bus.sweep(JobKind.REACH, 2, 9, target)
            await bus.read("RESULT[0]")
            reached = next(n for n, outputs in enumerate(curve, 2) if outputs[0] >= target)
            assert await bus.read("REACHED_N") == reached

    with_physical(Coprocessor, body, pulses=20)


def test_a_commit_right_behind_a_physical_input_takes_its_code() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(8)
        for gap in range(6):
            physical = drawn(model, draw)
            await bus.read("ACQUIRE")
            for i, value in enumerate(physical):
                await bus.write(f"PHYSICAL[{i}]", value)
            await bus.idle(gap)
            waited = await bus.write("COMMIT_TRIGGER")
            # Behind the one before, which is multiplied when the last one comes.
            longest = 2 * (input_mapping(model.input_map).latency - 2) + 1
            assert waited == max(longest - gap, 0)
            assert await bus.results() == expected(model, codes_of(model, physical))

    with_physical(Coprocessor, body)


def test_a_start_is_refused_where_a_commit_would_be() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.write("JOB", 3)
        await bus.write("PHYSICAL_START[0]", 1, refused=True)
        await bus.write("PHYSICAL[0]", 1)
        await bus.idle(5)
        assert await bus.read("STATUS") == 0
        await bus.write("JOB", JobKind.CURVE)
        await bus.write("N1", 19)
        await bus.write("PHYSICAL_START[0]", 1)
        # A curve of more pulses than the FIFO holds stands still, and a job that waits behind it.
        await bus.idle(80)
        await bus.write("PHYSICAL_START[1]", 1)
        await bus.idle(10)
        assert await bus.read("STATUS") & 3 == BUSY | QUEUED
        await bus.write("PHYSICAL[0]", 1, refused=True)
        await bus.write("PHYSICAL_START[0]", 1, refused=True)

    with_physical(Coprocessor, body, pulses=20)


def test_a_start_acquires_and_commits_and_an_acquire_behind_it_waits() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        await infer(bus, drawn(model, random.Random(9)), pause=9)
        job, waited = await bus.access("ACQUIRE", None)
        assert (job, waited) == (1, input_mapping(model.input_map).latency + 1)
        assert await bus.read("STATUS") & ACQUIRED
        assert await bus.read("COMPLETED_JOBS") == 0
        await bus.results()
        assert await bus.read("COMPLETED_JOBS") == 1

    with_physical(Coprocessor, body)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("seed", range(3))
def test_any_order_of_accesses_is_that_of_software(kind: Any, seed: int) -> None:
    """Codes and physical integers, stored and starting, one behind the other or with pauses."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(seed)
        inputs = model.sizes[0]
        codes = [0] * inputs
        with_jobs = isinstance(bus.coprocessor, Coprocessor)
        last_result: list[int] | None = None
        if not with_jobs:
            # Code registers have no reset.
            for i in range(2):
                await bus.write(f"INPUT[{i}]", 0)
            last_result = expected(model, codes)
        automatic = False
        for _ in range(250):
            await bus.idle(draw.choice([0, 0, 0, 1, 2, 3, 5]))
            starts = False
            action = draw.randrange(6)
            if action <= 2:
                number = draw.randrange(inputs)
                value = drawn(model, draw)[number]
                starts = draw.random() < 0.4
                name = "PHYSICAL_START" if starts else "PHYSICAL"
                codes[number] = code_of(model, number, value)
                await bus.write(f"{name}[{number}]", value)
            elif action == 3:
                word = draw.randrange(2)
                lanes = [draw.randint(-128, 127) for _ in codes[4 * word : 4 * word + 4]]
                codes[4 * word : 4 * word + 4] = lanes
                await bus.write(f"INPUT[{word}]", pack(lanes, 8))
                starts = word == 1 and (automatic or not with_jobs)
            elif action == 4 and with_jobs:
                automatic = draw.random() < 0.5
                await bus.write("AUTOTRIGGER", automatic)
                assert await bus.read("INPUT[0]") == pack(codes[:4], 8)
            elif last_result is not None:
                assert await bus.results() == last_result
            if starts:
                last_result = expected(model, codes)

    with_physical(kind, body)
