# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest
from amaranth import Const, Module, Signal, Value

from pulsewright.rtl.engine.step_counter import StepCounter, select
from tests.rtl.simulation import run


@pytest.mark.parametrize("steps", [1, 2, 3, 4, 5, 7, 8, 9, 64])
def test_counts_enabled_cycles_and_wraps(steps: int) -> None:
    m = Module()
    counter = StepCounter("step", steps)
    enable = Signal()
    index, first, last = Signal(8), Signal(), Signal()
    counter.advance(m, enable)
    m.d.comb += [index.eq(counter.index), first.eq(counter.first), last.eq(counter.last)]
    draw = random.Random(steps)

    async def testbench(ctx: Any) -> None:
        expected = 0
        for _ in range(3 * steps + 20):
            observed = (ctx.get(index), ctx.get(first), ctx.get(last))
            assert observed == (expected, expected == 0, expected == steps - 1)
            advance = draw.random() < 0.7
            ctx.set(enable, advance)
            await ctx.tick()
            expected = (expected + advance) % steps

    run(m, testbench)


@pytest.mark.parametrize("count", range(1, 18))
def test_select_gives_the_numbered_choice(count: int) -> None:
    draw = random.Random(count)
    values = [draw.getrandbits(9) for _ in range(count)]
    m = Module()
    index: Value = Signal(range(count)) if count > 1 else Const(0, 1)
    output = Signal(9)
    m.d.comb += output.eq(select(index, [Const(value, 9) for value in values]))

    async def testbench(ctx: Any) -> None:
        for number, value in enumerate(values):
            if count > 1:
                ctx.set(index, number)
            assert ctx.get(output) == value

    run(m, testbench, clocked=False)


def test_one_choice_needs_no_logic() -> None:
    choice = Signal(5)
    assert select(Const(0, 1), [choice]) is choice


def test_a_count_of_one_needs_no_register() -> None:
    assert isinstance(StepCounter("step", 1).index, Const)
    assert isinstance(StepCounter("step", 2).index, Signal)
