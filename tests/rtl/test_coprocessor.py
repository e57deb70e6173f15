# SPDX-License-Identifier: Apache-2.0
from math import log2
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.coprocessor import Coprocessor
from tests.hls_model.exact_reference import model_output
from tests.models import fold_model, random_codes, random_model
from tests.rtl.register_access import ONE_OUTPUT, THREE_OUTPUTS, Bus, with_coprocessor
from tests.rtl.simulation import run
from tests.rtl.streams import pack

WIDE_INPUTS = (3, 4, 2), [(2, 3), (1, 4)]
CLEAR_ALL, CLEAR_STATE, CLEAR_REGISTERS, CLEAR_NOTHING = range(4)


@pytest.mark.parametrize(
    ("case", "parts"),
    [
        (ONE_OUTPUT, {}),
        (THREE_OUTPUTS, {}),
        (ONE_OUTPUT, {"input_width": 4, "weight_width": 3}),
        (WIDE_INPUTS, {"input_width": 16}),
        (WIDE_INPUTS, {"input_width": 9, "requantised": False}),
    ],
)
def test_stores_and_loads_make_inferences(case: Any, parts: dict[str, object]) -> None:
    """Inputs, results and waiting for them, by the automatic trigger and by the register."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 6)
        expected = model_output(model, codes)
        for automatic in (0, 1):
            await bus.write("AUTOTRIGGER", automatic)
            for row, outputs in zip(codes.tolist(), expected, strict=True):
                await bus.store_inputs(row)
                if not automatic:
                    assert await bus.read("STATUS") == 0
                    await bus.trigger()
                assert await bus.results() == outputs

    with_coprocessor(case, body, **parts)


def test_a_waiting_read_is_answered_latency_plus_one_cycles_after_the_trigger() -> None:
    """Layer 1: 4 groups and depth 5; layer 2: depth 4: latency 3 + 5 + 4 (by hand)."""
    latency = 3 + 5 + 4

    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.write("AUTOTRIGGER", 1)
        for row in random_codes(model, 3).tolist():
            await bus.store_inputs(row)
            triggered = bus.cycle - 1
            await bus.read("RESULT[0]")
            answered = bus.cycle - 1
            assert answered - triggered == latency + 2
            assert await bus.read("CYCLES") == latency + 1

    with_coprocessor(ONE_OUTPUT, body)


def test_identifiers_status_and_event() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        (row,) = random_codes(model, 2)[1:].tolist()
        await bus.store_inputs(row)
        for job in range(4):
            await bus.write("EVENT_ENABLE", job % 2)
            assert await bus.read("STATUS") == 0
            assert await bus.read("ACQUIRE") == job
            assert await bus.read("STATUS") == 4
            assert await bus.read("ACQUIRE") == 0xFFFF_FFFE
            before = bus.events
            await bus.write("COMMIT_TRIGGER", 0xFFFF_FFFC)
            assert await bus.read("STATUS") == 1
            assert await bus.read("RUNNING_JOB") == job
            await bus.results()
            assert await bus.read("STATUS") == 0
            assert await bus.read("RUNNING_JOB") == job
            await bus.idle(5)
            assert bus.events - before == job % 2

    with_coprocessor(ONE_OUTPUT, body)


def test_only_the_last_input_word_triggers() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.write("AUTOTRIGGER", 1)
        await bus.write("INPUT[0]", 0x01020304)
        assert await bus.read("STATUS") == 0
        await bus.write("INPUT[1]", 0x0506)
        assert await bus.read("STATUS") == 1

    with_coprocessor(ONE_OUTPUT, body)


def test_a_soft_clear_in_any_cycle_leaves_a_working_coprocessor() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.write("EVENT_ENABLE", 1)
        await bus.write("AUTOTRIGGER", 1)
        for delay in range(18):
            await bus.store_inputs(codes[0].tolist())
            await bus.idle(delay)
            before = bus.events
            running = await bus.read("STATUS")
            await bus.write("SOFT_CLEAR", CLEAR_STATE)
            assert await bus.read("STATUS") == 0
            await bus.idle(20)
            if running and delay < 10:
                assert bus.events == before, "an abandoned job ends without an event"
            await bus.store_inputs(codes[1].tolist())
            assert await bus.results() == expected[1], f"after a clear at {delay}"

    with_coprocessor(ONE_OUTPUT, body)


@pytest.mark.parametrize("scope", [CLEAR_ALL, CLEAR_STATE, CLEAR_REGISTERS, CLEAR_NOTHING])
def test_a_soft_clear_clears_what_hwpe_ctrl_clears(scope: int) -> None:
    """0 state and registers, 1 state, 2 registers, 3 nothing."""
    state = scope in (CLEAR_ALL, CLEAR_STATE)
    words = scope in (CLEAR_ALL, CLEAR_REGISTERS)

    async def body(bus: Bus, model: IntegerMlp) -> None:
        stored = [r for r in bus.coprocessor.register_map.registers if r.storage]
        for register in stored:
            value = 0x0001_0003 if register.name != "JOB" else 1 << 9
            await bus.write(register.name, value & register.storage)
        # With the automatic trigger set, the last input word started a job that streams.
        await bus.idle(40)
        assert await bus.read("INTERRUPT_PENDING") == 0b011
        assert await bus.read("ACQUIRE") == 1
        await bus.write("SOFT_CLEAR", 0xFFFF_FFFC | scope)
        assert await bus.read("STATUS") == (0 if state else 0x100 | 4 * (not words))
        assert await bus.read("INTERRUPT_PENDING") == (0 if state else 0b011)
        for register in stored:
            value = 0x0001_0003 if register.name != "JOB" else 1 << 9
            kept = 0 if words else value & register.storage
            assert await bus.read(register.name) == kept, register.name
        expected = 1 if state or words else 0xFFFF_FFFE
        assert await bus.read("ACQUIRE") == (0 if scope == CLEAR_ALL else expected)
        assert await bus.read("COMPLETED_JOBS") == 1

    with_coprocessor(ONE_OUTPUT, body)


def test_interrupts_tell_of_jobs_results_and_refusals() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        irq = bus.coprocessor.irq
        (row,) = random_codes(model, 1).tolist()
        await bus.write("INTERRUPT_ENABLE", 0b111)
        await bus.store_inputs(row)
        await bus.trigger()
        assert bus.ctx.get(irq) == 0
        await bus.results()
        assert await bus.read("INTERRUPT_PENDING") == 0b001
        assert bus.ctx.get(irq) == 1
        # Zeros clear nothing, and a disabled one is pending all the same.
        await bus.write("INTERRUPT_PENDING", 0b110)
        assert await bus.read("INTERRUPT_PENDING") == 0b001
        await bus.write("INTERRUPT_ENABLE", 0b100)
        await bus.idle(1)
        assert bus.ctx.get(irq) == 0
        await bus.access_address(0x7C, None, refused=True)
        await bus.idle(1)
        assert bus.ctx.get(irq) == 1
        assert await bus.read("INTERRUPT_PENDING") == 0b101
        await bus.write("INTERRUPT_PENDING", 0b111)
        await bus.idle(1)
        assert bus.ctx.get(irq) == 0
        assert await bus.read("INTERRUPT_PENDING") == 0
        # What the port answers by itself.
        bus.ctx.set(bus.coprocessor.refused_at_port, 1)
        await bus.idle(1)
        bus.ctx.set(bus.coprocessor.refused_at_port, 0)
        assert await bus.read("INTERRUPT_PENDING") == 0b100

    with_coprocessor(ONE_OUTPUT, body)


@pytest.mark.parametrize("delay", range(8, 16))
def test_a_job_that_ends_while_its_bit_is_cleared_is_pending(delay: int) -> None:
    """Whatever the cycle of the clear: the end of a job after it, or in it, is told."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        await bus.store_inputs(random_codes(model, 1)[0].tolist())
        await bus.trigger()
        committed = bus.cycle - 1
        await bus.idle(delay)
        cleared = bus.cycle
        await bus.write("INTERRUPT_PENDING", 1)
        await bus.results()
        ended = committed + await bus.read("CYCLES")
        assert await bus.read("INTERRUPT_PENDING") == (ended >= cleared)

    with_coprocessor(ONE_OUTPUT, body)


def test_a_soft_clear_keeps_the_inputs_and_the_last_result() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        expected = model_output(model, codes)
        await bus.store_inputs(codes[1].tolist())
        await bus.trigger()
        assert await bus.results() == expected[1]
        await bus.write("SOFT_CLEAR", CLEAR_STATE)
        assert await bus.results() == expected[1]
        await bus.trigger()
        assert await bus.results() == expected[1]

    with_coprocessor(ONE_OUTPUT, body)


def test_unused_lane_bits_are_ignored() -> None:
    """6 codes of 5 bits: the upper bits of each byte and the last two bytes do not matter."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 4)
        expected = model_output(model, codes)
        await bus.write("AUTOTRIGGER", 1)
        for row, outputs in zip(codes.tolist(), expected, strict=True):
            lanes = [code & 0x1F for code in row]
            await bus.write("INPUT[0]", pack([lane | 0xE0 for lane in lanes[:4]], 8))
            await bus.write("INPUT[1]", pack([lanes[4], lanes[5] | 0xA0, 0xFF, 0x55], 8))
            assert await bus.results() == outputs

    with_coprocessor(ONE_OUTPUT, body, input_width=5)


def test_the_stored_result_stays_until_the_next_job_ends() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 2)
        await bus.store_inputs(codes[1].tolist())
        await bus.trigger()
        expected = model_output(model, codes)[1]
        assert await bus.results() == expected
        await bus.store_inputs(codes[0].tolist())
        await bus.idle(50)
        assert await bus.results() == expected

    with_coprocessor(THREE_OUTPUTS, body)


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("pe", [1, 2, 4, 8, 64])
def test_a_full_inference_of_a1_from_trigger_to_result(pe: int) -> None:
    """P multipliers: at most 448 / P + 8 + log2 P cycles, and no multiplier idles."""
    model = random_model((6, 64, 1))
    folded = fold_model(model, [(pe, 6), (1, pe)])
    assert folded.multipliers == 7 * pe
    assert folded.initiation_interval == 64 // pe
    assert folded.multiplier_utilisation == 1
    coprocessor = Coprocessor(model, folded)
    codes = random_codes(model, 3)
    expected = model_output(model, codes)

    async def testbench(ctx: Any) -> None:
        bus = Bus(ctx, coprocessor)
        await bus.write("AUTOTRIGGER", 1)
        for row, outputs in zip(codes.tolist(), expected, strict=True):
            await bus.store_inputs(row)
            assert await bus.results() == outputs
            cycles = await bus.read("CYCLES")
            assert cycles == folded.latency + 1
            assert cycles <= 448 / folded.multipliers + 8 + log2(folded.multipliers)

    run(coprocessor, testbench)
