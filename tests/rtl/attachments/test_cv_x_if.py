# SPDX-License-Identifier: Apache-2.0
import random
from dataclasses import dataclass
from functools import cache
from typing import Any

import pytest
from amaranth import Module, ResetInserter, Signal
from amaranth.lib.wiring import Out

from pulsewright.rtl.attachments.cv_x_if import CvXIf, CvXIfSignature
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.sim.instructions.cv_x_if_rules import CvXIfRules
from pulsewright.sim.instructions.reference import (
    Instruction,
    InstructionReference,
    foreign_instruction,
    random_instruction,
)
from tests.models import random_model
from tests.pulse_models import pulse_model
from tests.rtl.attachments.instruction_system import SequencedCoprocessor
from tests.rtl.simulation import Simulation, run, set_members, set_noise

MEMBERS = CvXIfSignature().members
INPUTS = [name for name, member in MEMBERS.items() if member.flow is Out]
RESULTS = ["result_valid", "result_id", "result_data", "result_rd", "result_we"]
SMALL = (5, 2, 1)
BOTH = 0b11
CYCLES = 1200


class Core:
    """Drives the port cycle by cycle, all inputs low unless named, under the rules."""

    def __init__(self, ctx: Any, system: SequencedCoprocessor) -> None:
        self.ctx = ctx
        self.port = system.attachment.port
        self.active = system.attachment.active
        self.rules = CvXIfRules()

    async def cycle(self, **inputs: int) -> dict[str, int]:
        set_members(self.ctx, self.port, {name: inputs.get(name, 0) for name in INPUTS})
        signals = {name: self.ctx.get(getattr(self.port, name)) for name in MEMBERS}
        if inputs.get("issue_valid"):
            assert self.ctx.get(self.active)
        self.rules.check(signals)
        await self.ctx.tick()
        return signals

    async def idle(self, cycles: int) -> None:
        for _ in range(cycles):
            await self.cycle()

    async def result(self, limit: int = 200) -> tuple[dict[str, int], int]:
        """The next result, which is taken at once, and the cycles until then."""
        for cycle in range(limit):
            signals = await self.cycle(result_ready=1)
            if signals["result_valid"]:
                return signals, cycle
        raise AssertionError("no result")


def issue(instruction: Instruction, number: int, rs_valid: int = BOTH) -> dict[str, int]:
    return {
        "issue_valid": 1,
        "issue_req_instr": instruction.word,
        "issue_req_id": number,
        "issue_req_rs": instruction.rs2 << 32 | instruction.rs1,
        "issue_req_rs_valid": rs_valid,
    }


def commit(number: int, kill: int = 0) -> dict[str, int]:
    return {"commit_valid": 1, "commit_id": number, "commit_commit_kill": kill}


@cache
def simulated(sizes: tuple[int, ...]) -> tuple[SequencedCoprocessor, Simulation]:
    system = SequencedCoprocessor(pulse_model(sizes), CvXIf)
    return system, Simulation(system)


def with_core(body: Any, sizes: tuple[int, ...] = SMALL) -> None:
    system, simulation = simulated(sizes)

    async def testbench(ctx: Any) -> None:
        reference = InstructionReference(pulse_model(sizes))
        await body(Core(ctx, system), reference, system.latency)

    simulation.run(testbench)


INFER = Instruction(encode(Operation.INFER, 10, 11, 12), 0x1122_3344, 0x55)
OTHER = Instruction(encode(Operation.INFER, 13, 14, 15), 0x7766_5544, 0x33)
STORE = Instruction(encode(Operation.STORE, 1, 2, 3), 0x38, 1)
LOAD = Instruction(encode(Operation.LOAD, 4, 2), 0x38)


@pytest.mark.quick_cases(6)
@pytest.mark.parametrize("commit_after", range(12))
def test_an_instruction_runs_from_its_commit_or_after_its_issue(
    commit_after: int,
) -> None:
    """Two writes, the engine and two cycles more; the id and rd come back."""

    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        joined = commit(9) if commit_after == 0 else {}
        first = await core.cycle(**issue(INFER, 9), **joined)
        assert (first["issue_ready"], first["issue_resp_accept"]) == (1, 1)
        assert first["issue_resp_writeback"] == 1
        if commit_after:
            await core.idle(commit_after - 1)
            await core.cycle(**commit(9))
        signals, cycles = await core.result()
        begun = int(commit_after > 0)
        assert cycles == 2 + latency + 2 - begun
        assert signals["result_data"] == reference.execute(INFER)
        assert (signals["result_id"], signals["result_rd"]) == (9, 10)
        assert (await core.cycle())["result_valid"] == 0
        assert not core.ctx.get(core.active)

    with_core(body)


@pytest.mark.quick_cases(8)
@pytest.mark.parametrize("kill_after", range(25))
def test_a_kill_in_any_cycle_leaves_no_trace(kill_after: int) -> None:
    """The killed store changes nothing, has no result, and makes room for the next in a cycle."""

    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        joined = commit(3, kill=1) if kill_after == 0 else {}
        signals = await core.cycle(**issue(STORE, 3), **joined)
        assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 1)
        if kill_after:
            await core.idle(kill_after - 1)
            await core.cycle(**commit(3, kill=1))
        # The same id may come again at once.
        signals = await core.cycle(**issue(LOAD, 3), **commit(3))
        assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 1)
        signals, _ = await core.result()
        assert (signals["result_data"], signals["result_rd"]) == (0, 4)
        await core.idle(30)
        assert core.rules.results == 1

    with_core(body)


def test_a_kill_after_the_commit_or_of_another_id_is_not_ours() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(INFER, 3), **commit(2, kill=1))
        await core.cycle(**commit(4, kill=1))
        await core.cycle(**commit(4))
        await core.idle(20)
        assert core.rules.results == 0, "ran without its commit"
        await core.cycle(**commit(3))
        await core.cycle(**commit(7, kill=1))
        await core.cycle(**commit(3, kill=1))
        signals, _ = await core.result()
        assert (signals["result_id"], signals["result_data"]) == (3, reference.execute(INFER))

    with_core(body)


@pytest.mark.parametrize(
    ("instruction", "needed"),
    [
        (INFER, 0b11),
        (STORE, 0b11),
        (LOAD, 0b01),
        (Instruction(encode(Operation.STEP, 1, 2), 7), 0b01),
        (Instruction(encode(Operation.STATUS, 1)), 0),
    ],
)
def test_operands_are_waited_for(instruction: Instruction, needed: int) -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        wrong = Instruction(instruction.word, instruction.rs1 ^ 4, instruction.rs2 ^ 1)
        for rs_valid in range(4):
            if rs_valid & needed != needed:
                for _ in range(3):
                    signals = await core.cycle(**issue(wrong, 5, rs_valid))
                    assert signals["issue_ready"] == 0
        # The operands that are not needed stay invalid.
        signals = await core.cycle(**issue(instruction, 5, needed), **commit(5))
        assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 1)
        signals, _ = await core.result()
        assert signals["result_data"] == reference.execute(instruction)
        # INFER is compared as well: the operands kept are those of the last cycle.
        if instruction is STORE:
            await core.cycle(**issue(LOAD, 6), **commit(6))
            signals, _ = await core.result()
            assert signals["result_data"] == 1

    with_core(body)


def test_a_result_waits_and_the_next_instruction_with_it() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(INFER, 1), **commit(1))
        for _ in range(3 * latency):
            signals = await core.cycle(**issue(OTHER, 2))
            assert signals["issue_ready"] == 0
        assert signals["result_valid"] == 1
        signals = await core.cycle(**issue(OTHER, 2), result_ready=1)
        assert (signals["result_valid"], signals["issue_ready"]) == (1, 0)
        assert signals["result_data"] == reference.execute(INFER)
        signals = await core.cycle(**issue(OTHER, 2), **commit(2))
        assert (signals["result_valid"], signals["issue_ready"]) == (0, 1)
        signals, cycles = await core.result()
        assert signals["result_data"] == reference.execute(OTHER)
        assert cycles == 2 + latency + 2

    with_core(body)


def test_others_are_rejected_at_once_even_while_one_is_carried_out() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        draw = random.Random(0)
        await core.cycle(**issue(INFER, 1), **commit(1))
        for number in range(2, latency):
            foreign = foreign_instruction(reference, draw)
            signals = await core.cycle(**issue(foreign, number % 16, 0), **commit(number % 16, 1))
            assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 0)
            assert signals["issue_resp_writeback"] == 0
        signals, _ = await core.result()
        assert signals["result_data"] == reference.execute(INFER)

    with_core(body)


def test_a_request_that_is_withdrawn_is_forgotten() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(STORE, 1, 0b01))
        await core.idle(3)
        await core.cycle(**commit(1))
        signals = await core.cycle(**issue(LOAD, 1), **commit(1))
        assert signals["issue_ready"] == 1
        assert (await core.result())[0]["result_data"] == 0
        await core.idle(10)
        assert core.rules.results == 1

    with_core(body)


@pytest.mark.parametrize("waited", [0, 1, 5])
def test_an_id_that_comes_again_replaces_what_the_core_flushed(waited: int) -> None:
    """CV32E40X sends no kill for an instruction that it flushes from its decoder."""

    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(STORE, 4))
        await core.idle(waited)
        assert (await core.cycle(**issue(LOAD, 5)))["issue_ready"] == 0, "no room for another id"
        assert (await core.cycle(**issue(LOAD, 4)))["issue_ready"] == 1
        await core.cycle(**commit(4))
        signals, _ = await core.result()
        assert (signals["result_data"], signals["result_rd"]) == (0, 4)
        await core.idle(10)
        assert core.rules.results == 1

    with_core(body)


def test_a_committed_instruction_is_not_replaced() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(INFER, 4), **commit(4))
        for _ in range(latency):
            assert (await core.cycle(**issue(OTHER, 4)))["issue_ready"] == 0
        assert (await core.result())[0]["result_data"] == reference.execute(INFER)

    with_core(body)


def test_without_a_pulse_number_there_is_no_step() -> None:
    system = SequencedCoprocessor(random_model(SMALL), CvXIf)

    async def testbench(ctx: Any) -> None:
        core = Core(ctx, system)
        step = Instruction(encode(Operation.STEP, 1, 2), 5)
        signals = await core.cycle(**issue(step, 1))
        assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 0)

    run(system, testbench)


@dataclass
class Fate:
    """What happens to an instruction of the random program."""

    instruction: Instruction
    number: int
    killed: bool
    commit_after: int


@pytest.mark.parametrize(
    ("sizes", "seed"),
    [
        (SMALL, 0),
        *(
            pytest.param(sizes, seed, marks=pytest.mark.regression)
            for sizes in (SMALL, (3, 2, 1))
            for seed in range(20)
            if (sizes, seed) != (SMALL, 0)
        ),
    ],
)
def test_random_programs_keep_the_rules(sizes: tuple[int, ...], seed: int) -> None:
    """Any pace on both sides, kills, withdrawn requests, and no result that follows an input."""
    draw = random.Random(seed)

    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        expected: list[tuple[int, int, int]] = []
        results: list[tuple[int, int, int]] = []
        undecided: list[Fate] = []
        asking: Fate | None = None
        rs_valid = number = issued = 0
        for _ in range(CYCLES):
            # Results may not follow an input within the cycle.
            settled = None
            for _ in range(3):
                set_noise(core.ctx, draw, (getattr(core.port, name) for name in INPUTS))
                seen = [core.ctx.get(getattr(core.port, name)) for name in RESULTS]
                assert settled in (None, seen), "the result follows an input within the cycle"
                settled = seen
            if asking is not None and draw.random() < 0.05:
                asking = None
            if asking is None and draw.random() < 0.5:
                number = (number + 1) % 16
                foreign = draw.random() < 0.2
                make = foreign_instruction if foreign else random_instruction
                asking = Fate(
                    make(reference, draw), number, foreign or draw.random() < 0.3, draw.randrange(6)
                )
                rs_valid = 0
            inputs = {"result_ready": draw.getrandbits(1)}
            if asking is not None:
                rs_valid |= draw.getrandbits(2)
                inputs |= issue(asking.instruction, asking.number, rs_valid)
                set_members(core.ctx, core.port, inputs | {"issue_valid": 1})
                if core.ctx.get(core.port.issue_ready):
                    undecided.append(asking)
                    issued += 1
                    known = reference.operation(asking.instruction.word) is not None
                    assert core.ctx.get(core.port.issue_resp_accept) == known
                    asking = None
            if undecided and undecided[0].commit_after == 0:
                fate = undecided.pop(0)
                inputs |= commit(fate.number, int(fate.killed))
                if not fate.killed:
                    value = reference.execute(fate.instruction)
                    expected.append((fate.number, fate.instruction.rd, value))
            elif undecided:
                undecided[0].commit_after -= 1
            signals = await core.cycle(**inputs)
            if signals["result_valid"] and signals["result_ready"]:
                results.append((signals["result_id"], signals["result_rd"], signals["result_data"]))
        assert issued > CYCLES // 40
        assert results == expected[: len(results)]
        assert len(expected) - len(results) <= 1

    with_core(body, sizes)


def test_a_reset_drops_what_is_here() -> None:
    model = pulse_model(SMALL)
    system = SequencedCoprocessor(model, CvXIf)
    reset = Signal()
    m = Module()
    m.submodules.system = ResetInserter(reset)(system)

    async def testbench(ctx: Any) -> None:
        core = Core(ctx, system)
        for delay in range(system.latency + 6):
            await core.cycle(**issue(INFER, 1), **commit(1))
            await core.idle(delay)
            ctx.set(core.port.issue_valid, 0)
            ctx.set(core.port.commit_valid, 0)
            ctx.set(reset, 1)
            await ctx.tick()
            ctx.set(reset, 0)
            core.rules = CvXIfRules()
            assert not ctx.get(core.active)
            await core.cycle(**issue(OTHER, 2), **commit(2))
            signals, _ = await core.result()
            assert signals["result_data"] == InstructionReference(model).execute(OTHER)

    run(m, testbench)


def test_signatures_compare_by_the_width_of_the_id() -> None:
    assert CvXIfSignature() == CvXIfSignature(4)
    assert CvXIfSignature(3) != CvXIfSignature(4)
    assert repr(CvXIfSignature(3)) == "CvXIfSignature(3)"
    assert CvXIfSignature(7).members["result_id"].shape == 7
