# SPDX-License-Identifier: Apache-2.0
from typing import Any

from pulsewright.rtl.uart.silence import SilenceTimer
from tests.rtl.simulation import run


def test_it_counts_from_the_last_low_cycle_on() -> None:
    timer = SilenceTimer()

    async def testbench(ctx: Any) -> None:
        ctx.set(timer.silence_cycles, 20)
        ctx.set(timer.line, 1)
        await ctx.tick().repeat(2)
        assert ctx.get(timer.silent)
        for low, high in ((1, 19), (7, 19), (3, 5)):
            ctx.set(timer.line, 0)
            await ctx.tick().repeat(low)
            ctx.set(timer.line, 1)
            for _ in range(high):
                assert not ctx.get(timer.silent)
                await ctx.tick()
        await ctx.tick().repeat(14)
        assert not ctx.get(timer.silent)
        await ctx.tick()
        assert ctx.get(timer.silent)

    run(timer, testbench)
