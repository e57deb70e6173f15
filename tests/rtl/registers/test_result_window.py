# SPDX-License-Identifier: Apache-2.0
import random

import pytest

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from tests.rtl.registers.driven_result_window import (
    BASE,
    SIGNED,
    UNSIGNED,
    Driven,
    vectors,
    with_window,
)


@pytest.mark.parametrize(
    ("results", "lanes", "result_format"),
    [
        (10, 1, SIGNED),
        (10, 10, SIGNED),
        (64, 7, SIGNED),
        (65, 8, UNSIGNED),
        (1, 1, UNSIGNED),
        (3, 2, SIGNED),
    ],
)
def test_words_are_read_in_any_order_and_the_last_one_takes_the_vector(
    results: int, lanes: int, result_format: FixedPoint
) -> None:
    async def body(driven: Driven) -> None:
        draw = random.Random(1)
        for number, vector in enumerate(vectors(4, results, result_format), start=1):
            await driven.offer(vector, draw)
            while driven.done < number:
                await driven.tick()
            assert driven.level == 1
            order = list(range(results - 1)) * 2
            draw.shuffle(order)
            previous = -2
            for word in [*order, results - 1]:
                assert driven.level == 1
                value, cycles = await driven.read(word)
                assert value == vector[word] & 0xFFFF_FFFF
                # The word behind the one that was read is there already.
                assert cycles == (1 if word == previous + 1 else 2)
                previous = word
            assert driven.level == 0
            # What was taken is shown until there is another one.
            assert (await driven.read(results - 1))[0] == vector[-1] & 0xFFFF_FFFF
            assert driven.level == 0

    with_window(body, results, lanes, result_format)


@pytest.mark.parametrize("lanes", [1, 3, 4, 9])
def test_results_are_stored_one_a_cycle_behind_their_beat(lanes: int) -> None:
    async def body(driven: Driven) -> None:
        (vector,) = vectors(1, 9)
        await driven.offer(vector)
        beats = -(-9 // lanes)
        assert driven.taken == [1 + lanes * beat for beat in range(beats)]
        left = 9 - (beats - 1) * lanes
        assert driven.done == 0
        for _ in range(left):
            assert driven.level == 0
            await driven.tick()
        assert (driven.done, driven.level) == (1, 1)

    with_window(body, 9, lanes)


@pytest.mark.parametrize("room", [2, 3, 6])
def test_vectors_wait_for_software_and_no_job_begins_without_room(room: int) -> None:
    """They are read in their order, and never written over, however often the ring goes round."""

    async def body(driven: Driven) -> None:
        ctx, window = driven.ctx, driven.window
        found = vectors(4 * room, 5)
        read = 0
        for number, vector in enumerate(found):
            assert (ctx.get(window.full), driven.running) == (0, 0)
            await driven.offer(vector)
            while driven.done <= number:
                assert driven.running == 1
                await driven.tick()
            assert driven.level == number + 1 - read
            assert ctx.get(window.full) == (driven.level == room)
            if driven.level == room or number + 1 == len(found):
                # All of them but one, so that another one is stored around the end of the ring.
                for expected in found[read : number + (number + 1 == len(found))]:
                    for word in (3, 0, 1, 2, 4):
                        assert (await driven.read(word))[0] == expected[word] & 0xFFFF_FFFF
                    read += 1
        assert driven.level == 0

    with_window(body, 5, 2, vectors=room)


def test_jobs_that_run_have_their_room() -> None:
    async def body(driven: Driven) -> None:
        ctx, window = driven.ctx, driven.window
        found = vectors(3, 5)
        for job in range(3):
            assert not ctx.get(window.full)
            ctx.set(window.first, 1)
            # In the cycle in which the last one begins already.
            assert ctx.get(window.full) == (job == 2)
            await driven.tick()
            ctx.set(window.first, 0)
        assert (driven.level, driven.running) == (0, 3)
        for vector in found:
            await driven.offer_beats(vector)
        while driven.done < 3:
            await driven.tick()
        assert (driven.level, driven.running, ctx.get(window.full)) == (3, 0, 1)
        for word in range(5):
            assert (await driven.read(word))[0] == found[0][word] & 0xFFFF_FFFF
        assert (driven.level, ctx.get(window.full)) == (2, 0)

    with_window(body, 5, 2, vectors=3)


@pytest.mark.parametrize("delay", range(7))
def test_a_vector_is_taken_in_any_cycle_of_the_one_behind_it(delay: int) -> None:
    """Also in the cycle of its last result."""

    async def body(driven: Driven) -> None:
        first, second = vectors(2, 4)
        await driven.offer(first)
        while driven.done < 1:
            await driven.tick()
        await driven.offer(second)
        for _ in range(delay):
            await driven.tick()
        assert (await driven.read(3))[0] == first[3] & 0xFFFF_FFFF
        while driven.done < 2:
            await driven.tick()
        assert driven.level == 1
        for word in range(4):
            assert (await driven.read(word))[0] == second[word] & 0xFFFF_FFFF
        assert driven.level == 0

    with_window(body, 4, 4)


def test_a_read_waits_for_the_job_that_runs() -> None:
    async def body(driven: Driven) -> None:
        ctx, window = driven.ctx, driven.window
        assert await driven.read(0) == (0, 2)
        found = vectors(2, 3)
        for number, vector in enumerate(found):
            ctx.set(window.due, 1)
            ctx.set(window.bus.valid, 1)
            ctx.set(window.bus.address, BASE)
            for _ in range(7):
                assert not ctx.get(window.bus.ready)
                await driven.tick()
            await driven.begin()
            ctx.set(window.due, 0)
            for _ in range(7):
                assert not ctx.get(window.bus.ready)
                await driven.tick()
            await driven.offer_beats(vector)
            while driven.done == number:
                assert not ctx.get(window.bus.ready)
                await driven.tick()
            assert await driven.read(0) == (vector[0] & 0xFFFF_FFFF, 2)
            assert await driven.read(2) == (vector[2] & 0xFFFF_FFFF, 2)

    with_window(body, 3, 3)


def test_a_read_that_is_given_up_is_no_answer_to_the_next_one() -> None:
    async def body(driven: Driven) -> None:
        ctx, window = driven.ctx, driven.window
        (vector,) = vectors(1, 3)
        await driven.offer(vector)
        while driven.done < 1:
            await driven.tick()
        ctx.set(window.bus.valid, 1)
        ctx.set(window.bus.address, BASE)
        await driven.tick()
        assert await driven.read(2) == (vector[2] & 0xFFFF_FFFF, 2)

    with_window(body, 3, 1)


def test_writes_and_words_past_the_last_are_refused() -> None:
    async def body(driven: Driven) -> None:
        for word in (5, 6, 7):
            await driven.refused(word)
        for word in (0, 4, 5):
            await driven.refused(word, write=1)
        assert driven.level == 0

    with_window(body, 5, 1)


@pytest.mark.parametrize("delay", range(8))
def test_a_clear_drops_what_is_not_taken_and_the_rest_of_a_vector(delay: int) -> None:
    async def body(driven: Driven) -> None:
        ctx, window = driven.ctx, driven.window
        found = vectors(3, 6)
        await driven.offer(found[0])
        while driven.done < 1:
            await driven.tick()
        await driven.offer(found[1][:3])
        for _ in range(delay):
            await driven.tick()
        ctx.set(window.clear, 1)
        await driven.tick()
        ctx.set(window.clear, 0)
        assert (driven.level, driven.running, driven.done) == (0, 0, 1)
        await driven.offer(found[2])
        while driven.done < 2:
            await driven.tick()
        assert driven.level == 1
        for word in range(6):
            assert (await driven.read(word))[0] == found[2][word] & 0xFFFF_FFFF

    with_window(body, 6, 3)
