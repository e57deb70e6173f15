# SPDX-License-Identifier: Apache-2.0
import binascii
from typing import Any

from amaranth.lib.crc.catalog import CRC16_IBM_3740
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.rtl.uart.crc16 import Crc16
from tests.rtl.simulation import Simulation

CRC = Crc16()
SIMULATION = Simulation(CRC)


async def crc_of(ctx: Any, data: bytes) -> int:
    ctx.set(CRC.restart, 1)
    if not data:
        await ctx.tick()
    for byte in data:
        ctx.set(CRC.valid, 1)
        ctx.set(CRC.data, byte)
        await ctx.tick()
        # Without a byte nothing changes.
        ctx.set(CRC.restart, 0)
        ctx.set(CRC.valid, 0)
        ctx.set(CRC.data, ~byte & 0xFF)
        await ctx.tick()
    found: int = ctx.get(CRC.crc)
    return found


@settings(deadline=None, max_examples=40)
@given(st.lists(st.binary(max_size=12), min_size=1, max_size=4))
def test_it_is_the_crc_of_two_libraries(frames: list[bytes]) -> None:
    found = []

    async def testbench(ctx: Any) -> None:
        for frame in frames:
            ctx.set(CRC.valid, 0)
            crc = await crc_of(ctx, frame)
            found.append(crc)
            assert await crc_of(ctx, frame + crc.to_bytes(2, "big")) == 0

    SIMULATION.run(testbench)
    assert found == [binascii.crc_hqx(frame, 0xFFFF) for frame in frames]
    assert found == [CRC16_IBM_3740().compute(frame) for frame in frames]


def test_the_check_value_of_the_catalogue() -> None:
    async def testbench(ctx: Any) -> None:
        assert await crc_of(ctx, b"123456789") == 0x29B1

    SIMULATION.run(testbench)
