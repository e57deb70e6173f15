# SPDX-License-Identifier: Apache-2.0
import itertools
import random
from collections import deque
from dataclasses import dataclass
from typing import Any

import pytest

from pulsewright.rtl.attachments.axi_lite import AxiLiteSubordinate
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    Access,
    RegisterBusModel,
    answers,
    clock_gated,
    is_refused,
    random_accesses,
    reaching,
)
from tests.rtl.simulation import run, set_noise, set_together

REQUESTS = {"aw": ("addr", "prot"), "w": ("data", "strb"), "ar": ("addr", "prot")}
RESPONSES = {"b": ("resp",), "r": ("resp", "data")}
OKAY, SLVERR = 0, 2


@dataclass
class Channels:
    """The manager's side: five channels that stall on their own."""

    ctx: Any
    axi: Any
    draw: random.Random
    asks: float
    takes: float

    def __post_init__(self) -> None:
        self.queues: dict[str, deque[dict[str, int]]] = {name: deque() for name in REQUESTS}
        self.asking = dict.fromkeys(REQUESTS, False)
        self.responses: dict[str, list[dict[str, int]]] = {name: [] for name in RESPONSES}
        self.held: dict[str, dict[str, int]] = {}
        self.taken = dict.fromkeys((*REQUESTS, *RESPONSES), 0)

    def signal(self, channel: str, name: str) -> Any:
        return getattr(self.axi, channel + name)

    def noise(self) -> None:
        names = [(channel, name) for channel, fs in REQUESTS.items() for name in ("valid", *fs)]
        names += [(channel, "ready") for channel in RESPONSES]
        set_noise(self.ctx, self.draw, [self.signal(*name) for name in names])

    def outputs(self) -> list[int]:
        names = [(channel, "ready") for channel in REQUESTS]
        names += [(channel, name) for channel, fs in RESPONSES.items() for name in ("valid", *fs)]
        return [self.ctx.get(self.signal(*name)) for name in names]

    def drive(self) -> None:
        self.noise()
        values = []
        for channel, queue in self.queues.items():
            self.asking[channel] |= bool(queue) and self.draw.random() < self.asks
            values.append((self.signal(channel, "valid"), self.asking[channel]))
            if self.asking[channel]:
                values += [(self.signal(channel, name), value) for name, value in queue[0].items()]
        for channel in RESPONSES:
            values.append((self.signal(channel, "ready"), self.draw.random() < self.takes))
        set_together(self.ctx, values)

    def clock(self) -> None:
        """At the end of a cycle: what was taken is done, and the rules of responses hold."""
        before = dict(self.taken)
        for channel, queue in self.queues.items():
            if self.asking[channel] and self.ctx.get(self.signal(channel, "ready")):
                queue.popleft()
                self.asking[channel] = False
                self.taken[channel] += 1
        for channel, fields in RESPONSES.items():
            if not self.ctx.get(self.signal(channel, "valid")):
                assert channel not in self.held, f"{channel}valid was retracted"
                continue
            response = {name: self.ctx.get(self.signal(channel, name)) for name in fields}
            assert self.held.setdefault(channel, response) == response, f"{channel} changed"
            for forerunner in ("aw", "w") if channel == "b" else ("ar",):
                assert before[channel] < before[forerunner], f"{channel}valid before {forerunner}"
            if self.ctx.get(self.signal(channel, "ready")):
                self.responses[channel].append(response)
                self.taken[channel] += 1
                del self.held[channel]


def queue_up(channels: Channels, accesses: list[Access]) -> None:
    for access in accesses:
        if access.write:
            channels.queues["aw"].append({"addr": access.address})
            channels.queues["w"].append({"data": access.write_data, "strb": access.byte_enable})
        else:
            channels.queues["ar"].append({"addr": access.address})


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(
    ("asks", "takes", "waits"),
    [(1, 1, 0), (1, 1, 0.6), (0.4, 1, 0.3), (1, 0.3, 0), (0.5, 0.4, 0.5), (1, 0.1, 0.8)],
)
def test_random_traffic_keeps_the_rules_of_axi(
    asks: float, takes: float, waits: float, seed: int
) -> None:
    """Reads and writes at once, AW and W in either order; each access done once, in order."""
    draw = random.Random(seed)
    accesses = [
        access if access.write else access._replace(byte_enable=15, write_data=0)
        for access in random_accesses(draw, 120)
    ]
    writes = [access for access in accesses if access.write]
    reads = [access for access in accesses if not access.write]
    subordinate = AxiLiteSubordinate()
    model = RegisterBusModel(draw, waits)
    responses: dict[str, list[dict[str, int]]] = {}

    async def testbench(ctx: Any) -> None:
        channels = Channels(ctx, subordinate.port, draw, asks, takes)
        queue_up(channels, accesses)
        cycle = 0
        while sum(map(len, channels.responses.values())) < len(accesses):
            cycle += 1
            assert cycle < 10_000, "the traffic came to a halt"
            settled = None
            for _ in range(4):
                channels.noise()
                model.scramble(ctx, subordinate.bus)
                outputs = channels.outputs()
                assert settled in (None, outputs), "an output follows an input within the cycle"
                settled = outputs
            channels.drive()
            model.drive(ctx, subordinate.bus)
            channels.clock()
            model.clock(ctx, subordinate.bus)
            await ctx.tick()
        responses.update(channels.responses)

    run(clock_gated(subordinate), testbench)
    # The write data lines are noise in a read.
    done = [a if a.write else a._replace(write_data=0) for a in model.accesses]
    assert [access for access in done if access.write] == reaching(writes)
    assert [access for access in done if not access.write] == reaching(reads)
    assert [r["resp"] for r in responses["b"]] == [2 * is_refused(access) for access in writes]
    assert [r["resp"] for r in responses["r"]] == [2 * is_refused(access) for access in reads]
    # The order in which reads and writes met the registers decides what was read.
    words = iter(
        word or 0 for access, (word, _) in zip(done, answers(done), strict=True) if not access.write
    )
    expected = [next(words) if access.address % 4 == 0 else 0 for access in reads]
    assert [r["data"] for r in responses["r"]] == expected


def contending(seed: int, waits: float, kinds: str) -> list[Access]:
    """Order in which accesses that are always there are done."""
    draw = random.Random(seed)
    subordinate = AxiLiteSubordinate()
    model = RegisterBusModel(draw, waits)

    async def testbench(ctx: Any) -> None:
        channels = Channels(ctx, subordinate.port, draw, 1, 1)
        queue_up(channels, [Access(4 * i, w == "w", 15, i) for i in range(40) for w in kinds])
        for _ in range(30):
            channels.drive()
            model.drive(ctx, subordinate.bus)
            model.clock(ctx, subordinate.bus)
            channels.clock()
            await ctx.tick()

    run(subordinate, testbench)
    return model.accesses


@pytest.mark.parametrize("waits", [0, 0.5])
def test_reads_and_writes_that_contend_take_turns(waits: float) -> None:
    writes = [access.write for access in contending(3, waits, "wr")]
    assert len(writes) > 8
    assert writes[0] == 1
    assert all(a != b for a, b in itertools.pairwise(writes))


@pytest.mark.parametrize("kinds", ["w", "r", "wr"])
def test_one_access_goes_every_cycle(kinds: str) -> None:
    assert len(contending(4, 0, kinds)) == 30


@pytest.mark.parametrize("first", ["aw", "w"])
def test_a_write_begins_when_address_and_data_are_there(first: str) -> None:
    subordinate = AxiLiteSubordinate()

    async def testbench(ctx: Any) -> None:
        axi, bus = subordinate.port, subordinate.bus
        second = "w" if first == "aw" else "aw"
        ctx.set(bus.ready, 1)
        ctx.set(axi.awaddr, 0x80)
        ctx.set(axi.wdata, 77)
        ctx.set(axi.wstrb, 15)
        ctx.set(getattr(axi, f"{first}valid"), 1)
        assert ctx.get(getattr(axi, f"{first}ready")) == 1
        await ctx.tick()
        ctx.set(getattr(axi, f"{first}valid"), 0)
        ctx.set(axi.awaddr if first == "aw" else axi.wdata, 0)
        for _ in range(3):
            assert (ctx.get(bus.valid), ctx.get(axi.bvalid), ctx.get(subordinate.active)) == (
                0,
                0,
                1,
            )
            assert ctx.get(getattr(axi, f"{first}ready")) == 0
            await ctx.tick()
        ctx.set(getattr(axi, f"{second}valid"), 1)
        assert (ctx.get(bus.valid), ctx.get(bus.address), ctx.get(bus.write_data)) == (1, 0x80, 77)
        await ctx.tick()
        ctx.set(getattr(axi, f"{second}valid"), 0)
        assert (ctx.get(axi.bvalid), ctx.get(axi.bresp)) == (1, OKAY)
        ctx.set(axi.bready, 1)
        await ctx.tick()
        assert (ctx.get(axi.bvalid), ctx.get(subordinate.active)) == (0, 0)

    run(subordinate, testbench)


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
def test_a_misaligned_access_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int
) -> None:
    subordinate = AxiLiteSubordinate()

    async def testbench(ctx: Any) -> None:
        axi, bus = subordinate.port, subordinate.bus
        for name in ("awvalid", "wvalid") if write else ("arvalid",):
            ctx.set(getattr(axi, name), 1)
        ctx.set(axi.awaddr, 0x80 + offset)
        ctx.set(axi.araddr, 0x80 + offset)
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        await ctx.tick()
        assert (ctx.get(axi.bvalid), ctx.get(axi.rvalid)) == (write, not write)
        assert ctx.get(axi.bresp if write else axi.rresp) == SLVERR
        assert ctx.get(axi.rdata) == 0

    run(subordinate, testbench)
