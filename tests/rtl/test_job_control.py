# SPDX-License-Identifier: Apache-2.0
import random
from dataclasses import dataclass, replace
from typing import Any

import pytest

from rtl.job_control import JobControl
from tests.rtl.streams import run

OUTPUTS = ("busy", "offer", "store", "event", "cycles", "job", "next_job")


async def step(ctx: Any, control: JobControl, **inputs: int) -> dict[str, int]:
    """One cycle with `inputs`, the others low; what the outputs are in that cycle."""
    for name in ("start", "clear", "taken", "finish"):
        ctx.set(getattr(control, name), inputs.get(name, 0))
    seen = {name: ctx.get(getattr(control, name)) for name in OUTPUTS}
    await ctx.tick()
    return seen


def test_a_job_offers_its_vector_until_it_is_taken_and_ends_with_the_result() -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        idle = await step(ctx, control)
        assert idle == dict.fromkeys(OUTPUTS, 0)
        assert (await step(ctx, control, start=1))["busy"] == 0
        for _ in range(3):
            seen = await step(ctx, control)
            assert (seen["busy"], seen["offer"], seen["store"]) == (1, 1, 0)
        assert (await step(ctx, control, taken=1))["offer"] == 1
        for _ in range(4):
            seen = await step(ctx, control)
            assert (seen["busy"], seen["offer"], seen["event"]) == (1, 0, 0)
        assert (await step(ctx, control, finish=1))["store"] == 1
        seen = await step(ctx, control)
        assert (seen["busy"], seen["store"], seen["event"]) == (0, 0, 1)
        # Three, one, four and one busy cycles.
        assert seen["cycles"] == 3 + 1 + 4 + 1
        assert (await step(ctx, control))["event"] == 0

    run(control, testbench)


def test_a_job_of_one_cycle_counts_one() -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        await step(ctx, control, start=1)
        await step(ctx, control, taken=1, finish=1)
        seen = await step(ctx, control)
        assert (seen["busy"], seen["offer"], seen["cycles"]) == (0, 0, 1)

    run(control, testbench)


def test_a_start_while_a_job_runs_is_ignored() -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        await step(ctx, control, start=1)
        await step(ctx, control, taken=1)
        seen = await step(ctx, control, start=1)
        assert (seen["job"], seen["next_job"]) == (0, 1)
        seen = await step(ctx, control, finish=1)
        assert (seen["job"], seen["next_job"], seen["offer"]) == (0, 1, 0)
        assert (await step(ctx, control))["busy"] == 0

    run(control, testbench)


def test_a_result_without_a_job_is_not_stored() -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        assert (await step(ctx, control, finish=1))["store"] == 0
        seen = await step(ctx, control)
        assert (seen["event"], seen["cycles"]) == (0, 0)

    run(control, testbench)


@pytest.mark.parametrize("together", [{}, {"taken": 1}, {"finish": 1}])
def test_a_clear_abandons_the_job_without_an_event(together: dict[str, int]) -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        await step(ctx, control, start=1)
        seen = await step(ctx, control, clear=1, **together)
        assert seen["store"] == 0
        seen = await step(ctx, control)
        assert (seen["busy"], seen["offer"], seen["event"], seen["cycles"]) == (0, 0, 0, 0)
        # The identifier of the abandoned job is not used again.
        await step(ctx, control, start=1)
        seen = await step(ctx, control)
        assert (seen["busy"], seen["job"], seen["next_job"]) == (1, 1, 2)

    run(control, testbench)


def test_identifiers_wrap_after_256_jobs() -> None:
    control = JobControl()

    async def testbench(ctx: Any) -> None:
        for number in range(260):
            assert (await step(ctx, control, start=1))["next_job"] == number % 256
            assert (await step(ctx, control, taken=1, finish=1))["job"] == number % 256

    run(control, testbench)


@dataclass(frozen=True)
class State:
    busy: int = 0
    offer: int = 0
    event: int = 0
    cycles: int = 0
    job: int = 0
    next_job: int = 0
    counter: int = 0


def test_random_inputs_against_the_description() -> None:
    """The docstring once more, as a function from state and inputs to the next state."""
    control = JobControl()
    draw = random.Random(7)

    async def testbench(ctx: Any) -> None:
        state = State()
        for _ in range(3000):
            inputs = {
                "start": draw.random() < 0.4,
                "clear": draw.random() < 0.05,
                "taken": draw.random() < 0.3,
                "finish": draw.random() < 0.2,
            }
            seen = await step(ctx, control, **inputs)
            store = bool(state.busy and inputs["finish"] and not inputs["clear"])
            assert seen == {
                "busy": state.busy,
                "offer": state.offer,
                "store": store,
                "event": state.event,
                "cycles": state.cycles,
                "job": state.job,
                "next_job": state.next_job,
            }
            after = replace(state, event=int(store), counter=state.counter + 1)
            if inputs["clear"]:
                after = replace(after, busy=0, offer=0)
            elif not state.busy and inputs["start"]:
                following = (state.next_job + 1) % 256
                after = replace(
                    after, busy=1, offer=1, counter=1, job=state.next_job, next_job=following
                )
            elif state.busy:
                if inputs["taken"]:
                    after = replace(after, offer=0)
                if store:
                    after = replace(after, busy=0, cycles=state.counter)
            state = after

    run(control, testbench)
