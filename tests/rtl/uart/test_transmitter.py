# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise
from random import Random
from typing import Any

import pytest

from pulsewright.rtl.uart.transmitter import UartTransmitter
from tests.rtl.simulation import run
from tests.rtl.uart.serial_bits import receive


@pytest.mark.parametrize("bit_cycles", [4, 5, 26])
def test_offered_bytes_go_one_after_the_other(bit_cycles: int) -> None:
    transmitter = UartTransmitter()
    data = [*Random(bit_cycles).randbytes(8), 0, 0xFF]
    found: list[int] = []
    taken: list[int] = []

    async def offer(ctx: Any) -> None:
        ctx.set(transmitter.bit_cycles, bit_cycles)
        cycle = 0
        assert ctx.get(transmitter.tx) == 1
        for byte in data:
            ctx.set(transmitter.valid, 1)
            ctx.set(transmitter.data, byte)
            while not ctx.get(transmitter.ready):
                await ctx.tick()
                cycle += 1
            taken.append(cycle)
            await ctx.tick()
            cycle += 1
        ctx.set(transmitter.valid, 0)

    async def watch(ctx: Any) -> None:
        for _ in data:
            found.append(await receive(ctx, transmitter.tx, bit_cycles))

    run(transmitter, offer, watch)
    assert found == data
    assert {b - a for a, b in pairwise(taken)} == {10 * bit_cycles + 1}
