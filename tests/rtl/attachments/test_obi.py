# SPDX-License-Identifier: Apache-2.0
import random
from collections import deque
from dataclasses import asdict, dataclass
from typing import Any

import pytest
from amaranth import Module, ResetInserter, Signal

from pulsewright.rtl.attachments.obi import ObiSubordinate
from tests.rtl.attachments.register_bus_model import (
    REFUSED_FROM,
    SPACE,
    RegisterBusModel,
    answer_of,
    clock_gated,
)
from tests.rtl.simulation import run, set_members, set_noise

REQUEST = ("req", "addr", "we", "be", "wdata", "aid")
RESPONSE = ("rdata", "err", "rid")
ERROR_WORD = 0x0000_0000


@dataclass
class Request:
    addr: int
    we: int
    be: int
    wdata: int
    aid: int


def random_requests(draw: random.Random, count: int) -> list[Request]:
    requests = []
    for _ in range(count):
        address = draw.choice([draw.randrange(0, SPACE, 4), draw.randrange(SPACE)])
        requests.append(
            Request(
                addr=address | draw.getrandbits(32) // SPACE * SPACE,
                we=draw.getrandbits(1),
                be=draw.randrange(1, 16),
                wdata=draw.getrandbits(32),
                aid=draw.getrandbits(1),
            )
        )
    return requests


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.regression) for seed in range(1, 20))]
)
@pytest.mark.parametrize(
    ("asks", "takes", "waits"),
    [(1, 1, 0), (1, 1, 0.6), (0.4, 1, 0.3), (1, 0.3, 0), (0.5, 0.4, 0.5), (1, 0.1, 0.8)],
)
def test_random_traffic_keeps_the_rules_of_obi(
    asks: float, takes: float, waits: float, seed: int
) -> None:
    """In order, mirrored ids, held responses, no combinational path; each access done once."""
    draw = random.Random(seed)
    requests = random_requests(draw, 120)
    subordinate = ObiSubordinate()
    model = RegisterBusModel(draw, waits)

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        position, asking = 0, False
        outstanding: deque[tuple[Request, int]] = deque()
        responses: list[tuple[Request, dict[str, int]]] = []
        held: dict[str, int] | None = None
        cycle = 0
        while len(responses) < len(requests):
            cycle += 1
            assert cycle < 20_000, "the traffic came to a halt"
            # gnt and rvalid (and what goes with it) must not follow the inputs within a cycle.
            settled = None
            for _ in range(4):
                set_noise(ctx, draw, [getattr(obi, name) for name in (*REQUEST, "rready")])
                model.scramble(ctx, bus)
                observed = {n: ctx.get(getattr(obi, n)) for n in ("gnt", "rvalid", *RESPONSE)}
                assert settled in (None, observed), "an output follows an input within the cycle"
                settled = observed
            # Now the cycle as it is. A request stands until it is granted.
            asking = asking or (position < len(requests) and draw.random() < asks)
            values = {name: draw.getrandbits(len(getattr(obi, name))) for name in REQUEST[1:]}
            if asking:
                values = asdict(requests[position])
            taking = draw.random() < takes
            set_members(ctx, obi, {"req": asking, "rready": taking, **values})
            model.drive(ctx, bus)

            if ctx.get(obi.rvalid):
                response = {name: ctx.get(getattr(obi, name)) for name in RESPONSE}
                assert held in (None, response), "a response changed before it was taken"
                held = response
                assert outstanding, "a response before its request was granted"
                request, granted = outstanding[0]
                assert granted < cycle, "a response in the cycle of its grant"
                assert response["rid"] == request.aid
                if taking:
                    responses.append((request, response))
                    outstanding.popleft()
                    held = None
            else:
                assert held is None, "rvalid was retracted"
            if asking and ctx.get(obi.gnt):
                outstanding.append((requests[position], cycle))
                position += 1
                asking = False
            model.clock(ctx, bus)
            await ctx.tick()

        assert [request for request, _ in responses] == requests
        aligned = [request for request in requests if request.addr % 4 == 0]
        assert model.accesses == [
            (request.addr % SPACE, request.we, request.be, request.wdata) for request in aligned
        ]
        storage = 0
        for request, response in responses:
            address = request.addr % SPACE
            refused = request.addr % 4 != 0 or address >= REFUSED_FROM
            assert response["err"] == refused
            if request.we or refused:
                assert response["rdata"] == ERROR_WORD
                storage = storage if refused else request.wdata
            else:
                assert response["rdata"] == answer_of(address, storage)

    run(clock_gated(subordinate), testbench)


async def idle(ctx: Any, subordinate: ObiSubordinate) -> None:
    ctx.set(subordinate.port.req, 0)
    await ctx.tick()


def test_one_access_goes_every_cycle() -> None:
    subordinate = ObiSubordinate()

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(obi.rready, 1)
        ctx.set(bus.ready, 1)
        ctx.set(obi.req, 1)
        for cycle in range(20):
            ctx.set(obi.addr, 4 * cycle)
            ctx.set(bus.read_data, 1000 + cycle)
            assert ctx.get(obi.gnt) == 1
            assert ctx.get(obi.rvalid) == (cycle > 0)
            if cycle:
                assert ctx.get(obi.rdata) == 1000 + cycle - 1
            assert ctx.get(bus.address) == 4 * cycle
            await ctx.tick()

    run(subordinate, testbench)


def test_an_access_that_waits_is_answered_the_cycle_after_it_is_done() -> None:
    subordinate = ObiSubordinate()

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(obi.rready, 1)
        ctx.set(bus.ready, 0)
        ctx.set(obi.req, 1)
        ctx.set(obi.addr, 0x100)
        ctx.set(obi.aid, 1)
        assert ctx.get(obi.gnt) == 1
        await ctx.tick()
        # The manager may ask for something else meanwhile; it gets no grant.
        ctx.set(obi.addr, 0x20)
        ctx.set(obi.aid, 0)
        for _ in range(5):
            assert (ctx.get(obi.gnt), ctx.get(obi.rvalid)) == (0, 0)
            assert (ctx.get(bus.valid), ctx.get(bus.address)) == (1, 0x100)
            await ctx.tick()
        ctx.set(bus.ready, 1)
        ctx.set(bus.read_data, 42)
        await ctx.tick()
        assert (ctx.get(obi.rvalid), ctx.get(obi.rdata), ctx.get(obi.rid)) == (1, 42, 1)
        assert ctx.get(obi.gnt) == 1

    run(subordinate, testbench)


def test_a_response_is_held_until_it_is_taken() -> None:
    subordinate = ObiSubordinate()

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(obi.req, 1)
        ctx.set(bus.ready, 1)
        granted = 0
        for cycle in range(10):
            ctx.set(bus.read_data, 7 + granted)
            granted += ctx.get(obi.gnt)
            await ctx.tick()
            assert (ctx.get(obi.rvalid), ctx.get(obi.rdata)) == (1, 7)
            assert granted == min(cycle + 1, 2), "room for a response and the request behind it"
            assert ctx.get(bus.valid) == 0, "done before there is room for its response"
        ctx.set(obi.req, 0)
        ctx.set(obi.rready, 1)
        await ctx.tick()
        assert (ctx.get(obi.rvalid), ctx.get(obi.rdata)) == (1, 7 + granted)
        await ctx.tick()
        assert ctx.get(obi.rvalid) == 0

    run(subordinate, testbench)


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
def test_a_misaligned_access_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int
) -> None:
    subordinate = ObiSubordinate()

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(obi.req, 1)
        ctx.set(obi.we, write)
        ctx.set(obi.addr, 0x80 + offset)
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        await ctx.tick()
        ctx.set(obi.req, 0)
        assert (ctx.get(obi.rvalid), ctx.get(obi.err), ctx.get(obi.rdata)) == (1, 1, 0)

    run(subordinate, testbench)


def test_nothing_reaches_the_registers_without_a_request() -> None:
    subordinate = ObiSubordinate()

    async def testbench(ctx: Any) -> None:
        for address in (0, 4, 0x80):
            ctx.set(subordinate.port.addr, address)
            ctx.set(subordinate.port.we, 1)
            assert ctx.get(subordinate.bus.valid) == 0
            await idle(ctx, subordinate)
            assert ctx.get(subordinate.port.rvalid) == 0

    run(subordinate, testbench)


@pytest.mark.parametrize("waiting", [False, True])
def test_a_reset_drops_what_is_outstanding(waiting: bool) -> None:
    subordinate = ObiSubordinate()
    reset = Signal()
    m = Module()
    m.submodules.subordinate = ResetInserter(reset)(subordinate)

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(bus.ready, not waiting)
        ctx.set(obi.req, 1)
        await ctx.tick()
        await ctx.tick()
        ctx.set(obi.req, 0)
        assert ctx.get(obi.rvalid) == (not waiting)
        ctx.set(reset, 1)
        await ctx.tick()
        ctx.set(bus.ready, 1)
        for _ in range(4):
            assert (ctx.get(obi.rvalid), ctx.get(bus.valid)) == (0, 0)
            await ctx.tick()
        ctx.set(reset, 0)
        await ctx.tick()
        assert (ctx.get(obi.gnt), ctx.get(obi.rvalid), ctx.get(bus.valid)) == (1, 0, 0)

    run(m, testbench)


def test_a_wider_register_bus_gets_more_of_the_address() -> None:
    subordinate = ObiSubordinate(register_bits=20)

    async def testbench(ctx: Any) -> None:
        ctx.set(subordinate.port.req, 1)
        ctx.set(subordinate.port.addr, 0xFF_FFFC)
        assert ctx.get(subordinate.bus.address) == 0xF_FFFC

    run(subordinate, testbench)


@pytest.mark.parametrize(("address_bits", "id_bits"), [(13, 4), (32, 8)])
def test_other_widths_mirror_the_whole_id(address_bits: int, id_bits: int) -> None:
    subordinate = ObiSubordinate(address_bits, id_bits)

    async def testbench(ctx: Any) -> None:
        obi, bus = subordinate.port, subordinate.bus
        ctx.set(bus.ready, 1)
        ctx.set(obi.rready, 1)
        ctx.set(obi.req, 1)
        ctx.set(obi.addr, 0xFFC)
        for aid in (2**id_bits - 1, 1, 2 ** (id_bits - 1)):
            ctx.set(obi.aid, aid)
            assert ctx.get(bus.address) == 0xFFC
            await ctx.tick()
            assert ctx.get(obi.rid) == aid

    run(subordinate, testbench)
