# SPDX-License-Identifier: Apache-2.0
"""Cycles of jobs behind windows, alone and row after row, in Amaranth's own simulator."""

from collections.abc import Sequence
from typing import Any

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.windowed_job import windowed_cycles, windowed_wait
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor
from tests.models import random_codes
from tests.rtl.register_access import Bus
from tests.rtl.streams import pack
from tests.rtl.windowed_access import room_of, stepped, with_windows


@pytest.mark.quick_cases(5)
@pytest.mark.parametrize(
    ("sizes", "foldings"),
    [
        ((150, 5), [(1, 150)]),
        ((150, 66), [(66, 15)]),
        ((150, 20), [(7, 50)]),
        ((150, 8, 4), [(8, 50), (4, 4)]),
        ((150, 8, 70), [(2, 15), (32, 4)]),
    ],
)
@pytest.mark.parametrize("parts", [{}, {"output": "code"}, {"output": "argmax"}])
def test_a_job_takes_the_cycles_of_the_formula(
    sizes: Sequence[int], foldings: list[tuple[int, int]], parts: dict[str, Any]
) -> None:
    async def body(bus: Bus, model: IntegerMlp) -> None:
        codes = random_codes(model, 1)
        expected = model.infer(codes)[0].tolist()
        await bus.write("AUTOTRIGGER", 1)
        await bus.store_inputs(codes[0].tolist())
        address = bus.coprocessor.register_map.result_addresses
        word, waited = await bus.access_address(address[0], None)
        assert word == expected[0] & 0xFFFF_FFFF
        assert waited == windowed_cycles(stepped(bus)) + 1
        assert waited <= windowed_wait(stepped(bus))
        assert await bus.results() == expected
        assert await bus.read("CYCLES") == windowed_cycles(stepped(bus))

    with_windows((tuple(sizes), foldings), body, **parts)


SLOW = pytest.mark.regression
# Bound by layer 1, by the second and the last layer, by accesses, and by what stores results.
STREAMED = [
    ((150, 20, 12, 3), [(2, 15), (3, 4), (1, 6)], {}),
    pytest.param((150, 20, 12, 3), [(10, 30), (1, 2), (3, 4)], {}, marks=SLOW),
    pytest.param((150, 20, 12, 9), [(10, 30), (6, 10), (1, 1)], {"output": "argmax"}, marks=SLOW),
    pytest.param(
        (150, 20, 12, 9),
        [(10, 30), (6, 10), (1, 1)],
        {"multipliers": 9, "output": "code"},
        marks=SLOW,
    ),
    ((200, 6, 3), [(6, 40), (3, 2)], {}),
    pytest.param((6, 130, 70), [(2, 6), (64, 3)], {}, marks=SLOW),
    ((140, 4), [(4, 70)], {"input_width": 2}),
]


@pytest.mark.parametrize(("sizes", "foldings", "parts"), STREAMED)
def test_rows_follow_one_another_in_the_interval_of_the_formula(
    sizes: tuple[int, ...], foldings: list[tuple[int, int]], parts: dict[str, Any]
) -> None:
    """Results are read behind as many started vectors as there is room for and one more."""

    async def body(bus: Bus, model: IntegerMlp) -> None:
        assert isinstance(bus.coprocessor, WindowedCoprocessor)
        started = room_of(bus) + 1
        rows = 3 * started + 2
        codes = random_codes(model, rows)
        expected = model.infer(codes).tolist()
        inputs, results = (
            getattr(bus.coprocessor.register_map, f"{one}_addresses") for one in ("input", "result")
        )
        lane = bus.coprocessor.register_map.input_lane_bits
        longest, taken = 0, []
        await bus.write("AUTOTRIGGER", 1)
        for row in range(rows + started - 1):
            for i, address in enumerate(inputs if row < rows else ()):
                word = pack(codes[row].tolist(), lane) >> 32 * i & 0xFFFF_FFFF
                longest = max(longest, (await bus.access_address(address, word))[1])
            if row < started - 1:
                continue
            read = []
            for address in results:
                word, waited = await bus.access_address(address, None)
                read.append(word)
                longest = max(longest, waited)
            taken.append(bus.cycle)
            assert read == [one & 0xFFFF_FFFF for one in expected[len(taken) - 1]]
        interval = bus.coprocessor.interval
        # From the first row behind which all that may be is started, to the last one of these.
        busy = taken[started : rows - started + 1]
        cycles = busy[-1] - busy[0]
        # Where codes wait behind the accumulators storing takes less than the formula says.
        stores_codes = "output" in parts and interval > stepped(bus).initiation_interval
        assert cycles == (len(busy) - 1) * interval or (
            stores_codes and cycles < (len(busy) - 1) * interval
        )
        if interval == stepped(bus).initiation_interval:
            assert await bus.read("CYCLES") == interval
        assert longest <= windowed_wait(stepped(bus))
        assert await bus.read("COMPLETED_JOBS") == rows
        assert await bus.read("RUNNING_JOB") == rows - 1

    with_windows((sizes, foldings), body, **parts)
