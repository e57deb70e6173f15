# SPDX-License-Identifier: Apache-2.0
import random
from functools import cache
from typing import Any

import pytest
from amaranth import Module, ResetInserter, Signal

from pulsewright.rtl.attachments.pcpi import Pcpi, PcpiSignature
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.sim.instructions.pcpi_rules import PcpiRules
from pulsewright.sim.instructions.reference import (
    Instruction,
    InstructionReference,
    foreign_instruction,
    random_instruction,
)
from tests.models import random_model
from tests.pulse_models import pulse_model
from tests.rtl.attachments.instruction_system import SequencedCoprocessor
from tests.rtl.simulation import Simulation, run, set_together

MEMBERS = PcpiSignature().members
SMALL = (5, 2, 1)
# PicoRV32 gives an instruction up after so many cycles without `wait`.
TIMEOUT = 16
INFER = Instruction(encode(Operation.INFER, 10, 11, 12), 0x1122_3344, 0x55)


class Core:
    """Presents instructions under the rules."""

    def __init__(self, ctx: Any, system: SequencedCoprocessor, model: Any) -> None:
        self.ctx = ctx
        self.port = system.attachment.port
        self.active = system.attachment.active
        self.reference = InstructionReference(model)
        self.rules = PcpiRules(lambda word: self.reference.operation(word) is not None)

    async def cycle(self, instruction: Instruction | None) -> dict[str, int]:
        shown = instruction or INFER
        set_together(
            self.ctx,
            (
                (self.port.valid, instruction is not None),
                (self.port.insn, shown.word),
                (self.port.rs1, shown.rs1),
                (self.port.rs2, shown.rs2),
            ),
        )
        signals = {name: self.ctx.get(getattr(self.port, name)) for name in MEMBERS}
        assert self.ctx.get(self.active) == (instruction is not None)
        self.rules.check(signals)
        await self.ctx.tick()
        return signals

    async def execute(self, instruction: Instruction) -> tuple[int, int]:
        """The value of rd and the cycles until then; the instruction goes a cycle later."""
        for cycle in range(1000):
            signals = await self.cycle(instruction)
            if signals["ready"]:
                await self.cycle(None)
                return signals["rd"], cycle
        raise AssertionError("no answer")


@cache
def simulated(sizes: tuple[int, ...]) -> tuple[SequencedCoprocessor, Simulation]:
    system = SequencedCoprocessor(pulse_model(sizes), Pcpi)
    return system, Simulation(system)


def with_core(body: Any, sizes: tuple[int, ...] = SMALL) -> None:
    system, simulation = simulated(sizes)

    async def testbench(ctx: Any) -> None:
        await body(Core(ctx, system, pulse_model(sizes)), system.latency)

    simulation.run(testbench)


@pytest.mark.parametrize(("sizes", "words"), [(SMALL, 2), ((3, 4, 1), 1)])
def test_back_to_back_inferences_take_the_cycles_of_the_formula(
    sizes: tuple[int, ...], words: int
) -> None:
    async def body(core: Core, latency: int) -> None:
        assert latency + 2 > TIMEOUT, "long enough to be given up without wait"
        for rs1 in range(5):
            instruction = Instruction(INFER.word, INFER.rs1 + rs1, rs1)
            expected = core.reference.execute(instruction)
            assert await core.execute(instruction) == (expected, words + latency + 2)
        assert core.rules.taken == 5

    with_core(body, sizes)


def test_instructions_of_others_are_not_touched() -> None:
    """Neither answered nor waited for, and nothing is carried out."""

    async def body(core: Core, latency: int) -> None:
        draw = random.Random(0)
        expected = core.reference.execute(INFER)
        await core.execute(INFER)
        for _ in range(100):
            foreign = foreign_instruction(core.reference, draw)
            for _ in range(TIMEOUT + 2):
                await core.cycle(foreign)
            await core.cycle(None)
        load = Instruction(encode(Operation.LOAD, 1, 2), 0x80)
        assert (await core.execute(load))[0] == INFER.rs1
        assert (await core.execute(Instruction(load.word, 0x100)))[0] == expected
        assert core.rules.taken == 3

    with_core(body)


def test_without_a_pulse_number_step_is_not_touched() -> None:
    model = random_model(SMALL)
    system = SequencedCoprocessor(model, Pcpi)

    async def testbench(ctx: Any) -> None:
        core = Core(ctx, system, model)
        for _ in range(TIMEOUT):
            signals = await core.cycle(Instruction(encode(Operation.STEP, 1, 2), 5))
            assert (signals["wait"], signals["ready"]) == (0, 0)

    run(system, testbench)


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize(
    "seed", [0, *(pytest.param(seed, marks=pytest.mark.regression) for seed in range(1, 20))]
)
@pytest.mark.parametrize("sizes", [SMALL, (3, 2, 1)])
def test_random_programs_keep_the_rules(sizes: tuple[int, ...], seed: int) -> None:
    draw = random.Random(seed)

    async def body(core: Core, latency: int) -> None:
        for count in range(100):
            instruction = random_instruction(core.reference, draw)
            value, _ = await core.execute(instruction)
            assert value == core.reference.execute(instruction), instruction
            assert core.rules.taken == count + 1
            for _ in range(draw.choice([0, 1, draw.randrange(latency)])):
                await core.cycle(None)

    with_core(body, sizes)


def test_a_reset_in_any_cycle_drops_the_instruction() -> None:
    model = pulse_model(SMALL)
    system = SequencedCoprocessor(model, Pcpi)
    reset = Signal()
    m = Module()
    m.submodules.system = ResetInserter(reset)(system)

    async def testbench(ctx: Any) -> None:
        core = Core(ctx, system, model)
        expected = InstructionReference(model).execute(INFER)
        for delay in range(1, system.latency + 4):
            for _ in range(delay):
                await core.cycle(INFER)
            ctx.set(core.port.valid, 0)
            ctx.set(reset, 1)
            await ctx.tick()
            ctx.set(reset, 0)
            await core.cycle(None)
            assert await core.execute(INFER) == (expected, 2 + system.latency + 2)

    run(m, testbench)


def test_signatures_are_equal() -> None:
    assert PcpiSignature() == PcpiSignature()
    assert PcpiSignature() != ResetInserter
    assert repr(PcpiSignature()) == "PcpiSignature()"
