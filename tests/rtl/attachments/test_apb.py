# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.rtl.attachments.apb import ApbCompleter
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    RegisterBusModel,
    answers,
    clock_gated,
    random_accesses,
    reaching,
)
from tests.rtl.simulation import run, set_members

INPUTS = ("psel", "penable", "paddr", "pprot", "pwrite", "pwdata", "pstrb")


@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.6), (0.4, 0.3), (0.3, 0)])
def test_random_traffic_keeps_the_rules_of_apb(asks: float, waits: float, seed: int) -> None:
    """Nothing in SETUP, PREADY and PSLVERR in ACCESS only, each transfer done once."""
    draw = random.Random(seed)
    # PSTRB is low in reads, which reach the registers with whole words.
    accesses = [
        access if access.write else access._replace(byte_enable=0)
        for access in random_accesses(draw, 100)
    ]
    completer = ApbCompleter()
    model = RegisterBusModel(draw, waits)
    given: list[tuple[int | None, bool]] = []

    async def testbench(ctx: Any) -> None:
        apb, bus = completer.port, completer.bus

        async def cycle(**values: int) -> tuple[int, int, int]:
            """Signals that are not named are noise."""
            noise = {name: draw.getrandbits(len(getattr(apb, name))) for name in INPUTS}
            set_members(ctx, apb, noise | values)
            model.drive(ctx, bus)
            valid = ctx.get(bus.valid)
            seen = ctx.get(apb.pready), ctx.get(apb.pslverr), ctx.get(apb.prdata)
            assert ctx.get(completer.active) == values["psel"]
            if not (values["psel"] and values["penable"]):
                assert (valid, *seen) == (0, 0, 0, 0)
            if not seen[0]:
                assert seen == (0, 0, 0)
            model.clock(ctx, bus)
            await ctx.tick()
            return seen

        for access in accesses:
            while draw.random() >= asks:
                # PENABLE of another completer's transfer may be high.
                await cycle(psel=0, penable=draw.getrandbits(1))
            request = {
                "paddr": access.address,
                "pwrite": access.write,
                "pwdata": access.write_data,
                "pstrb": access.byte_enable,
            }
            await cycle(psel=1, penable=0, **request)
            cycles = 1
            while not (seen := await cycle(psel=1, penable=1, **request))[0]:
                cycles += 1
                assert cycles < 200, "a transfer is never answered"
            if waits == 0:
                assert cycles == 1
            _, error, data = seen
            readable = not access.write and not error
            assert readable or data == 0
            given.append((data if readable else None, bool(error)))

    run(clock_gated(completer), testbench)
    assert given == answers(accesses)
    assert model.accesses == [
        access if access.write else access._replace(byte_enable=15) for access in reaching(accesses)
    ]


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
def test_a_misaligned_transfer_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int
) -> None:
    completer = ApbCompleter()

    async def testbench(ctx: Any) -> None:
        apb, bus = completer.port, completer.bus
        set_members(ctx, apb, {"psel": 1, "penable": 1, "pwrite": write, "pstrb": 15})
        ctx.set(apb.paddr, 0x80 + offset)
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        assert (ctx.get(apb.pready), ctx.get(apb.pslverr), ctx.get(apb.prdata)) == (1, 1, 0)

    run(completer, testbench)
