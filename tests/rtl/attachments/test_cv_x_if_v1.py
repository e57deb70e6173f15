# SPDX-License-Identifier: Apache-2.0
"""What differs from version 0.2; programs run in `tests/sim/benches/test_cv_x_if_bench.py`."""

from functools import cache, partial
from typing import Any

import pytest
from amaranth.lib.wiring import Out

from pulsewright.rtl.attachments.cv_x_if_v1 import CvXIfV1, CvXIfV1Signature
from pulsewright.rtl.buses.instruction_words import Operation, encode
from pulsewright.sim.instructions.cv_x_if_v1_rules import CvXIfV1Rules
from pulsewright.sim.instructions.reference import Instruction, InstructionReference
from tests.pulse_models import pulse_model
from tests.rtl.attachments.instruction_system import SequencedCoprocessor
from tests.rtl.simulation import Simulation, set_members

MEMBERS = CvXIfV1Signature().members
INPUTS = [name for name, member in MEMBERS.items() if member.flow is Out]
SMALL = (5, 2, 1)
ID_BITS = 3
IDS = 1 << ID_BITS
HART = 0xF000_0001
BOTH = 0b11
INFER = Instruction(encode(Operation.INFER, 10, 11, 12), 0x1122_3344, 0x55)
STORE = Instruction(encode(Operation.STORE, 1, 2, 3), 0x38, 1)
LOAD = Instruction(encode(Operation.LOAD, 4, 2), 0x38)
STATUS = Instruction(encode(Operation.STATUS, 1))
FOREIGN = Instruction(0x0000_707F)


class Core:
    """Drives the port cycle by cycle, all inputs low unless named, under the rules."""

    def __init__(self, ctx: Any, system: SequencedCoprocessor) -> None:
        self.ctx = ctx
        self.port = system.attachment.port
        self.active = system.attachment.active
        self.rules = CvXIfV1Rules(ID_BITS)

    async def cycle(self, **inputs: int) -> dict[str, int]:
        set_members(self.ctx, self.port, {name: inputs.get(name, 0) for name in INPUTS})
        signals = {name: self.ctx.get(getattr(self.port, name)) for name in MEMBERS}
        self.rules.check(signals)
        await self.ctx.tick()
        return signals

    async def results(self, cycles: int = 60) -> list[dict[str, int]]:
        """What comes, each taken at once."""
        seen = [await self.cycle(result_ready=1) for _ in range(cycles)]
        return [signals for signals in seen if signals["result_valid"]]


def issue(
    instruction: Instruction, number: int, rs_valid: int = BOTH, **others: int
) -> dict[str, int]:
    return {
        "issue_valid": 1,
        "issue_req_instr": instruction.word,
        "issue_req_hartid": HART,
        "issue_req_id": number,
        "register_valid": 1,
        "register_hartid": HART,
        "register_id": number,
        "register_rs": instruction.rs2 << 32 | instruction.rs1,
        "register_rs_valid": rs_valid,
        **others,
    }


def commit(number: int, kill: int = 0, hart: int = HART) -> dict[str, int]:
    return {
        "commit_valid": 1,
        "commit_hartid": hart,
        "commit_id": number % IDS,
        "commit_commit_kill": kill,
    }


@cache
def simulated() -> tuple[SequencedCoprocessor, Simulation]:
    system = SequencedCoprocessor(pulse_model(SMALL), partial(CvXIfV1, id_bits=ID_BITS))
    return system, Simulation(system)


def with_core(body: Any) -> None:
    system, simulation = simulated()

    async def testbench(ctx: Any) -> None:
        reference = InstructionReference(pulse_model(SMALL))
        await body(Core(ctx, system), reference, system.latency)

    simulation.run(testbench)


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("number", [0, 2, 7])
def test_a_commit_is_for_all_older_instructions(number: int, joined: bool) -> None:
    """Also where the identifiers wrap round; that of an older one says nothing of ours."""

    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        expected = reference.execute(INFER)
        for distance in range(-3, 4):
            decision = commit(number + distance)
            if joined:
                await core.cycle(**issue(INFER, number), **decision)
            else:
                await core.cycle(**issue(INFER, number))
                await core.cycle(**decision)
            found = await core.results()
            if distance < 0:
                assert found == [], distance
                await core.cycle(**commit(number))
                found = await core.results()
            assert [one["result_data"] for one in found] == [expected], distance
            assert (found[0]["result_id"], found[0]["result_hartid"]) == (number, HART)
            assert not core.ctx.get(core.active)

    with_core(body)


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("joined", [True, False])
@pytest.mark.parametrize("number", [0, 2, 7])
def test_a_kill_is_for_all_newer_instructions(number: int, joined: bool) -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        for distance in range(-3, 4):
            decision = commit(number + distance, kill=1)
            if joined:
                await core.cycle(**issue(STORE, number), **decision)
            else:
                await core.cycle(**issue(STORE, number))
                await core.cycle(**decision)
            survives = distance > 0
            await core.cycle()
            assert core.ctx.get(core.active) == survives, distance
            if survives:
                await core.cycle(**commit(number, kill=1))
            assert await core.results() == []
        await core.cycle(**issue(LOAD, number), **commit(number))
        (found,) = await core.results()
        assert found["result_data"] == 0, "a killed store was carried out"

    with_core(body)


def test_a_decision_of_another_hart_or_after_the_first_is_not_ours() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(INFER, 1), **commit(1, kill=1, hart=HART + 1))
        await core.cycle(**commit(1, hart=0))
        assert await core.results() == []
        await core.cycle(**commit(1))
        await core.cycle(**commit(1, kill=1))
        (found,) = await core.results()
        assert found["result_data"] == reference.execute(INFER)

    with_core(body)


@pytest.mark.parametrize(
    ("instruction", "needed"), [(INFER, 0b11), (STORE, 0b11), (LOAD, 0b01), (STATUS, 0)]
)
def test_source_registers_are_asked_for_and_waited_for(
    instruction: Instruction, needed: int
) -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        absent = [{"rs_valid": rs_valid} for rs_valid in range(4) if rs_valid & needed != needed]
        if needed:
            absent += [{"register_valid": 0}, {"register_id": 6}]
        for parts in absent:
            signals = await core.cycle(**issue(instruction, 5, **parts))
            assert (signals["issue_ready"], signals["register_ready"]) == (0, 0), parts
        signals = await core.cycle(**issue(instruction, 5, needed), **commit(5))
        assert (signals["issue_ready"], signals["issue_resp_accept"]) == (1, 1)
        assert signals["issue_resp_register_read"] == needed
        (found,) = await core.results()
        assert found["result_data"] == reference.execute(instruction)

    with_core(body)


def test_others_are_rejected_at_once_and_read_nothing() -> None:
    async def body(core: Core, reference: InstructionReference, latency: int) -> None:
        await core.cycle(**issue(INFER, 1), **commit(1))
        signals = await core.cycle(**issue(FOREIGN, 2, 0))
        assert (signals["issue_ready"], signals["register_ready"]) == (1, 1)
        assert (signals["issue_resp_accept"], signals["issue_resp_writeback"]) == (0, 0)
        assert signals["issue_resp_register_read"] == 0
        assert (await core.cycle(**issue(LOAD, 3)))["issue_ready"] == 0, "there is room for one"
        (found,) = await core.results()
        assert found["result_data"] == reference.execute(INFER)

    with_core(body)


def test_signatures_compare_by_the_width_of_the_id() -> None:
    assert CvXIfV1Signature() == CvXIfV1Signature(4)
    assert CvXIfV1Signature(3) != CvXIfV1Signature(4)
    assert repr(CvXIfV1Signature(3)) == "CvXIfV1Signature(3)"
    assert CvXIfV1Signature(7).members["register_id"].shape == 7
