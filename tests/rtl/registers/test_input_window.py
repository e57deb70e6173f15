# SPDX-License-Identifier: Apache-2.0
import random
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.registers.data_windows import DataWindows, window_lane_bits
from pulsewright.rtl.registers.input_window import InputWindow
from tests.rtl.simulation import run
from tests.rtl.streams import pack, unpack

BASE = 0x2000


@dataclass(frozen=True)
class Case:
    """A window in front of a layer of `inputs` codes of `width` bits."""

    inputs: int
    simd: int
    width: int
    groups: int = 2
    signed: bool = False

    @property
    def windows(self) -> DataWindows:
        lane = window_lane_bits(self.width)
        return DataWindows(lane, BASE, -(-self.inputs * lane // 32), 0x8000, 1, 2)

    def make(self) -> InputWindow:
        layer = FoldedLayer(
            inputs=self.inputs,
            neurons=self.groups,
            pe=1,
            simd=self.simd,
            beat=self.inputs,
            hidden=True,
        )
        code = FixedPoint(width=self.width, frac=0, signed=self.signed)
        return InputWindow(self.windows, layer, code, 16)

    def vector(self, draw: random.Random) -> list[int]:
        low = -(1 << (self.width - 1)) if self.signed else 0
        return [draw.randrange(low, low + (1 << self.width)) for _ in range(self.inputs)]

    def words(self, vector: list[int]) -> list[int]:
        packed = pack(vector, self.windows.lane_bits)
        return [packed >> 32 * i & 0xFFFF_FFFF for i in range(self.windows.input_words)]


async def store(
    ctx: Any, window: InputWindow, word: int, value: int, byte_enable: int = 15, write: int = 1
) -> int:
    """One access; whether it is refused. It has to be answered in its cycle."""
    bus = window.bus
    for name, level in {
        "valid": 1,
        "write": write,
        "address": BASE + 4 * word,
        "write_data": value,
        "byte_enable": byte_enable,
    }.items():
        ctx.set(getattr(bus, name), level)
    assert ctx.get(bus.ready)
    refused: int = ctx.get(bus.error)
    await ctx.tick()
    ctx.set(bus.valid, 0)
    return refused


def check(case: Case, vectors: int = 3, takes: float = 1.0, seed: int = 0) -> None:
    """Store vectors in random orders of words while the ones before are stepped through."""
    window, draw = case.make(), random.Random(seed)
    found = [case.vector(draw) for _ in range(vectors)]
    steps = -(-case.inputs // case.simd)
    seen: list[list[int]] = []
    delays: list[int] = []

    async def software(ctx: Any) -> None:
        for number, vector in enumerate(found):
            words = case.words(vector)
            order = list(range(len(words)))
            draw.shuffle(order)
            for index in order:
                # What is written twice is what was written last.
                if draw.random() < 0.2:
                    await store(ctx, window, index, draw.getrandbits(32))
                assert not await store(ctx, window, index, words[index])
            while len(seen) < number * steps * case.groups:
                await ctx.tick()
            ctx.set(window.first, 1)
            await ctx.tick()
            ctx.set(window.first, 0)
            delays.append(0 if ctx.get(window.steps.valid) else 1)

    async def layer(ctx: Any) -> None:
        pace = random.Random(seed + 1)
        while len(seen) < vectors * steps * case.groups:
            taken = pace.random() < takes
            ctx.set(window.steps.ready, taken)
            if taken and ctx.get(window.steps.valid):
                word = ctx.get(window.steps.payload.as_value())
                seen.append(unpack(word, case.width, case.signed, case.simd))
            await ctx.tick()

    run(window, software, layer)
    assert delays == [0] * vectors, "the first step comes a cycle after the beginning"
    expected = [
        vector[i : i + case.simd]
        for vector in found
        for _ in range(case.groups)
        for i in range(0, case.inputs, case.simd)
    ]
    assert [lanes[: len(wanted)] for lanes, wanted in zip(seen, expected, strict=True)] == expected


CASES = [
    Case(inputs=784, simd=4, width=2),
    Case(inputs=784, simd=28, width=2, groups=3),
    Case(inputs=640, simd=8, width=8, signed=True),
    Case(inputs=200, simd=7, width=8, signed=True),
    Case(inputs=200, simd=3, width=12),
    Case(inputs=33, simd=1, width=1),
    Case(inputs=65, simd=64, width=1, groups=1),
    Case(inputs=6, simd=6, width=8, signed=True),
    Case(inputs=96, simd=48, width=16),
    Case(inputs=37, simd=5, width=3),
]


@pytest.mark.parametrize("takes", [1.0, 0.5])
@pytest.mark.parametrize("case", CASES, ids=str)
def test_steps_are_the_words_in_any_order_while_others_are_stored(case: Case, takes: float) -> None:
    check(case, takes=takes)


@settings(max_examples=15)
@given(data=st.data())
def test_any_folding_steps_through_any_lanes(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(1, 90), "inputs")
    case = Case(
        inputs=inputs,
        simd=data.draw(st.integers(1, inputs), "simd"),
        width=data.draw(st.integers(1, 16), "width"),
        groups=data.draw(st.integers(1, 3), "groups"),
        signed=data.draw(st.booleans(), "signed"),
    )
    check(case, takes=data.draw(st.sampled_from([1.0, 0.4])), seed=data.draw(st.integers(0, 99)))


def test_what_is_refused_changes_nothing() -> None:
    case = Case(inputs=20, simd=4, width=8)
    window, vector = case.make(), list(range(20))
    steps = []

    async def software(ctx: Any) -> None:
        for index, word in enumerate(case.words(vector)):
            await store(ctx, window, index, word)
            for byte_enable in (1, 3, 12, 0):
                assert await store(ctx, window, index, 0, byte_enable)
            assert await store(ctx, window, index, 0, write=0)
        for past in (5, 6, 7):
            assert await store(ctx, window, past, 0)
        ctx.set(window.last_refuses, 1)
        assert await store(ctx, window, 4, 0)
        ctx.set(window.last_refuses, 0)
        ctx.set(window.refuses, 1)
        assert await store(ctx, window, 0, 0)
        ctx.set(window.refuses, 0)
        ctx.set(window.waits, 1)
        ctx.set(window.bus.valid, 1)
        assert not ctx.get(window.bus.ready)
        ctx.set(window.bus.valid, 0)
        ctx.set(window.first, 1)
        ctx.set(window.steps.ready, 1)
        for _ in range(5):
            await ctx.tick()
            ctx.set(window.first, 0)
            steps.append(unpack(ctx.get(window.steps.payload.as_value()), 8, signed=False, count=4))

    run(window, software)
    assert [code for step in steps for code in step] == vector


def test_a_clear_forgets_the_steps_that_are_left() -> None:
    """In any cycle; the vector after it comes whole."""
    case = Case(inputs=21, simd=4, width=8)

    async def begin(ctx: Any, window: InputWindow, vector: list[int]) -> None:
        for index, word in enumerate(case.words(vector)):
            await store(ctx, window, index, word)
        ctx.set(window.first, 1)
        await ctx.tick()
        ctx.set(window.first, 0)

    window, draw = case.make(), random.Random(0)

    async def software(ctx: Any) -> None:
        ctx.set(window.steps.ready, 1)
        for delay in range(15):
            await begin(ctx, window, case.vector(draw))
            for _ in range(delay):
                await ctx.tick()
            ctx.set(window.clear, 1)
            await ctx.tick()
            ctx.set(window.clear, 0)
            assert not ctx.get(window.steps.valid)
            vector = case.vector(draw)
            await begin(ctx, window, vector)
            seen = []
            for _ in range(12):
                assert ctx.get(window.steps.valid)
                seen += unpack(ctx.get(window.steps.payload.as_value()), 8, signed=False, count=4)
                await ctx.tick()
            assert not ctx.get(window.steps.valid)
            assert seen[:21] == seen[24:45] == vector

    run(window, software)
