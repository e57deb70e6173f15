# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.rtl.registers.register_file import RegisterFile
from pulsewright.rtl.registers.register_map import compile_register_map
from tests.models import random_model
from tests.rtl.simulation import run, set_together

MAP = compile_register_map(random_model((6, 64, 1)))
STORED = {
    "AUTOTRIGGER": 1,
    "EVENT_ENABLE": 1,
    "JOB": 0x303,
    "N0": 0xFFFF,
    "N1": 0xFFFF,
    "TARGET": 0xFFFF_FFFF,
    "INTERRUPT_ENABLE": 7,
    "INPUT[0]": 0xFFFF_FFFF,
    "INPUT[1]": 0xFFFF_FFFF,
}
# Written to act, not to keep what is written.
ACTING = ("COMMIT_TRIGGER", "SOFT_CLEAR", "INTERRUPT_PENDING")
FROM_HARDWARE = {
    "ACQUIRE": 0xFFFF_FFFF,
    "STATUS": 0xFF0F,
    "RUNNING_JOB": 0xFF,
    "COMPLETED_JOBS": 0xFFFF_FFFF,
    "REFUSED_ACCESSES": 0xFFFF_FFFF,
    "CYCLES": 0xFFFF_FFFF,
    "REACHED_N": 0xFFFF_FFFF,
    "RESULT_FIFO": 0xFFFF_FFFF,
    "INTERRUPT_PENDING": 7,
    "RESULT[0]": 0xFFFF_FFFF,
}
LAYER_WORDS = tuple(
    f"LAYER[{i}].{word}" for i in range(2) for word in ("SHAPE", "FOLDING", "FORMAT", "WINDOW")
)
CONSTANT = (
    "IDENTITY",
    "VERSION",
    "INPUT_CAPABILITY",
    "RESULT_CAPABILITY",
    "LAYER_CAPABILITY",
    "MODEL_DIGEST",
    "SWEEP_RANGE",
    *LAYER_WORDS,
)
STROBES = (*ACTING, "INPUT[0]", "INPUT[1]")
READ_STROBES = ("ACQUIRE", "RESULT_FIFO")
DEPENDS_ON_JOBS = (
    "COMMIT_TRIGGER",
    "JOB",
    "N0",
    "N1",
    "TARGET",
    "RESULT_FIFO",
    "INPUT[0]",
    "INPUT[1]",
    "RESULT[0]",
)


class Access:
    """Presents one access and looks at the answer of the same cycle."""

    def __init__(self, ctx: Any, registers: RegisterFile) -> None:
        self.ctx = ctx
        self.registers = registers

    def present(self, address: int, value: int | None = None, byte_enable: int = 15) -> None:
        bus = self.registers.bus
        self.ctx.set(bus.valid, 1)
        self.ctx.set(bus.address, address)
        self.ctx.set(bus.write, value is not None)
        self.ctx.set(bus.write_data, value or 0)
        self.ctx.set(bus.byte_enable, byte_enable)

    def answer(self) -> tuple[int, int, int]:
        bus = self.registers.bus
        return self.ctx.get(bus.ready), self.ctx.get(bus.error), self.ctx.get(bus.read_data)

    def written(self) -> set[str]:
        names = [register.name for register in MAP.registers]
        return {name for name in names if self.ctx.get(self.registers.port(name).written)}

    def read_strobes(self) -> set[str]:
        names = [register.name for register in MAP.registers]
        return {name for name in names if self.ctx.get(self.registers.port(name).read)}

    async def read(self, name: str) -> int:
        self.present(MAP[name].address)
        ready, error, data = self.answer()
        assert (ready, error) == (1, 0), name
        assert self.written() == set()
        assert self.read_strobes() == ({name} if name in READ_STROBES else set())
        await self.ctx.tick()
        return data

    async def write(self, name: str, value: int) -> None:
        self.present(MAP[name].address, value)
        ready, error, _ = self.answer()
        assert (ready, error) == (1, 0), name
        assert self.written() == ({name} if name in STROBES else set())
        await self.ctx.tick()

    async def refused(self, address: int, value: int | None, byte_enable: int = 15) -> None:
        self.present(address, value, byte_enable)
        ready, error, _ = self.answer()
        assert (ready, error) == (1, 1), hex(address)
        assert self.written() == set()
        await self.ctx.tick()


def with_registers(body: Any) -> None:
    registers = RegisterFile(MAP)

    async def testbench(ctx: Any) -> None:
        await body(Access(ctx, registers), registers)

    run(registers, testbench)


def test_the_test_s_own_list_names_every_register() -> None:
    named = {*STORED, *ACTING, *FROM_HARDWARE, *CONSTANT}
    assert named == {register.name for register in MAP.registers}


def test_constants_and_stored_words_read_their_reset_value() -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for name in CONSTANT:
            assert await access.read(name) == MAP[name].reset
        for name in STORED:
            assert await access.read(name) == 0

    with_registers(body)


@pytest.mark.parametrize("name", list(STORED))
def test_stored_words_keep_their_bits_until_the_next_write(name: str) -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        others = [other for other in STORED if other != name]
        for value in (0xFFFF_FFFF, 0, 0x5A5A_A5A5, 0x1234_5679, 1):
            await access.write(name, value)
            assert await access.read(name) == value & STORED[name]
            assert access.ctx.get(registers.port(name).value) == value & STORED[name]
            for other in others:
                assert await access.read(other) == 0

    with_registers(body)


@pytest.mark.parametrize("name", list(FROM_HARDWARE))
def test_words_of_the_hardware_read_what_it_drives(name: str) -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for value in (0xFFFF_FFFF, 0, 0x1234_5678):
            access.ctx.set(registers.port(name).hardware_value, value)
            assert await access.read(name) == value & FROM_HARDWARE[name]

    with_registers(body)


def test_what_acts_keeps_nothing() -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for name in ACTING:
            await access.write(name, 0xFFFF_FFFF)
            assert await access.read(name) == 0

    with_registers(body)


def test_a_write_to_a_read_only_word_is_refused_and_changes_nothing() -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for name in {*CONSTANT, *FROM_HARDWARE} - {*ACTING}:
            before = await access.read(name)
            await access.refused(MAP[name].address, 0xFFFF_FFFF)
            assert await access.read(name) == before

    with_registers(body)


@pytest.mark.quick_cases(6)
@pytest.mark.parametrize("byte_enable", range(15))
def test_a_narrow_write_is_refused_and_changes_nothing(byte_enable: int) -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for name in STORED:
            await access.write(name, 0x5555_5555)
            await access.refused(MAP[name].address, 0xAAAA_AAAA, byte_enable)
            assert await access.read(name) == 0x5555_5555 & STORED[name]
        for name in ACTING:
            await access.refused(MAP[name].address, 1, byte_enable)

    with_registers(body)


@pytest.mark.parametrize("byte_enable", [1, 8, 3])
def test_a_narrow_read_gives_the_whole_word(byte_enable: int) -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        access.present(MAP["IDENTITY"].address, None, byte_enable)
        assert access.answer() == (1, 0, 0x50554C53)

    with_registers(body)


def test_every_address_without_a_register_is_refused() -> None:
    known = {register.address for register in MAP.registers}

    async def body(access: Access, registers: RegisterFile) -> None:
        for address in range(0, 0x1000, 4):
            if address not in known:
                await access.refused(address, None)
                await access.refused(address, 0xFFFF_FFFF)
        for name in STORED:
            assert await access.read(name) == 0

    with_registers(body)


def test_without_valid_nothing_is_ready_or_written() -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for register in MAP.registers:
            access.present(register.address, 0xFFFF_FFFF)
            access.ctx.set(registers.bus.valid, 0)
            assert access.answer()[0] == 0
            assert access.written() == set()
            await access.ctx.tick()
        for name in STORED:
            assert await access.read(name) == 0

    with_registers(body)


@pytest.mark.parametrize("name", DEPENDS_ON_JOBS)
def test_an_access_that_depends_on_jobs_waits_or_is_refused(name: str) -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        value = 0x77 if MAP[name].writable else None
        access.ctx.set(registers.wait, 1)
        access.present(MAP[name].address, value)
        for _ in range(5):
            assert access.answer()[0] == 0
            assert access.written() | access.read_strobes() == set()
            await access.ctx.tick()
        access.ctx.set(registers.refuse, 1)
        await access.refused(MAP[name].address, value)
        access.ctx.set(registers.refuse, 0)
        access.ctx.set(registers.wait, 0)
        if value is None:
            await access.read(name)
        else:
            await access.write(name, value)

    with_registers(body)


def test_each_register_that_depends_on_jobs_is_told_from_all_others() -> None:
    async def body(access: Access, registers: RegisterFile) -> None:
        for address in range(0, 0x1000, 4):
            access.present(address)
            selected = {
                register.name
                for register in MAP.registers
                if access.ctx.get(registers.port(register.name).selected)
            }
            assert selected == {n for n in DEPENDS_ON_JOBS if MAP[n].address == address}

    with_registers(body)


@pytest.mark.parametrize("accesses", [1000, pytest.param(10_000, marks=pytest.mark.regression)])
def test_random_accesses_against_a_model_of_the_words(accesses: int) -> None:
    draw = random.Random(11)
    by_address = {register.address: register for register in MAP.registers}

    async def body(access: Access, registers: RegisterFile) -> None:
        stored = dict.fromkeys(STORED, 0)
        ctx = access.ctx
        for _ in range(accesses):
            hardware = {name: draw.getrandbits(32) for name in FROM_HARDWARE}
            inputs = [(registers.port(n).hardware_value, word) for n, word in hardware.items()]
            address = draw.choice([*by_address, *by_address, draw.randrange(0, 0x1000, 4)])
            name = by_address[address].name if address in by_address else None
            depends = name in DEPENDS_ON_JOBS
            waiting, refusing = (depends and draw.random() < share for share in (0.3, 0.2))
            inputs += [(registers.wait, waiting), (registers.refuse, refusing)]
            set_together(ctx, inputs)
            write = draw.random() < 0.5
            byte_enable = draw.choice([15, 15, 15, draw.randrange(16)])
            value = draw.getrandbits(32)
            access.present(address, value if write else None, byte_enable)

            writable = name in STORED or name in ACTING
            refused = name is None or (write and (not writable or byte_enable != 15))
            refused = refused or refusing
            waits = not refused and waiting
            ready, error, data = access.answer()
            assert ready == (not waits)
            if ready:
                assert error == refused
            strobe = ready and write and not refused and name in STROBES
            assert access.written() == ({name} if strobe else set())
            taken = ready and not write and not refused and name in READ_STROBES
            assert access.read_strobes() == ({name} if taken else set())
            if ready and not write and not refused:
                expected = MAP[name].reset if name in CONSTANT else 0
                if name in STORED:
                    expected = stored[name]
                if name in FROM_HARDWARE:
                    expected = hardware[name] & FROM_HARDWARE[name]
                assert data == expected, name
            if ready and write and not refused and name in STORED:
                stored[name] = value & STORED[name]
            await ctx.tick()

    with_registers(body)
