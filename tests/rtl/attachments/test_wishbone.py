# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.rtl.attachments.wishbone import WishboneSignature, WishboneSlave
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    RegisterBusModel,
    answers,
    clock_gated,
    random_accesses,
    reaching,
)
from tests.rtl.streams import run

INPUTS = ("cyc", "stb", "we", "adr", "sel", "dat_w")


@pytest.mark.parametrize("pipelined", [False, True])
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.6), (0.4, 0.3), (0.3, 0)])
def test_random_traffic_keeps_the_rules_of_wishbone(
    asks: float, waits: float, seed: int, pipelined: bool
) -> None:
    """Nothing without CYC and STB, one termination for each access.

    A classic master goes on with a termination, a pipelined one when it is not stalled, and counts
    the terminations that come.
    """
    draw = random.Random(seed)
    accesses = random_accesses(draw, 100)
    slave = WishboneSlave()
    model = RegisterBusModel(draw, waits)
    given: list[tuple[int | None, bool]] = []

    async def testbench(ctx: Any) -> None:
        wishbone, bus = slave.port, slave.bus
        position, asking, cycles = 0, False, 0
        while len(given) < len(accesses):
            cycles += 1
            assert cycles < 5000, "the traffic came to a halt"
            asking = asking or (position < len(accesses) and draw.random() < asks)
            # CYC without STB and STB without CYC (of another slave) are nothing to us.
            cyc, stb = (1, 1) if asking else draw.choice([(0, 0), (0, 1), (1, 0)])
            values = {name: draw.getrandbits(len(getattr(wishbone, name))) for name in INPUTS}
            values.update(cyc=cyc, stb=stb)
            if asking:
                access = accesses[position]
                values.update(adr=access.address, we=access.write, dat_w=access.write_data)
                values.update(sel=access.byte_enable)
            for name, value in values.items():
                ctx.set(getattr(wishbone, name), value)
            model.drive(ctx, bus)
            ack, err, stall = (ctx.get(getattr(wishbone, n)) for n in ("ack", "err", "stall"))
            data = ctx.get(wishbone.dat_r)
            assert ctx.get(slave.active) == asking
            if not asking:
                assert (ctx.get(bus.valid), ack, err, stall, data) == (0, 0, 0, 0, 0)
            assert not (ack and err)
            if ack or err:
                readable = ack and not access.write
                assert readable or data == 0
                given.append((data if readable else None, bool(err)))
            if asking and (not stall if pipelined else ack or err):
                position += 1
                asking = False
                assert len(given) == position, "taken, but not answered in the same cycle"
            model.clock(ctx, bus)
            await ctx.tick()
        if (asks, waits) == (1, 0):
            assert cycles == len(accesses), "less than one access a cycle"

    run(clock_gated(slave), testbench)
    assert given == answers(accesses)
    assert model.accesses == reaching(accesses)


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
def test_a_misaligned_access_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int
) -> None:
    slave = WishboneSlave()

    async def testbench(ctx: Any) -> None:
        wishbone, bus = slave.port, slave.bus
        for name, value in {"cyc": 1, "stb": 1, "we": write, "adr": 0x80 + offset}.items():
            ctx.set(getattr(wishbone, name), value)
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        assert (ctx.get(wishbone.ack), ctx.get(wishbone.err)) == (0, 1)
        assert ctx.get(wishbone.dat_r) == 0

    run(slave, testbench)


@pytest.mark.parametrize("register_bits", [13, 20])
def test_the_register_bus_gets_as_much_of_the_address_as_it_takes(register_bits: int) -> None:
    slave = WishboneSlave(register_bits=register_bits)

    async def testbench(ctx: Any) -> None:
        ctx.set(slave.port.adr, 0xFFFF_FFFC)
        assert ctx.get(slave.bus.address) == 2**register_bits - 4

    run(slave, testbench)


def test_signatures_compare_by_their_parameters() -> None:
    assert WishboneSignature() == WishboneSignature(32)
    assert WishboneSignature(12) != WishboneSignature()
    assert repr(WishboneSignature(12)) == "WishboneSignature(12)"
