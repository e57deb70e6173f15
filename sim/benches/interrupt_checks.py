# SPDX-License-Identifier: Apache-2.0
"""What is pending, and the level that tells of it, around jobs and results."""

from collections.abc import Iterable
from typing import Any

from cocotb.triggers import ClockCycles

from pulsewright.rtl.jobs.job_request import STREAM
from pulsewright.rtl.registers.interrupts import INTERRUPTS
from pulsewright.sim.benches.coprocessor_start import CODES, MODEL, REGISTERS, WINDOWS, job_cycles
from pulsewright.sim.buses.coprocessor_driver import BUSY, CoprocessorDriver

ALL_ONES = 0xFFFF_FFFF
PENDING_BITS = tuple(1 << bit for bit in range(len(INTERRUPTS)))
ACCESS_REFUSED = 1 << INTERRUPTS.index("access_refused")


async def check_job_interrupts(
    dut: Any, driver: CoprocessorDriver, words: list[int], delays: Iterable[int]
) -> None:
    """The end of a job, with the clear of the one before in each of these cycles of it."""
    job_ended = PENDING_BITS[0]
    for delay in delays:
        await driver.store_inputs(words)
        await ClockCycles(dut.clk_i, delay + 1)
        await driver.write("INTERRUPT_PENDING", job_ended)
        ended_before = await driver.read("STATUS") & BUSY == 0
        await driver.load_results()
        await ClockCycles(dut.clk_i, 3)
        # What is written elsewhere clears nothing.
        await driver.write("EVENT_ENABLE", ALL_ONES)
        await driver.write("EVENT_ENABLE", 0)
        pending = await driver.read("INTERRUPT_PENDING")
        assert pending in ((0, job_ended) if ended_before else (job_ended,)), f"{delay}"
        assert int(dut.irq_o.value) == (pending != 0)
        await driver.write("INTERRUPT_PENDING", job_ended)
        await ClockCycles(dut.clk_i, 3)
        assert int(dut.irq_o.value) == 0


async def check_fifo_interrupt(dut: Any, driver: CoprocessorDriver, words: list[int]) -> None:
    """Results in the FIFO: a level that only taking them clears. A refused access is pending."""
    job_ended, fifo_not_empty, access_refused = PENDING_BITS
    if WINDOWS is None:
        await driver.write("JOB", STREAM)
    fifo = REGISTERS.result_addresses
    if WINDOWS is None:
        fifo = [REGISTERS["RESULT_FIFO"].address] * MODEL.outputs
    await driver.store_inputs(words)
    await ClockCycles(dut.clk_i, max(job_cycles(CODES[:1])) + 5)
    await driver.write("INTERRUPT_PENDING", job_ended | fifo_not_empty)
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.irq_o.value) == 1
    assert await driver.read("INTERRUPT_PENDING") == fifo_not_empty | access_refused
    # What is not enabled is pending all the same.
    await driver.write("INTERRUPT_ENABLE", 0)
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.irq_o.value) == 0
    assert await driver.read("INTERRUPT_PENDING") == fifo_not_empty | access_refused
    await driver.write("INTERRUPT_ENABLE", job_ended | fifo_not_empty)
    await ClockCycles(dut.clk_i, 3)
    for address in fifo:
        assert int(dut.irq_o.value) == 1
        await driver.read_address(address)
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.irq_o.value) == 0
