# SPDX-License-Identifier: Apache-2.0
"""The coprocessor on PCPI: rows, steps, programs, a gated clock, resets."""

import random
from typing import Any

import cocotb

from pulsewright.hls_model.schedule.sequence import step_latency
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.instruction_checks import LONGEST_DELAY, infer_rows, start_coprocessor
from pulsewright.sim.instructions.pcpi_driver import PcpiDriver
from pulsewright.sim.instructions.reference import (
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
RANDOM_INSTRUCTIONS = 300
LONGEST_WAIT = 2 * FOLDED.latency + 100


async def start(dut: Any, gated: bool = False) -> PcpiDriver:
    """See `start_coprocessor`."""
    driver = PcpiDriver(dut, InstructionReference(MODEL, FOLDED), LONGEST_WAIT, gated)
    await start_coprocessor(driver, ROWS, FOLDED)
    return driver


@cocotb.test()
async def every_row(dut: Any) -> None:
    """One instruction an inference, on all rows; the cycles equal the formula."""
    driver = await start(dut)
    checked = await infer_rows(driver, ROWS, FOLDER)
    FOLDER.write_outcome(Measurement.EVERY_ROW, checked.outcome)
    checked.verify(ROWS.infer_cycles(FOLDED.latency), FOLDED)
    assert driver.rules.taken == len(CODES) + len(ROWS.weight_stores(FOLDED))


@cocotb.test()
async def steps(dut: Any) -> None:
    """Only the pulse number changes: the rows of a curve after one inference."""
    driver = await start(dut)
    for base, instructions, expected in ROWS.curves():
        await driver.execute(base)
        for instruction, outputs in zip(instructions, expected, strict=True):
            value, passed = await driver.execute(instruction)
            assert ROWS.result(value) == outputs[0], instruction
            assert passed == ROWS.step_cycles(step_latency(FOLDED))


async def _any_program(driver: PcpiDriver, count: int) -> None:
    reference = InstructionReference(MODEL, FOLDED)
    draw = random.Random(cocotb.RANDOM_SEED)
    for _ in range(count):
        if draw.random() < 0.2:
            value, _ = await driver.execute(foreign_instruction(reference, draw))
            assert value is None
            continue
        instruction = random_instruction(reference, draw)
        value, _ = await driver.execute(instruction)
        assert value == reference.execute(instruction), instruction
        await driver.idle(draw.choice([0, 0, draw.randrange(2 * FOLDED.latency)]))


@cocotb.test()
async def any_program(dut: Any) -> None:
    """All instructions in any order, and others that nobody may answer."""
    await _any_program(await start(dut), RANDOM_INSTRUCTIONS)


@cocotb.test()
async def a_gated_clock(dut: Any) -> None:
    """The same with the clock stopped whenever it may be."""
    driver = await start(dut, gated=True)
    for instruction in ROWS.infers()[:20]:
        _, passed = await driver.execute(instruction)
        assert FOLDED.incremental or passed == ROWS.infer_cycles(FOLDED.latency)
        await driver.idle(3)
    store, load = ROWS.unattended_job()
    await driver.execute(store)
    await driver.idle(2 * FOLDED.latency)
    _, passed = await driver.execute(load)
    assert passed == 1, "the job did not run on by itself"
    await driver.reset()
    await _any_program(driver, RANDOM_INSTRUCTIONS // 4)
    assert driver.clock.edges < driver.clock.cycles, "the clock was never stopped"


@cocotb.test()
async def reset_in_mid_instruction(dut: Any) -> None:
    """A reset in any cycle of an inference leaves a coprocessor that works."""
    driver = await start(dut)
    instruction = ROWS.infers()[-1]
    expected = InstructionReference(MODEL, FOLDED).execute(instruction)
    for delay in range(min(ROWS.infer_cycles(step_latency(FOLDED)), LONGEST_DELAY)):
        for _ in range(delay + 1):
            await driver.cycle(instruction)
        await driver.reset()
        value, _ = await driver.execute(instruction)
        assert value == expected, f"after a reset at {delay}"
