# SPDX-License-Identifier: Apache-2.0
from random import Random
from typing import Any

import pytest

from pulsewright.rtl.uart.receiver import UartReceiver
from tests.rtl.simulation import run
from tests.rtl.uart.serial_bits import send


def received(bit_cycles: int, driver: Any) -> list[int | str]:
    """Bytes that come of `driver(ctx, line)`, and "broken" for those without a stop bit."""
    receiver = UartReceiver()
    found: list[int | str] = []
    done = []

    async def drive(ctx: Any) -> None:
        ctx.set(receiver.bit_cycles, bit_cycles)
        ctx.set(receiver.rx, 1)
        await ctx.tick().repeat(3)
        await driver(ctx, receiver.rx)
        ctx.set(receiver.rx, 1)
        await ctx.tick().repeat(12 * bit_cycles)
        done.append(True)

    async def watch(ctx: Any) -> None:
        while not done:
            await ctx.tick()
            if ctx.get(receiver.valid):
                found.append(ctx.get(receiver.data))
            if ctx.get(receiver.broken):
                found.append("broken")

    run(receiver, drive, watch)
    return found


@pytest.mark.parametrize(
    ("bit_cycles", "length"),
    [(4, 1.0), (5, 1.0), (16, 1.0), (16, 0.96), (16, 1.04), (104, 0.96), (104, 1.04)],
)
def test_bytes_without_a_gap_come_as_they_were_sent(bit_cycles: int, length: float) -> None:
    data = [*Random(bit_cycles).randbytes(120 // bit_cycles), 0, 0xFF, 0x55]

    async def driver(ctx: Any, line: Any) -> None:
        await send(ctx, line, data, bit_cycles * length)

    assert received(bit_cycles, driver) == data


def test_a_missing_stop_bit_is_told_and_a_glitch_is_no_start_bit() -> None:
    async def driver(ctx: Any, line: Any) -> None:
        await send(ctx, line, [0x31], 16)
        await ctx.tick().repeat(40)
        for cycles in (1, 3, 6):
            ctx.set(line, 0)
            await ctx.tick().repeat(cycles)
            ctx.set(line, 1)
            await ctx.tick().repeat(200)
        await send(ctx, line, [0x32], 16, stop=0)
        await ctx.tick().repeat(200)
        await send(ctx, line, [0x33], 16)

    assert received(16, driver) == [0x31, "broken", 0x33]


def test_the_latency_is_that_of_its_docstring() -> None:
    receiver = UartReceiver()

    async def testbench(ctx: Any) -> None:
        ctx.set(receiver.bit_cycles, 10)
        ctx.set(receiver.rx, 1)
        await ctx.tick().repeat(5)
        ctx.set(receiver.rx, 0)
        while ctx.get(receiver.line):
            await ctx.tick()
        cycles = 0
        while not ctx.get(receiver.valid):
            await ctx.tick()
            cycles += 1
            if cycles == 85:
                ctx.set(receiver.rx, 1)
        assert cycles == 10 // 2 + 9 * 10

    run(receiver, testbench)
