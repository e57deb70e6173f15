# SPDX-License-Identifier: Apache-2.0
import random
from dataclasses import dataclass, field
from typing import Any

import pytest

from pulsewright.rtl.attachments.instruction_sequencer import InstructionSequencer
from pulsewright.rtl.attachments.instruction_set import InstructionSet
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.instructions.reference import InstructionReference, random_instruction
from tests.pulse_models import pulse_model
from tests.rtl.attachments.instruction_system import SequencedCoprocessor
from tests.rtl.simulation import run

INFER, STEP, LOAD, STORE, STATUS = range(5)
READ, WRITE = 0, 1
TWO_WORDS = (6, 2, 1)
ONE_WORD = (4, 2, 1)
# Lane of the pulse number in the second of two words.
LATE_LANE = 5


@dataclass
class RegisterBusStub:
    """Memory words behind the register bus; some addresses are refused, some wait.

    refused: (address, write) of accesses answered with an error. waits: cycles by address.
    """

    refused: set[tuple[int, int]] = field(default_factory=set)
    waits: dict[int, int] = field(default_factory=dict)
    memory: dict[int, int] = field(default_factory=dict)
    accesses: list[tuple[int, int, int]] = field(default_factory=list)
    waited: int = 0

    def respond(self, ctx: Any, bus: Any) -> None:
        address = ctx.get(bus.address)
        ready = ctx.get(bus.valid) and self.waited >= self.waits.get(address, 0)
        error = (address, ctx.get(bus.write)) in self.refused
        ctx.set(bus.ready, ready)
        # Nothing may be taken from the bus before it is ready.
        ctx.set(bus.error, error if ready else 1)
        ctx.set(bus.read_data, self.memory.get(address, 0) if ready and not error else 0xBAD0BAD)

    def clock(self, ctx: Any, bus: Any) -> None:
        if not ctx.get(bus.valid):
            assert self.waited == 0, "an access was withdrawn"
            return
        assert ctx.get(bus.byte_enable) == 15
        if not ctx.get(bus.ready):
            self.waited += 1
            return
        self.waited = 0
        address, write = ctx.get(bus.address), ctx.get(bus.write)
        data = ctx.get(bus.write_data) if write else 0
        self.accesses.append((address, write, data))
        if write and not ctx.get(bus.error):
            self.memory[address] = data


class Driven:
    """A sequencer in front of a stub, driven one instruction at a time."""

    def __init__(self, ctx: Any, sequencer: InstructionSequencer, stub: RegisterBusStub) -> None:
        self.ctx, self.sequencer, self.stub = ctx, sequencer, stub

    async def execute(self, operation: int, rs1: int = 0, rs2: int = 0) -> tuple[int, int]:
        """The result and the cycles until it was there."""
        ctx, sequencer, bus = self.ctx, self.sequencer, self.sequencer.bus
        self.stub.accesses.clear()
        ctx.set(sequencer.instruction.valid, 1)
        ctx.set(sequencer.instruction.p.operation, operation)
        ctx.set(sequencer.instruction.p.rs1, rs1)
        ctx.set(sequencer.instruction.p.rs2, rs2)
        ctx.set(sequencer.result.ready, 0)
        cycles = 0
        last = 0
        while not last:
            cycles += 1
            assert cycles < 200, "the instruction never ends"
            self.stub.respond(ctx, bus)
            self.stub.clock(ctx, bus)
            assert not ctx.get(sequencer.result.valid)
            last = ctx.get(sequencer.instruction.ready)
            await ctx.tick()
        # A result that waits holds up whatever comes next.
        ctx.set(sequencer.instruction.p.rs1, 0x80)
        for _ in range(3):
            assert ctx.get(sequencer.result.valid)
            assert not ctx.get(bus.valid)
            assert not ctx.get(sequencer.instruction.ready)
            value = ctx.get(sequencer.result.payload)
            await ctx.tick()
        ctx.set(sequencer.instruction.valid, 0)
        ctx.set(sequencer.result.ready, 1)
        await ctx.tick()
        return value, cycles


def drive(sizes: tuple[int, ...], lane: int, stub: RegisterBusStub, body: Any) -> None:
    model = pulse_model(sizes, lane)
    sequencer = InstructionSequencer(InstructionSet.of(model), compile_register_map(model), 13)

    async def testbench(ctx: Any) -> None:
        await body(Driven(ctx, sequencer, stub))

    run(sequencer, testbench)


@pytest.mark.parametrize("wait", [0, 1, 7])
@pytest.mark.parametrize(
    ("sizes", "writes"),
    [
        (TWO_WORDS, [(0x80, WRITE, 0x11223344), (0x84, WRITE, 0x55667788)]),
        (ONE_WORD, [(0x80, WRITE, 0x11223344)]),
    ],
)
def test_infer_writes_the_inputs_and_waits_for_the_result(
    sizes: tuple[int, ...], writes: list[tuple[int, int, int]], wait: int
) -> None:
    stub = RegisterBusStub(waits={0x100: wait}, memory={0x100: 0xFFFF_FFD6})

    async def body(driven: Driven) -> None:
        for _ in range(2):
            answer = await driven.execute(INFER, 0x11223344, 0x55667788)
            assert answer == (0xFFFF_FFD6, len(writes) + 1 + wait)
            assert stub.accesses == [*writes, (0x100, READ, 0)]

    drive(sizes, 0, stub, body)


@pytest.mark.parametrize(
    ("sizes", "lane", "writes"),
    [
        (TWO_WORDS, 0, [(0x80, WRITE, 0x112233AB), (0x84, WRITE, 0x55667788)]),
        (TWO_WORDS, 2, [(0x80, WRITE, 0x11AB3344), (0x84, WRITE, 0x55667788)]),
        (TWO_WORDS, 4, [(0x84, WRITE, 0x556677AB)]),
        (TWO_WORDS, LATE_LANE, [(0x84, WRITE, 0x5566AB88)]),
        (ONE_WORD, 3, [(0x80, WRITE, 0xAB223344)]),
    ],
)
def test_step_replaces_the_pulse_number_alone(
    sizes: tuple[int, ...], lane: int, writes: list[tuple[int, int, int]]
) -> None:
    stub = RegisterBusStub(memory={0x100: 5})

    async def body(driven: Driven) -> None:
        await driven.execute(INFER, 0x11223344, 0x55667788)
        # rs2 and the upper bits of rs1 do not matter.
        for rs1 in (0xAB, 0xFFFF_FFAB):
            assert await driven.execute(STEP, rs1, 0xDEAD) == (5, len(writes) + 1)
            assert stub.accesses == [*writes, (0x100, READ, 0)]
        # Nor does what happened in between, but for a store to the inputs.
        await driven.execute(LOAD, 0x80)
        await driven.execute(STORE, 0x40, 0x99)
        await driven.execute(STEP, 0xAB)
        assert stub.accesses[:-1] == writes
        await driven.execute(STORE, 0x80, 0x01020304)
        await driven.execute(STEP, 0xAB)
        kept = {0x80: 0x01020304, 0x84: 0x55667788}
        for address, _, data in stub.accesses[:-1]:
            mask = 0xFF << 8 * lane >> 8 * (address - 0x80) & 0xFFFF_FFFF
            assert data & ~mask == kept[address] & ~mask

    drive(sizes, lane, stub, body)


@pytest.mark.parametrize(("scope", "cleared"), [(0, True), (1, False), (2, True), (3, False)])
def test_a_clear_of_the_registers_clears_what_step_leaves_as_it_is(
    scope: int, cleared: bool
) -> None:
    stub = RegisterBusStub()

    async def body(driven: Driven) -> None:
        await driven.execute(INFER, 0x11223344, 0x55667788)
        await driven.execute(STORE, 0x14, scope)
        await driven.execute(STEP, 0xAB)
        first, second = (0xAB, 0) if cleared else (0x112233AB, 0x55667788)
        assert stub.accesses[:2] == [(0x80, WRITE, first), (0x84, WRITE, second)]

    drive(TWO_WORDS, 0, stub, body)


def test_a_refused_store_to_the_inputs_is_not_remembered() -> None:
    stub = RegisterBusStub(refused={(0x80, WRITE)})

    async def body(driven: Driven) -> None:
        assert await driven.execute(STORE, 0x80, 0x01020304) == (1, 1)
        stub.refused.clear()
        await driven.execute(STEP, 0xAB)
        assert stub.accesses[0] == (0x80, WRITE, 0xAB)

    drive(TWO_WORDS, 0, stub, body)


@pytest.mark.parametrize("wait", [0, 1, 9])
def test_load_and_store_are_one_access(wait: int) -> None:
    stub = RegisterBusStub(waits={0x1FFC: wait}, memory={0x1FFC: 0xCAFE})

    async def body(driven: Driven) -> None:
        assert await driven.execute(LOAD, 0x1FFC, 0xFFFF) == (0xCAFE, 1 + wait)
        assert stub.accesses == [(0x1FFC, READ, 0)]
        assert await driven.execute(STORE, 0x1FFC, 0xFFFF_0001) == (0, 1 + wait)
        assert stub.accesses == [(0x1FFC, WRITE, 0xFFFF_0001)]
        assert await driven.execute(LOAD, 0x1FFC) == (0xFFFF_0001, 1 + wait)

    drive(TWO_WORDS, 0, stub, body)


@pytest.mark.parametrize("address", [0x81, 0x82, 0x83, 0x2080, 0x8000_0080])
@pytest.mark.parametrize(("operation", "answer"), [(LOAD, 0), (STORE, 1)])
def test_an_address_outside_the_bus_never_reaches_it(
    operation: int, answer: int, address: int
) -> None:
    stub = RegisterBusStub(memory={0x80: 7})

    async def body(driven: Driven) -> None:
        assert await driven.execute(operation, address, 0xFFFF_FFFF) == (answer, 1)
        assert stub.accesses == []
        assert await driven.execute(STATUS) == (1, 1)

    drive(TWO_WORDS, 0, stub, body)


@pytest.mark.parametrize(
    ("refused", "accesses"),
    [((0x80, WRITE), 1), ((0x84, WRITE), 2), ((0x100, READ), 3)],
)
@pytest.mark.parametrize("operation", [INFER, STEP])
def test_a_refused_inference_stops_there_and_gives_zero(
    operation: int, refused: tuple[int, int], accesses: int
) -> None:
    stub = RegisterBusStub(refused={refused}, memory={0x100: 7})

    async def body(driven: Driven) -> None:
        assert await driven.execute(operation, 1, 2) == (0, accesses)
        assert len(stub.accesses) == accesses
        assert await driven.execute(STATUS) == (1, 1)
        stub.refused.clear()
        assert await driven.execute(operation, 1, 2) == (7, 3)

    drive(TWO_WORDS, 0, stub, body)


def test_status_counts_refusals_and_starts_again() -> None:
    stub = RegisterBusStub(refused={(0x40, READ)})

    async def body(driven: Driven) -> None:
        assert await driven.execute(STATUS) == (0, 1)
        for count in (1, 3, 254, 255, 256, 260):
            for _ in range(count):
                assert await driven.execute(LOAD, 0x40) == (0, 1)
                assert await driven.execute(LOAD, 0x44) == (0, 1)
            assert await driven.execute(STATUS) == (min(count, 255), 1)
            assert await driven.execute(STATUS) == (0, 1)

    drive(TWO_WORDS, 0, stub, body)


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    ("sizes", "lane"), [(TWO_WORDS, 0), (TWO_WORDS, LATE_LANE), (ONE_WORD, 1), ((3, 2, 3), 0)]
)
def test_programs_on_the_coprocessor_give_what_the_model_says(
    sizes: tuple[int, ...], lane: int
) -> None:
    model = pulse_model(sizes, lane)
    system = SequencedCoprocessor(model)
    sequencer, latency = system.sequencer, system.latency
    words = 2 if sizes == TWO_WORDS else 1
    inference = words + latency + 2
    cycles = {INFER: inference, STEP: inference - (lane == LATE_LANE), STATUS: 1}
    draw = random.Random(1)
    reference = InstructionReference(model)

    async def testbench(ctx: Any) -> None:
        ctx.set(sequencer.result.ready, 1)
        for _ in range(150):
            instruction = random_instruction(reference, draw)
            operation = instruction.word >> 12 & 7
            ctx.set(sequencer.instruction.valid, 1)
            ctx.set(sequencer.instruction.p.operation, operation)
            ctx.set(sequencer.instruction.p.rs1, instruction.rs1)
            ctx.set(sequencer.instruction.p.rs2, instruction.rs2)
            cycle = 0
            while not ctx.get(sequencer.result.valid):
                await ctx.tick()
                cycle += 1
                if ctx.get(sequencer.result.valid):
                    ctx.set(sequencer.instruction.valid, 0)
                assert cycle < 10 * latency
            assert ctx.get(sequencer.result.payload) == reference.execute(instruction), instruction
            assert cycle == cycles.get(operation, cycle), instruction
            await ctx.tick()
            if operation == STORE:
                # A store of the last input word starts a job, whose end the formulas do not know.
                await ctx.tick().repeat(2 * latency)

    run(system, testbench)
