# SPDX-License-Identifier: Apache-2.0
"""Jobs of a coprocessor with windows, in Amaranth's own simulator; see also sim/benches."""

import random
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles
from tests.models import random_codes, random_model
from tests.rtl.register_access import Bus
from tests.rtl.windowed_access import (
    BUSY,
    LONG_JOB,
    MANY_INPUTS,
    MANY_OF_BOTH,
    MANY_RESULTS,
    QUEUED,
    UNTRIGGERED,
    Shape,
    check_rows,
    room_of,
    stepped,
    store_words,
    with_windows,
)


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize(
    ("shape", "parts"),
    [
        (MANY_INPUTS, {}),
        (MANY_INPUTS, {"input_width": 16, "signed_inputs": False}),
        (MANY_RESULTS, {"input_width": 4}),
        (MANY_OF_BOTH, {"input_width": 3, "multipliers": 9, "output": "code"}),
        (((1100, 5, 3), [(1, 55), (3, 1)]), {"input_width": 1, "signed_inputs": False}),
        (((300, 4, 9), [(4, 10), (3, 2)]), {"input_width": 2, "output": "argmax"}),
        (((140, 7), [(3, 9)]), {"input_width": 8}),
        (((140, 6), [(6, 70)]), {"input_width": 8}),
    ],
)
def test_vectors_are_stored_and_results_read_while_others_are_computed(
    shape: Shape, parts: dict[str, Any]
) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        await check_rows(bus, model)
        assert await bus.read("STATUS") == 0
        assert await bus.read("COMPLETED_JOBS") == 4

    with_windows(shape, body, **parts)


def test_vectors_are_refused_until_results_are_read() -> None:
    """Results fill their room, a job waits for more of it, and tells so."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(0)
        room = room_of(bus)
        codes = random_codes(model, room + 3)
        expected = model.infer(codes).tolist()
        inputs = bus.coprocessor.register_map.input_addresses
        await bus.write("AUTOTRIGGER", 1)
        for row in codes[: room + 1].tolist():
            await store_words(bus, row, draw)
        await bus.idle((room + 1) * windowed_cycles(stepped(bus)))
        assert await bus.read("STATUS") == QUEUED | room << 8
        assert await bus.read("COMPLETED_JOBS") == room
        assert await bus.read("RUNNING_JOB") == room - 1
        await bus.access_address(inputs[0], 0, refused=True)
        await bus.access_address(inputs[-1], 0, refused=True)
        await bus.write("JOB", 0, refused=True)
        assert await bus.results() == expected[0]
        # It runs now, and the words are free.
        assert await bus.read("STATUS") & 0xFF == BUSY
        await store_words(bus, codes[room + 1].tolist(), draw)
        for row in range(1, room + 2):
            assert await bus.results() == expected[row]
        assert await bus.read("STATUS") == 0
        assert await bus.results() == expected[room + 1], "taken is shown until there is more"

    with_windows(MANY_INPUTS, body)


def test_a_write_waits_until_layer_1_has_taken_the_vector_before() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(0)
        codes = random_codes(model, 3)
        expected = model.infer(codes).tolist()
        inputs = bus.coprocessor.register_map.input_addresses
        await bus.write("AUTOTRIGGER", 1)
        await store_words(bus, codes[0].tolist(), draw)
        # Stored before the first one is taken, which takes longer.
        await store_words(bus, codes[1].tolist(), draw)
        assert await bus.read("STATUS") == BUSY | QUEUED
        _, waited = await bus.access_address(inputs[0], 0)
        assert 0 < waited < stepped(bus).layers[0].cycles
        # The second one has begun, and the first one runs on.
        assert await bus.read("COMPLETED_JOBS") == 0
        assert await bus.read("STATUS") == BUSY
        assert await bus.read("RUNNING_JOB") == 0
        await store_words(bus, codes[2].tolist(), draw)
        for results in expected:
            assert await bus.results() == results
        assert await bus.read("RUNNING_JOB") == 2
        assert await bus.read("STATUS") == 0

    with_windows(LONG_JOB, body)


def test_a_job_without_its_trigger_holds_its_words_and_refuses_others() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(0)
        codes = random_codes(model, 2)
        expected = model.infer(codes).tolist()
        inputs = bus.coprocessor.register_map.input_addresses
        await store_words(bus, codes[0].tolist(), draw)
        assert await bus.read("STATUS") == 0, "nothing starts by itself"
        await bus.write("COMMIT_TRIGGER", 0, refused=True)
        assert await bus.read("ACQUIRE") == 0
        await bus.write("COMMIT_TRIGGER", 1)
        assert await bus.read("STATUS") == QUEUED | UNTRIGGERED
        assert await bus.read("ACQUIRE") == 0xFFFF_FFFF
        await bus.access_address(inputs[0], 0, refused=True)
        await bus.write("JOB", 0, refused=True)
        await bus.write("COMMIT_TRIGGER", 2)
        assert await bus.results() == expected[0]
        for kind in (1, 2, 3):
            await bus.write("JOB", kind)
            assert await bus.read("ACQUIRE") == (1 if kind == 1 else 0xFFFF_FFFE)
            await bus.write("COMMIT_TRIGGER", 0, refused=True)
            await bus.write("AUTOTRIGGER", 1)
            await bus.access_address(inputs[-1], 0, refused=True)
            await bus.write("AUTOTRIGGER", 0)
        await bus.write("JOB", 0)
        await store_words(bus, codes[1].tolist(), draw)
        await bus.write("COMMIT_TRIGGER", 0)
        assert await bus.results() == expected[1]

    with_windows(MANY_OF_BOTH, body)


@pytest.mark.regression
def test_a_soft_clear_in_any_cycle_of_jobs_leaves_a_coprocessor_that_works() -> None:
    """Two jobs run, and a third one waits or begins."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(0)
        codes = random_codes(model, 2)
        expected = model.infer(codes).tolist()
        await bus.write("AUTOTRIGGER", 1)
        for delay in range(2 * windowed_cycles(stepped(bus)) + 4):
            for _ in range(3):
                await store_words(bus, codes[0].tolist(), draw)
            await bus.idle(delay)
            await bus.write("SOFT_CLEAR", 1)
            assert await bus.read("STATUS") == 0
            await store_words(bus, codes[1].tolist(), draw)
            assert await bus.results() == expected[1], f"after a clear at {delay}"

    with_windows(((140, 4, 6), [(2, 70), (3, 2)]), body)


def test_a_clear_of_the_registers_drops_the_job_that_waits_alone() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        draw = random.Random(0)
        codes = random_codes(model, 2)
        await bus.write("AUTOTRIGGER", 1)
        for row in codes.tolist():
            await store_words(bus, row, draw)
        assert await bus.read("STATUS") == BUSY | QUEUED
        await bus.write("SOFT_CLEAR", 2)
        assert await bus.read("AUTOTRIGGER") == 0
        assert await bus.results() == model.infer(codes)[0].tolist()
        await bus.idle(20)
        assert await bus.read("STATUS") == 0
        assert await bus.read("COMPLETED_JOBS") == 1
        # Its identifier is given again.
        assert await bus.read("ACQUIRE") == 1
        await check_rows(bus, model)

    with_windows(LONG_JOB, body)


def test_interrupts_tell_of_ends_of_results_and_of_refusals() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        ctx, coprocessor = bus.ctx, bus.coprocessor
        draw = random.Random(0)
        codes = random_codes(model, 2)
        await bus.write("AUTOTRIGGER", 1)
        await bus.write("EVENT_ENABLE", 1)
        await bus.write("INTERRUPT_ENABLE", 0b010)
        await store_words(bus, codes[0].tolist(), draw)
        assert not ctx.get(coprocessor.irq)
        await bus.idle(windowed_cycles(stepped(bus)) + 4)
        assert ctx.get(coprocessor.irq)
        assert bus.events == 1
        assert await bus.read("INTERRUPT_PENDING") == 0b011
        await bus.write("INTERRUPT_PENDING", 0b111)
        assert await bus.read("INTERRUPT_PENDING") == 0b010
        await bus.results()
        await bus.idle(2)
        assert not ctx.get(coprocessor.irq)
        assert not ctx.get(coprocessor.active)
        await bus.access_address(coprocessor.register_map.input_addresses[0], None, refused=True)
        await bus.access_address(coprocessor.register_map.result_addresses[0], 0, refused=True)
        assert await bus.read("INTERRUPT_PENDING") == 0b100

    with_windows(MANY_INPUTS, body)


def test_what_is_not_there_is_refused() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        registers = bus.coprocessor.register_map
        known = {one.address for one in registers.registers}
        inputs, results = set(registers.input_addresses), set(registers.result_addresses)
        # Among them the words of other profiles of the map: N0, RESULT_FIFO, INPUT, RESULT.
        for address in [*range(0, 0x140, 4), *range(0xFF0, 0x1210, 4), 0x1FFC]:
            if address not in known | inputs:
                await bus.access_address(address, 0, refused=True)
            if address not in known | results:
                await bus.access_address(address, None, refused=True)
        assert await bus.results() == [0] * model.outputs

    with_windows(MANY_RESULTS, body)


def test_reloadable_weights_stand_in_front_of_the_windows() -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        registers = bus.coprocessor.register_map
        assert registers.window is not None
        assert registers.data_windows is not None
        assert registers.data_windows.input_base >= registers.window.end
        others = random_model(MANY_RESULTS[0], seed=5)
        for loaded in (model, others):
            image = registers.window.image(loaded)
            for address, word in image:
                await bus.access_address(address, word)
            assert (await bus.access_address(image[-1][0], None))[0] == image[-1][1]
            await check_rows(bus, loaded, rows=2)
        await store_words(bus, random_codes(model, 1)[0].tolist(), random.Random(0))
        await bus.access_address(image[0][0], 0, refused=True)
        assert await bus.read("REFUSED_ACCESSES") == 1

    with_windows(MANY_RESULTS, body, reloadable=True)
