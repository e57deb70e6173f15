# SPDX-License-Identifier: Apache-2.0
"""Serial lines bit by bit in Amaranth's simulator, by clock cycles."""

from collections.abc import Iterable
from typing import Any


async def send(ctx: Any, line: Any, data: Iterable[int], cycles: float, stop: int = 1) -> None:
    """Drive bytes with bits of `cycles` clock cycles, a whole number or not, and that stop bit."""
    passed = due = 0.0
    for byte in data:
        for bit in (0, *(byte >> place & 1 for place in range(8)), stop):
            ctx.set(line, bit)
            due += cycles
            while passed + 0.5 < due:
                await ctx.tick()
                passed += 1
    ctx.set(line, 1)


async def receive(ctx: Any, line: Any, cycles: int) -> int:
    """The next byte, taken in the middle of its bits."""
    while ctx.get(line):
        await ctx.tick()
    await ctx.tick().repeat(cycles // 2)
    bits = [ctx.get(line)]
    for _ in range(9):
        await ctx.tick().repeat(cycles)
        bits.append(ctx.get(line))
    assert (bits[0], bits[9]) == (0, 1), bits
    return sum(bit << place for place, bit in enumerate(bits[1:9]))
