# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest
from amaranth import Module, ResetInserter, Signal

from pulsewright.rtl.attachments.hwpe_periph import HwpePeriphTarget
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    RegisterBusModel,
    answers,
    clock_gated,
    random_accesses,
    reaching,
)
from tests.rtl.simulation import run, set_members, set_noise

INPUTS = ("req", "add", "wen", "be", "data", "id")
OUTPUTS = ("gnt", "r_valid", "r_data", "r_id")
REFUSED = 0xBADACCE5


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.6), (0.4, 0.3), (0.3, 0), (1, 0.9)])
def test_random_traffic_keeps_the_rules_of_hwpe_periph(
    asks: float, waits: float, seed: int
) -> None:
    """One response for a grant, read or write; no output follows an input within the cycle."""
    draw = random.Random(seed)
    accesses = random_accesses(draw, 100)
    ids = [draw.getrandbits(3) for _ in accesses]
    target = HwpePeriphTarget(id_bits=3)
    model = RegisterBusModel(draw, waits)
    given: list[tuple[int, int]] = []

    async def testbench(ctx: Any) -> None:
        periph, bus = target.port, target.bus
        position, asking, cycle = 0, False, 0
        granted: int | None = None
        while len(given) < len(accesses):
            cycle += 1
            assert cycle < 10_000, "the traffic came to a halt"
            settled = None
            for _ in range(4):
                set_noise(ctx, draw, [getattr(periph, name) for name in INPUTS])
                model.scramble(ctx, bus)
                observed = tuple(ctx.get(getattr(periph, name)) for name in OUTPUTS)
                assert settled in (None, observed), "an output follows an input within the cycle"
                settled = observed
            asking = asking or (position < len(accesses) and draw.random() < asks)
            values = {name: draw.getrandbits(len(getattr(periph, name))) for name in INPUTS}
            values["req"] = asking
            if asking:
                access = accesses[position]
                values.update(add=access.address, wen=not access.write, be=access.byte_enable)
                values.update(data=access.write_data, id=ids[position])
            set_members(ctx, periph, values)
            model.drive(ctx, bus)
            gnt, r_valid, r_data, r_id = observed
            if r_valid:
                assert granted is not None, "a response before its request was granted"
                assert granted < cycle, "a response in the cycle of its grant"
                if waits == 0:
                    assert granted == cycle - 1, "a response later than the cycle after the grant"
                given.append((r_data, r_id))
                granted = None
            assert not (gnt and granted), "a grant while an access is in flight"
            assert ctx.get(target.active) or not (asking or granted or r_valid)
            if asking and gnt:
                granted = cycle
                position += 1
                asking = False
            model.clock(ctx, bus)
            await ctx.tick()
        if (asks, waits) == (1, 0):
            assert cycle == len(accesses) + 1, "less than one access a cycle"

    run(clock_gated(target), testbench)
    expected = [
        REFUSED if refused else word if word is not None else 0
        for word, refused in answers(accesses)
    ]
    assert given == list(zip(expected, ids, strict=True))
    assert model.accesses == reaching(accesses)


def test_an_access_that_waits_is_answered_the_cycle_after_it_is_done() -> None:
    target = HwpePeriphTarget()

    async def testbench(ctx: Any) -> None:
        periph, bus = target.port, target.bus
        set_members(ctx, periph, {"req": 1, "wen": 1, "add": 0x100, "id": 1})
        assert ctx.get(periph.gnt) == 1
        await ctx.tick()
        ctx.set(periph.add, 0x20)
        ctx.set(periph.id, 0)
        for _ in range(5):
            assert (ctx.get(periph.gnt), ctx.get(periph.r_valid)) == (0, 0)
            assert (ctx.get(bus.valid), ctx.get(bus.address)) == (1, 0x100)
            await ctx.tick()
        ctx.set(bus.ready, 1)
        ctx.set(bus.read_data, 42)
        await ctx.tick()
        assert [ctx.get(getattr(periph, name)) for name in OUTPUTS] == [1, 1, 42, 1]
        ctx.set(periph.req, 0)
        await ctx.tick()
        assert ctx.get(periph.r_valid) == 0

    run(target, testbench)


def test_a_reset_drops_what_is_outstanding() -> None:
    target = HwpePeriphTarget()
    reset = Signal()
    m = Module()
    m.submodules.target = ResetInserter(reset)(target)

    async def testbench(ctx: Any) -> None:
        periph, bus = target.port, target.bus
        ctx.set(periph.req, 1)
        await ctx.tick()
        ctx.set(periph.req, 0)
        assert (ctx.get(bus.valid), ctx.get(periph.gnt)) == (1, 0)
        ctx.set(reset, 1)
        await ctx.tick()
        ctx.set(bus.ready, 1)
        for _ in range(3):
            assert (ctx.get(bus.valid), ctx.get(periph.r_valid)) == (0, 0)
            await ctx.tick()
            ctx.set(reset, 0)
        assert ctx.get(periph.gnt) == 1

    run(m, testbench)
