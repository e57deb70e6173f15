# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.rtl.registers.interrupts import INTERRUPTS, Interrupts
from tests.rtl.simulation import run

STICKY = {"job_ended", "access_refused"}


def test_random_causes_and_clears_follow_a_set() -> None:
    """A cause in the cycle of its clear stays; the level of the FIFO is nobody's to clear."""
    interrupts = Interrupts()
    draw = random.Random(5)

    async def testbench(ctx: Any) -> None:
        pending: set[str] = set()
        irq = False
        races = 0
        for _ in range(4000):
            causes = {name for name in INTERRUPTS if draw.random() < 0.2}
            cleared = {name for name in INTERRUPTS if draw.random() < 0.3}
            enabled = {name for name in INTERRUPTS if draw.random() < 0.7}
            clear_all = not causes & STICKY and draw.random() < 0.1
            for name in INTERRUPTS:
                ctx.set(getattr(interrupts, name), name in causes)
            ctx.set(interrupts.clear, as_bits(cleared))
            ctx.set(interrupts.clear_all, clear_all)
            ctx.set(interrupts.enable, as_bits(enabled))
            shown = (pending & STICKY) | (causes - STICKY)
            assert ctx.get(interrupts.pending) == as_bits(shown)
            assert ctx.get(interrupts.irq) == irq
            next_irq = bool(shown & enabled)
            assert ctx.get(interrupts.unsettled) == (next_irq != irq)
            await ctx.tick()
            races += len(causes & cleared & STICKY)
            kept = set() if clear_all else pending - cleared
            pending = kept | (causes & STICKY)
            irq = next_irq
        assert races > 100

    run(interrupts, testbench)


@pytest.mark.parametrize("name", INTERRUPTS)
def test_the_level_comes_two_cycles_after_its_cause(name: str) -> None:
    """One, of the FIFO, which is a level already."""
    interrupts = Interrupts()

    async def testbench(ctx: Any) -> None:
        ctx.set(interrupts.enable, as_bits({name}))
        ctx.set(getattr(interrupts, name), 1)
        for _ in range(2 if name in STICKY else 1):
            assert ctx.get(interrupts.irq) == 0
            await ctx.tick()
        assert ctx.get(interrupts.irq) == 1
        ctx.set(getattr(interrupts, name), 0)
        await ctx.tick().repeat(3)
        assert ctx.get(interrupts.irq) == (name in STICKY)

    run(interrupts, testbench)


def as_bits(names: set[str]) -> int:
    return sum(1 << i for i, name in enumerate(INTERRUPTS) if name in names)
