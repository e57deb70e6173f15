# SPDX-License-Identifier: Apache-2.0
"""The coprocessor that infers and does nothing else, against the one that has all jobs."""

from collections.abc import Awaitable, Callable
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.inference_coprocessor import InferenceCoprocessor
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.hls_model.exact_reference import model_output
from tests.models import fold_model, random_codes, random_model
from tests.rtl.register_access import ONE_OUTPUT, THREE_OUTPUTS, Bus
from tests.rtl.simulation import run
from tests.rtl.streams import pack

WIDE_INPUTS = (3, 4, 2), [(2, 3), (1, 4)]
CLEAR_ALL, CLEAR_STATE, CLEAR_REGISTERS = 0, 1, 2
JOB_ENDED, ACCESS_REFUSED = 1, 4
Body = Callable[[Bus, IntegerMlp], Awaitable[None]]


def with_inferences(case: Any, body: Body, reloadable: bool = False, **parts: Any) -> None:
    sizes, foldings = case
    model = random_model(sizes, **parts)
    coprocessor = InferenceCoprocessor(model, fold_model(model, foldings, reloadable=reloadable))

    async def testbench(ctx: Any) -> None:
        await body(Bus(ctx, coprocessor), model)

    run(coprocessor, testbench)


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        (ONE_OUTPUT, {"pulses": 20}),
        (THREE_OUTPUTS, {}),
        (ONE_OUTPUT, {"input_width": 4, "weight_width": 3}),
        (WIDE_INPUTS, {"input_width": 16, "signed_inputs": False}),
        (WIDE_INPUTS, {"input_width": 9, "requantised": False}),
    ],
)
def test_stores_and_loads_make_inferences(case: Any, parts: dict[str, object]) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 6)
        for row, outputs in zip(codes.tolist(), model_output(model, codes), strict=True):
            await bus.store_inputs(row)
            assert await bus.results() == outputs
            assert await bus.results() == outputs

    with_inferences(case, body, **parts)


def test_a_waiting_read_is_answered_latency_plus_one_cycles_after_the_trigger() -> None:
    """As with all jobs. Layer 1: 4 groups and depth 5; layer 2: depth 4 (by hand)."""
    latency = 3 + 5 + 4

    async def body(bus: Bus, model: IntegerMlp) -> None:
        for row in random_codes(model, 3).tolist():
            await bus.store_inputs(row)
            triggered = bus.cycle - 1
            await bus.read("RESULT[0]")
            assert bus.cycle - 1 - triggered == latency + 2

    with_inferences(ONE_OUTPUT, body)


def test_words_are_those_of_the_inference_until_it_ends() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.store_inputs(codes[0].tolist())
        assert await bus.read("STATUS") == 1
        assert await bus.write("INPUT[0]", pack(codes[1, :4].tolist(), 8)) > 5
        assert await bus.read("STATUS") == 0
        assert await bus.results() == expected[0]
        assert await bus.read("INPUT[0]") == 0, "it is not read back"
        await bus.write("INPUT[1]", pack(codes[1, 4:].tolist(), 8))
        assert await bus.results() == expected[1]

    with_inferences(ONE_OUTPUT, body)


def test_what_jobs_have_is_refused_and_starts_nothing() -> None:
    model = random_model(ONE_OUTPUT[0])
    with_jobs = {one.name: one.address for one in compile_register_map(model).registers}

    async def body(bus: Bus, model: IntegerMlp) -> None:
        there = {register.name for register in bus.coprocessor.register_map.registers}
        missing = with_jobs.keys() - there
        assert {"COMMIT_TRIGGER", "ACQUIRE", "AUTOTRIGGER", "JOB", "N0", "RESULT_FIFO"} <= missing
        assert there < with_jobs.keys()
        for name in missing:
            await bus.access_address(with_jobs[name], None, refused=True)
            await bus.access_address(with_jobs[name], 0, refused=True)
        assert await bus.read("STATUS") == 0
        assert await bus.read("INTERRUPT_PENDING") == ACCESS_REFUSED

    with_inferences(ONE_OUTPUT, body)


def test_a_soft_clear_in_any_cycle_leaves_a_working_coprocessor() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.write("EVENT_ENABLE", 1)
        for scope in (CLEAR_STATE, CLEAR_REGISTERS):
            for delay in range(18):
                await bus.store_inputs(codes[0].tolist())
                await bus.idle(delay)
                before = bus.events
                runs = await bus.read("STATUS")
                await bus.write("SOFT_CLEAR", scope)
                if scope == CLEAR_STATE:
                    assert await bus.read("STATUS") == 0
                    await bus.idle(20)
                    assert not (runs and delay < 10) or bus.events == before
                else:
                    assert await bus.results() == expected[0], "it goes on"
                    assert await bus.read("EVENT_ENABLE") == 0
                await bus.store_inputs(codes[1].tolist())
                assert await bus.results() == expected[1], f"after a clear at {delay}"

    with_inferences(ONE_OUTPUT, body)


def test_event_and_interrupts_tell_of_its_end() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        irq = bus.coprocessor.irq
        (row,) = random_codes(model, 1).tolist()
        await bus.write("INTERRUPT_ENABLE", 0xFFFF_FFFF)
        assert await bus.read("INTERRUPT_ENABLE") == JOB_ENDED | ACCESS_REFUSED
        for enabled in (0, 1):
            await bus.write("EVENT_ENABLE", enabled)
            before = bus.events
            await bus.store_inputs(row)
            assert bus.ctx.get(irq) == 0
            await bus.results()
            await bus.idle(2)
            assert bus.events - before == enabled
            assert bus.ctx.get(irq) == 1
            assert await bus.read("INTERRUPT_PENDING") == JOB_ENDED
            await bus.write("INTERRUPT_PENDING", JOB_ENDED)
            await bus.idle(2)
            assert bus.ctx.get(irq) == 0
        await bus.access_address(0x7C, None, refused=True)
        await bus.write("SOFT_CLEAR", CLEAR_ALL)
        assert await bus.read("INTERRUPT_PENDING") == 0
        assert await bus.read("INTERRUPT_ENABLE") == 0

    with_inferences(ONE_OUTPUT, body)


def test_reloadable_weights_are_refused_while_it_runs() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        window = bus.coprocessor.register_map.window
        assert window is not None
        image = window.image(model)
        for address, word in image:
            await bus.access_address(address, word)
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.store_inputs(codes[0].tolist())
        await bus.access_address(image[0][0], 0, refused=True)
        assert await bus.results() == expected[0]
        assert await bus.read("REFUSED_ACCESSES") == 1
        await bus.store_inputs(codes[1].tolist())
        assert await bus.results() == expected[1]

    with_inferences(ONE_OUTPUT, body, reloadable=True)
