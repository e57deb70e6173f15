# SPDX-License-Identifier: Apache-2.0
"""A window of results in Amaranth's own simulator, between an engine and a bus that are played."""

import random
from typing import Any

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.rtl.registers.data_windows import DataWindows
from pulsewright.rtl.registers.result_window import ResultWindow
from tests.rtl.simulation import run
from tests.rtl.streams import pack

BASE = 0x4000
SIGNED = FixedPoint(width=19, frac=0, signed=True)
UNSIGNED = FixedPoint(width=8, frac=0, signed=False)


class Driven:
    """A window, with beats offered and words read through its ports."""

    def __init__(self, ctx: Any, window: ResultWindow) -> None:
        self.ctx = ctx
        self.window = window
        self.done = 0
        self.taken: list[int] = []
        self.cycle = 0

    async def begin(self) -> None:
        """A job begins."""
        self.ctx.set(self.window.first, 1)
        await self.tick()
        self.ctx.set(self.window.first, 0)

    async def tick(self) -> None:
        self.done += self.ctx.get(self.window.done)
        self.cycle += 1
        await self.ctx.tick()

    async def offer(self, vector: list[int], draw: random.Random | None = None) -> None:
        """A job begins and offers its beats; what a last one holds past the vector is anything."""
        await self.begin()
        await self.offer_beats(vector, draw)

    async def offer_beats(self, vector: list[int], draw: random.Random | None = None) -> None:
        ctx, window = self.ctx, self.window
        for start in range(0, len(vector), window.lanes):
            lanes = vector[start : start + window.lanes]
            lanes += [1] * (window.lanes - len(lanes))
            while draw and draw.random() < 0.5:
                await self.tick()
            ctx.set(window.groups.payload.as_value(), pack(lanes, window.result_format.width))
            ctx.set(window.groups.valid, 1)
            while not ctx.get(window.groups.ready):
                await self.tick()
            self.taken.append(self.cycle)
            await self.tick()
            ctx.set(window.groups.valid, 0)

    async def read(self, word: int) -> tuple[int, int]:
        """(word, cycles)."""
        ctx, bus = self.ctx, self.window.bus
        ctx.set(bus.valid, 1)
        ctx.set(bus.address, BASE + 4 * word)
        cycles = 1
        while not ctx.get(bus.ready):
            await self.tick()
            cycles += 1
        assert not ctx.get(bus.error)
        value = ctx.get(bus.read_data)
        await self.tick()
        ctx.set(bus.valid, 0)
        return value, cycles

    async def refused(self, word: int, write: int = 0) -> None:
        bus = self.window.bus
        for name, level in {"valid": 1, "address": BASE + 4 * word, "write": write}.items():
            self.ctx.set(getattr(bus, name), level)
        assert self.ctx.get(bus.ready)
        assert self.ctx.get(bus.error)
        await self.tick()
        self.ctx.set(bus.write, 0)
        self.ctx.set(bus.valid, 0)

    @property
    def level(self) -> int:
        level: int = self.ctx.get(self.window.level)
        return level

    @property
    def running(self) -> int:
        running: int = self.ctx.get(self.window.running)
        return running


def with_window(
    body: Any, results: int, lanes: int, result_format: FixedPoint = SIGNED, vectors: int = 2
) -> None:
    windows = DataWindows(8, 0x2000, 40, BASE, results, vectors)
    window = ResultWindow(windows, result_format, lanes, 16)

    async def testbench(ctx: Any) -> None:
        await body(Driven(ctx, window))

    run(window, testbench)


def vectors(count: int, results: int, result_format: FixedPoint = SIGNED) -> list[list[int]]:
    draw = random.Random(results)
    low, high = result_format.minimum, result_format.maximum
    return [[draw.randint(low, high) for _ in range(results)] for _ in range(count)]
