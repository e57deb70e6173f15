# SPDX-License-Identifier: Apache-2.0
"""Coprocessors with windows in Amaranth's own simulator: their shapes, their rows, their room."""

import random
from typing import Any

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.windowed_coprocessor import WindowedCoprocessor
from tests.models import fold_model, random_codes, random_model
from tests.rtl.register_access import Bus
from tests.rtl.simulation import run
from tests.rtl.streams import pack

Shape = tuple[tuple[int, ...], list[tuple[int, int]]]
BUSY, QUEUED, ACQUIRED, UNTRIGGERED = 1, 2, 4, 8
# Windows for the inputs alone, for the results alone, and for both.
MANY_INPUTS: Shape = (200, 6, 3), [(2, 8), (2, 3)]
MANY_RESULTS: Shape = (6, 8, 70), [(4, 6), (7, 4)]
# Longer than its words take to be stored.
LONG_JOB: Shape = (150, 64, 2), [(1, 10), (1, 2)]
MANY_OF_BOTH: Shape = (150, 4, 66), [(4, 30), (66, 2)]


def with_windows(shape: Shape, body: Any, reloadable: bool = False, **parts: Any) -> None:
    sizes, foldings = shape
    model = random_model(sizes, **parts)
    coprocessor = WindowedCoprocessor(model, fold_model(model, foldings, reloadable=reloadable))

    async def testbench(ctx: Any) -> None:
        await body(Bus(ctx, coprocessor), model)

    run(coprocessor, testbench)


async def store_words(bus: Bus, codes: list[int], draw: random.Random) -> None:
    """The words of a vector in any order, the last one last, since it starts the job."""
    registers = bus.coprocessor.register_map
    packed = pack(codes, registers.input_lane_bits)
    addresses = registers.input_addresses
    order = list(range(len(addresses) - 1))
    draw.shuffle(order)
    for index in [*order, len(addresses) - 1]:
        await bus.access_address(addresses[index], packed >> 32 * index & 0xFFFF_FFFF)


async def check_rows(bus: Bus, model: IntegerMlp, rows: int = 4, seed: int = 0) -> None:
    """Each vector is stored while the one before is computed, results are read meanwhile."""
    draw = random.Random(seed)
    codes = random_codes(model, rows, seed=seed)
    expected = model.infer(codes).tolist()
    await bus.write("AUTOTRIGGER", 1)
    await store_words(bus, codes[0].tolist(), draw)
    for row, results in enumerate(expected):
        if row + 1 < rows:
            await bus.idle(draw.choice([0, 0, 3, 40]))
            await store_words(bus, codes[row + 1].tolist(), draw)
        await bus.idle(draw.choice([0, 0, 5, 60]))
        assert await bus.results() == results, f"row {row}"


def stepped(bus: Bus) -> Any:
    assert isinstance(bus.coprocessor, WindowedCoprocessor)
    return bus.coprocessor.stepped


def room_of(bus: Bus) -> int:
    windows = bus.coprocessor.register_map.data_windows
    assert windows is not None
    return windows.result_vectors
