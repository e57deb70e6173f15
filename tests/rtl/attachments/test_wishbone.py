# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest
from amaranth import Elaboratable, Module, Signal
from amaranth.hdl import Fragment
from amaranth.lib.wiring import In

from pulsewright.rtl.attachments.wishbone import WishboneSignature, WishboneSlave
from pulsewright.rtl.buses.options import Addressing, Termination
from tests.rtl.attachments.register_bus_model import (
    SEEDS,
    Access,
    RegisterBusModel,
    answer_of,
    answers,
    clock_gated,
    random_accesses,
    reaching,
)
from tests.rtl.simulation import run, set_members, set_noise

INPUTS = ("cyc", "stb", "we", "adr", "sel", "dat_w")
OUTPUTS = ("ack", "err", "stall", "dat_r")
ADDRESSINGS: tuple[Addressing, ...] = ("byte", "word")
TERMINATIONS: tuple[Termination, ...] = ("synchronous", "asynchronous")


def request_values(access: Access, addressing: Addressing) -> dict[str, int]:
    """What a master drives for `access`."""
    address = access.address >> 2 if addressing == "word" else access.address
    return {
        "cyc": 1,
        "stb": 1,
        "we": access.write,
        "adr": address,
        "sel": access.byte_enable,
        "dat_w": access.write_data,
    }


@pytest.mark.quick_cases(6)
@pytest.mark.parametrize(
    ("addressing", "pipelined"),
    [
        ("byte", False),
        ("word", True),
        pytest.param("byte", True, marks=pytest.mark.regression),
        pytest.param("word", False, marks=pytest.mark.regression),
    ],
)
@pytest.mark.parametrize("termination", TERMINATIONS)
@pytest.mark.parametrize("seed", SEEDS)
@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.6), (0.4, 0.3), (0.3, 0)])
def test_random_traffic_keeps_the_rules_of_wishbone(
    asks: float,
    waits: float,
    seed: int,
    pipelined: bool,
    termination: Termination,
    addressing: Addressing,
) -> None:
    """Nothing without CYC and STB, one termination for each access.

    A classic master goes on with a termination, a pipelined one when it is not stalled, and counts
    the terminations that come.
    """
    draw = random.Random(seed)
    accesses = random_accesses(draw, 100)
    if addressing == "word":
        accesses = [access._replace(address=access.address & ~3) for access in accesses]
    slave = WishboneSlave(addressing=addressing, termination=termination)
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
                values.update(request_values(accesses[position], addressing))
            set_members(ctx, wishbone, values)
            model.drive(ctx, bus)
            ack, err, stall, data = (ctx.get(getattr(wishbone, n)) for n in OUTPUTS)
            assert ctx.get(slave.active) == asking
            if not asking:
                assert (ctx.get(bus.valid), ack, err) == (0, 0, 0)
            assert not (ack and err)
            if ack or err:
                access = accesses[position]
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
            spent = 2 if termination == "synchronous" else 1
            assert cycles == spent * len(accesses), "not the throughput of the docstring"

    run(clock_gated(slave), testbench)
    assert given == answers(accesses)
    assert model.accesses == reaching(accesses)


@pytest.mark.parametrize("addressing", ADDRESSINGS)
def test_no_output_follows_an_input_within_a_cycle(addressing: Addressing) -> None:
    """The gate's `active` alone does; it is no part of the bus."""
    draw = random.Random(1)
    slave = WishboneSlave(addressing=addressing)
    model = RegisterBusModel(draw, 0.3)
    seen = set()

    async def testbench(ctx: Any) -> None:
        for _ in range(300):
            settled = None
            for _ in range(4):
                set_noise(ctx, draw, [getattr(slave.port, name) for name in INPUTS])
                model.scramble(ctx, slave.bus)
                observed = tuple(ctx.get(getattr(slave.port, name)) for name in OUTPUTS)
                assert settled in (None, observed), "an output follows an input within the cycle"
                settled = observed
            seen.add(observed[:3])
            await ctx.tick()

    run(slave, testbench)
    assert seen == {(0, 0, 1), (1, 0, 0), (0, 1, 0)}


def test_a_synchronous_termination_lasts_a_cycle_even_if_strobe_falls_late() -> None:
    slave = WishboneSlave()
    terminations = []

    async def testbench(ctx: Any) -> None:
        ctx.set(slave.bus.ready, 1)
        ctx.set(slave.port.cyc, 1)
        ctx.set(slave.port.stb, 1)
        for cycle in range(8):
            if cycle == 5:
                ctx.set(slave.port.stb, 0)
            terminations.append(ctx.get(slave.port.ack))
            await ctx.tick()

    run(clock_gated(slave), testbench)
    assert terminations == [0, 1, 0, 1, 0, 1, 0, 0]


class RegisteredDecoder(Elaboratable):
    """One master, the coprocessor's slave from 0x1000 on, another slave below it.

    CYC goes to the slave that the address names; terminations of both are ORed; data come from the
    slave that the address named in the cycle before. So does LiteX's decoder by default.
    """

    OTHERS_DATA = 0x07E2_07E2

    def __init__(self, slave: WishboneSlave) -> None:
        self.slave = slave
        self.master = WishboneSignature().flip().create()

    def elaborate(self, platform: object) -> Module:
        m = Module()
        m.submodules.slave = slave = self.slave
        master = self.master
        ours = master.adr[12]
        chosen = Signal()
        others_ack = Signal()
        others_data = Signal(32)
        for name, member in master.signature.flip().members.items():
            if member.flow is not In and name != "cyc":
                m.d.comb += getattr(slave.port, name).eq(getattr(master, name))
        m.d.comb += slave.port.cyc.eq(master.cyc & ours)
        m.d.sync += [
            chosen.eq(ours),
            others_ack.eq(master.cyc & master.stb & ~ours & ~others_ack),
            others_data.eq(self.OTHERS_DATA),
        ]
        m.d.comb += [
            master.ack.eq(slave.port.ack | others_ack),
            master.err.eq(slave.port.err),
        ]
        with m.If(chosen):
            m.d.comb += master.dat_r.eq(slave.port.dat_r)
        with m.Else():
            m.d.comb += master.dat_r.eq(others_data)
        return m


def wrong_answers(termination: Termination, asks: float, waits: float) -> int:
    """Reads of 200, to either slave in turn at random, that bring the other one's data."""
    draw = random.Random(3)
    fabric = RegisteredDecoder(WishboneSlave(register_bits=13, termination=termination))
    model = RegisterBusModel(draw, waits)
    wrong = 0

    async def testbench(ctx: Any) -> None:
        nonlocal wrong
        master, bus = fabric.master, fabric.slave.bus
        for _ in range(200):
            offset, ours = draw.randrange(0, 0x1000, 4), draw.getrandbits(1)
            asking = False
            while True:
                asking = asking or draw.random() < asks
                # The address of an idle bus is anything.
                address = offset | ours << 12 if asking else draw.getrandbits(13)
                values = {"cyc": asking, "stb": asking, "we": 0, "sel": 15, "adr": address}
                for name, value in values.items():
                    ctx.set(getattr(master, name), value)
                model.ready = draw.random() >= waits
                ctx.set(bus.ready, ctx.get(bus.valid) and model.ready)
                ctx.set(bus.read_data, answer_of(ctx.get(bus.address), 0))
                ended, data = ctx.get(master.ack), ctx.get(master.dat_r)
                assert asking or not ended, "a termination of an access that nobody made"
                await ctx.tick()
                if ended:
                    break
            expected = answer_of(offset | 1 << 12, 0) if ours else fabric.OTHERS_DATA
            wrong += data != expected

    run(fabric, testbench)
    return wrong


@pytest.mark.parametrize(("asks", "waits"), [(1, 0), (1, 0.5), (0.4, 0), (0.4, 0.5)])
def test_a_registered_decoder_brings_the_data_of_the_slave_that_was_asked(
    asks: float, waits: float
) -> None:
    assert wrong_answers("synchronous", asks, waits) == 0


def test_a_registered_decoder_breaks_asynchronous_terminations() -> None:
    """Why they are not the default."""
    assert wrong_answers("asynchronous", 1, 0) > 0


@pytest.mark.parametrize("offset", [1, 2, 3])
@pytest.mark.parametrize("write", [0, 1])
@pytest.mark.parametrize("termination", TERMINATIONS)
def test_a_misaligned_access_is_an_error_that_never_reaches_the_registers(
    offset: int, write: int, termination: Termination
) -> None:
    slave = WishboneSlave(termination=termination)

    async def testbench(ctx: Any) -> None:
        wishbone, bus = slave.port, slave.bus
        for name, value in {"cyc": 1, "stb": 1, "we": write, "adr": 0x80 + offset}.items():
            ctx.set(getattr(wishbone, name), value)
        ctx.set(bus.read_data, 0xFFFF_FFFF)
        assert ctx.get(bus.valid) == 0
        if termination == "synchronous":
            await ctx.tick()
            assert ctx.get(bus.valid) == 0
        assert (ctx.get(wishbone.ack), ctx.get(wishbone.err)) == (0, 1)
        assert ctx.get(wishbone.dat_r) == 0

    run(slave, testbench)


def test_the_address_port_tells_what_it_counts() -> None:
    slaves = {one: WishboneSlave(addressing=one) for one in ADDRESSINGS}
    for slave in slaves.values():
        Fragment.get(slave, None)  # Amaranth warns of a component that is not used.
    widths = {one: len(slave.port.adr) for one, slave in slaves.items()}
    assert widths == {"byte": 32, "word": 30}
    assert slaves["byte"].signal_comments["adr"] == "byte address"
    assert "bits 31 to 2" in slaves["word"].signal_comments["adr"]
