# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.rtl.attachments.reg_interface import (
    RegInterfaceSubordinate,
)
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    RegisterBusModel,
    answers,
    clock_gated,
    random_accesses,
    reaching,
)
from tests.rtl.simulation import run, set_members

INPUTS = ("addr", "write", "wdata", "wstrb")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.6), (0.4, 0.3), (0.3, 0)])
def test_random_traffic_keeps_the_rules_of_the_interface(
    asks: float, waits: float, seed: int
) -> None:
    """Nothing without VALID; an access ends with READY, and a read needs no strobes."""
    draw = random.Random(seed)
    accesses = random_accesses(draw, 100)
    subordinate = RegInterfaceSubordinate()
    model = RegisterBusModel(draw, waits)
    given: list[tuple[int | None, bool]] = []

    async def testbench(ctx: Any) -> None:
        reg, bus = subordinate.port, subordinate.bus
        asking, cycles = False, 0
        while len(given) < len(accesses):
            cycles += 1
            assert cycles < 5000, "the traffic came to a halt"
            asking = asking or draw.random() < asks
            values = {name: draw.getrandbits(len(getattr(reg, name))) for name in INPUTS}
            access = accesses[len(given)]
            if asking:
                values.update(addr=access.address, write=access.write)
                if access.write:
                    values.update(wdata=access.write_data, wstrb=access.byte_enable)
            set_members(ctx, reg, {"valid": asking, **values})
            model.drive(ctx, bus)
            ready, error, data = (ctx.get(getattr(reg, n)) for n in ("ready", "error", "rdata"))
            assert ctx.get(subordinate.active) == asking
            if not asking:
                assert (ctx.get(bus.valid), ready, error, data) == (0, 0, 0, 0)
            assert ready or not error
            if ready:
                readable = not error and not access.write
                assert readable or data == 0
                given.append((data if readable else None, bool(error)))
                asking = False
            model.clock(ctx, bus)
            await ctx.tick()
        if (asks, waits) == (1, 0):
            assert cycles == len(accesses), "less than one access a cycle"

    run(clock_gated(subordinate), testbench)
    written = [one for one in accesses if one.write]
    assert written
    assert given == answers(accesses)
    arrived = [one if one.write else one._replace(write_data=0) for one in model.accesses]
    assert arrived == [
        one if one.write else one._replace(byte_enable=WHOLE_WORD, write_data=0)
        for one in reaching(accesses)
    ]


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
def test_a_misaligned_access_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int
) -> None:
    subordinate = RegInterfaceSubordinate()

    async def testbench(ctx: Any) -> None:
        reg, bus = subordinate.port, subordinate.bus
        set_members(ctx, reg, {"valid": 1, "write": write, "addr": 0x80 + offset})
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        assert (ctx.get(reg.ready), ctx.get(reg.error), ctx.get(reg.rdata)) == (1, 1, 0)

    run(subordinate, testbench)
