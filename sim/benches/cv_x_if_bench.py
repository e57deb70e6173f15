# SPDX-License-Identifier: Apache-2.0
"""The coprocessor on the CORE-V eXtension interface: rows, programs, kills, a gated clock."""

import random
from typing import Any

import cocotb

from pulsewright.hls_model.schedule.sequence import step_latency
from pulsewright.rtl.buses.instruction_words import encode
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.instruction_checks import LONGEST_DELAY, infer_rows, start_coprocessor
from pulsewright.sim.instructions.cv_x_if_driver import CvXIfDriver, Pace
from pulsewright.sim.instructions.cv_x_if_v1_driver import CvXIfV1Driver
from pulsewright.sim.instructions.reference import (
    Instruction,
    InstructionReference,
    foreign_instruction,
    random_instruction,
)
from pulsewright.sim.instructions.rows import InstructionRows

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
ROWS = InstructionRows(MODEL, CODES)
DRIVERS = {kind.ATTACHMENT: kind for kind in (CvXIfDriver, CvXIfV1Driver)}
RANDOM_INSTRUCTIONS = 300
LONGEST_WAIT = 2 * FOLDED.latency + 100
SLOW = Pace(operands=(0, 3), commit=(0, 5), result=(0, 4), before=(0, 3))


async def start(dut: Any, gated: bool = False) -> CvXIfDriver:
    """See `start_coprocessor`."""
    driver = DRIVERS[FOLDER.attachment()](dut, LONGEST_WAIT, gated, cocotb.RANDOM_SEED)
    await start_coprocessor(driver, ROWS, FOLDED)
    return driver


@cocotb.test()
async def every_row(dut: Any) -> None:
    """One instruction an inference, on all rows; the cycles equal the formula."""
    driver = await start(dut)
    checked = await infer_rows(driver, ROWS, FOLDER)
    FOLDER.write_outcome(Measurement.EVERY_ROW, checked.outcome)
    # The commit comes in the cycle after the issue, and the sequencer begins with it.
    checked.verify(1 + ROWS.infer_cycles(FOLDED.latency), FOLDED)


@cocotb.test()
async def steps(dut: Any) -> None:
    """Only the pulse number changes: the rows of a curve after one inference, at any pace."""
    driver = await start(dut)
    for base, instructions, expected in ROWS.curves():
        for pace in (Pace(), SLOW):
            await driver.execute(base)
            for instruction, outputs in zip(instructions, expected, strict=True):
                value, passed = await driver.execute(instruction, pace)
                assert ROWS.result(value) == outputs[0], instruction
                if pace == Pace():
                    assert passed == 1 + ROWS.step_cycles(step_latency(FOLDED))


@cocotb.test()
async def any_program(dut: Any) -> None:
    """All instructions in any order and at any pace, killed, late or not the coprocessor's."""
    driver = await start(dut)
    reference = InstructionReference(MODEL, FOLDED)
    draw = random.Random(cocotb.RANDOM_SEED)
    for _ in range(RANDOM_INSTRUCTIONS):
        pace = draw.choice([Pace(commit=(0, 0)), Pace(), SLOW])
        if draw.random() < 0.2:
            accepted = driver.rules.accepted
            await driver.execute(foreign_instruction(reference, draw), pace, killed=True)
            assert driver.rules.accepted == accepted, "an instruction of others is accepted"
            continue
        instruction = random_instruction(reference, draw)
        killed = draw.random() < 0.2
        value, _ = await driver.execute(instruction, pace, killed)
        if not killed:
            assert value == reference.execute(instruction), instruction
    await driver.idle(LONGEST_WAIT)
    rules = driver.rules
    assert rules.accepted == rules.committed + rules.killed
    assert rules.results == rules.committed


@cocotb.test()
async def one_after_the_other(dut: Any) -> None:
    """A second instruction is taken when the first has ended, and changes nothing of it before."""
    driver = await start(dut)
    reference = InstructionReference(MODEL, FOLDED)
    first, second = ROWS.infers()[:2]
    for bit in range(driver.id_bits):
        for takes_early in (False, True):
            others = driver.numbers_beside(bit)
            request, commit = driver.presented(first), driver.decision()
            assert (await driver.cycle(None, **request))["issue_ready"], "the first is not taken"
            driver.number = others
            waiting = driver.presented(second)
            for decided in ({}, {}, commit):
                signals = await driver.cycle(None, **waiting, **decided)
                assert not signals["issue_ready"], f"a second one in front of the decision, {bit}"
            result = await driver.taken_result(takes_early, **waiting)
            assert result == reference.execute(first)
            for _ in range(LONGEST_WAIT):
                if (await driver.cycle(None, **waiting))["issue_ready"]:
                    break
            await driver.cycle(None, **driver.decision())
            assert await driver.taken_result(takes_early) == reference.execute(second)


@cocotb.test()
async def operands_that_are_needed(dut: Any) -> None:
    """An instruction is taken as soon as its own operands are there, and not before."""
    driver = await start(dut)
    reference = InstructionReference(MODEL, FOLDED)
    for operation in reference.instructions.operations:
        needed = reference.needed_operands(operation)
        for valid in range(4):
            driver.numbers_beside(0)
            word, rs1 = encode(operation, 1, 2, 3), reference.inputs[0]
            instruction = Instruction(word, rs1, 0)
            for _ in range(2):
                signals = await driver.cycle(None, **driver.request(instruction, rs1, 0, valid))
                assert bool(signals["issue_ready"]) == (needed & ~valid == 0), (operation, valid)
                if signals["issue_ready"]:
                    break
            else:
                await driver.cycle(None, **driver.presented(instruction))
            await driver.cycle(None, **driver.decision())
            assert await driver.taken_result(early=True) == reference.execute(instruction)


@cocotb.test()
async def a_gated_clock(dut: Any) -> None:
    """With the clock stopped whenever it may be, the same results in the same cycles."""
    driver = await start(dut, gated=True)
    reference = InstructionReference(MODEL, FOLDED)
    draw = random.Random(cocotb.RANDOM_SEED)
    for instruction in ROWS.infers()[:20]:
        value, passed = await driver.execute(instruction)
        assert value == reference.execute(instruction)
        assert FOLDED.incremental or passed == 1 + ROWS.infer_cycles(FOLDED.latency)
        await driver.idle(draw.randrange(20))
    store, load = ROWS.unattended_job()
    for instruction in (store, load):
        value, passed = await driver.execute(instruction)
        assert value == reference.execute(instruction)
        assert passed == 1 + 1, "the job did not run on by itself"
        await driver.idle(2 * FOLDED.latency)
    for _ in range(60):
        instruction = random_instruction(reference, draw)
        value, _ = await driver.execute(instruction, SLOW)
        assert value == reference.execute(instruction), instruction
        # A store of the last input word starts a job that nobody waits for.
        await driver.idle(draw.randrange(2 * FOLDED.latency))
    assert driver.clock.edges < driver.clock.cycles, "the clock was never stopped"


@cocotb.test()
async def reset_in_mid_instruction(dut: Any) -> None:
    """A reset in any cycle of an inference leaves a coprocessor that works."""
    driver = await start(dut)
    instruction = ROWS.infers()[-1]
    expected = InstructionReference(MODEL, FOLDED).execute(instruction)
    for delay in range(min(FOLDED.latency + 8, LONGEST_DELAY)):
        request = driver.request(instruction, instruction.rs1, instruction.rs2, 0b11)
        await driver.cycle(driver.commit(killed=False), **request)
        await driver.idle(delay)
        await driver.reset()
        value, _ = await driver.execute(instruction)
        assert value == expected, f"after a reset at {delay}"
