# SPDX-License-Identifier: Apache-2.0
"""Windows of inputs and results through the coprocessor's bus; skipped where there are none."""

import random
from typing import Any

import cocotb
from cocotb.triggers import ClockCycles
from cocotb.utils import get_sim_time

from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.coprocessor_start import (
    ATTACHMENT,
    CODES,
    FOLDED,
    FOLDER,
    MODEL,
    OPTIONS,
    REGISTERS,
    WINDOWS,
    interval_of_windows,
    job_cycles,
    start,
)
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver, pack_inputs, to_signed
from pulsewright.sim.buses.drivers.bus_driver import CLOCK_PERIOD_NS
from pulsewright.sim.buses.registry import watch_rules
from pulsewright.sim.coverage.functional.database import kept_in
from pulsewright.sim.scoreboard import Scoreboard

QUEUED, FIFO_LEVEL = 0b10, 0xFF00
ROWS, STALLED_ROWS = 40, 20
# Vectors that may be started before the results of the first of them are loaded.
STARTED = WINDOWS.result_vectors + 1 if WINDOWS else 1


async def may_store(driver: CoprocessorDriver) -> None:
    """Where waits are bounded, ask until no vector waits for another."""
    while REGISTERS.bounded_wait and await driver.read("STATUS") & QUEUED:
        pass


async def store_in_any_order(
    driver: CoprocessorDriver, words: list[int], draw: random.Random
) -> None:
    """The last word last, since it starts the job; two of the others twice."""
    order = list(range(len(words) - 1))
    draw.shuffle(order)
    addresses = REGISTERS.input_addresses
    await may_store(driver)
    for index in order[:2]:
        await driver.write_address(addresses[index], draw.getrandbits(32))
    for index in [*order, len(words) - 1]:
        await driver.write_address(addresses[index], words[index])


async def load_vector(driver: CoprocessorDriver) -> list[int]:
    """Load the results of the oldest vector; the last of them takes it."""
    while REGISTERS.bounded_wait and not await driver.read("STATUS") & FIFO_LEVEL:
        pass
    return [to_signed(await driver.read_address(one)) for one in REGISTERS.result_addresses]


async def access_cycles(driver: CoprocessorDriver, words: list[int]) -> int:
    """Clock cycles in which a vector is stored and its results are loaded, none of them a wait."""
    begun = get_sim_time("ns")
    await driver.store_inputs(words)
    stored = get_sim_time("ns")
    await ClockCycles(driver.dut.clk_i, max(job_cycles(CODES[:1])) + 2)
    ended = get_sim_time("ns")
    await load_vector(driver)
    return round((get_sim_time("ns") - ended + stored - begun) / CLOCK_PERIOD_NS)


@cocotb.test(skip=WINDOWS is None)
@kept_in(FOLDER.functional_coverage)
async def loaded_while_computing(dut: Any) -> None:
    """Vectors are stored and results loaded meanwhile: a row an interval, or as its accesses need.

    CYCLES tells of the interval, from the end of one job to that of the next.
    """
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    codes = CODES[:ROWS]
    rows = pack_inputs(codes, REGISTERS.input_lane_bits)
    scoreboard = Scoreboard(MODEL, codes)
    await driver.write("AUTOTRIGGER", 1)
    accesses = await access_cycles(driver, rows[0])
    begun = get_sim_time("ns")
    for number, row in enumerate(rows):
        await may_store(driver)
        await driver.store_inputs(row)
        if number + 1 >= STARTED:
            scoreboard.check(await load_vector(driver))
    while scoreboard.rows < len(rows):
        scoreboard.check(await load_vector(driver))
    scoreboard.finish()
    cycles = round((get_sim_time("ns") - begun) / CLOCK_PERIOD_NS)
    interval = await driver.read("CYCLES")
    FOLDER.write_outcome(
        Measurement.LOADED_WHILE_COMPUTING,
        scoreboard.outcome(clock_cycles=cycles, ii=interval),
    )
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch
    assert await driver.read("STATUS") == 0
    assert rules.responses > 0
    polls = REGISTERS.bounded_wait
    if not polls and accesses <= FOLDED.initiation_interval == interval_of_windows():
        assert interval == FOLDED.initiation_interval, f"{interval} cycles a row"
    assert interval >= FOLDED.initiation_interval


@cocotb.test(skip=WINDOWS is None)
@kept_in(FOLDER.functional_coverage)
async def any_order_under_stalls(dut: Any) -> None:
    """Words in any order, with random idle cycles and backpressure on the bus and between jobs."""
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    driver.bus.enable_backpressure(cocotb.RANDOM_SEED)
    codes = CODES[:STALLED_ROWS]
    first, *others = pack_inputs(codes, REGISTERS.input_lane_bits)
    scoreboard = Scoreboard(MODEL, codes)
    draw = random.Random(cocotb.RANDOM_SEED)
    longest = max(job_cycles(codes[:1]))
    await driver.write("AUTOTRIGGER", 1)
    await store_in_any_order(driver, first, draw)
    for following in others:
        await ClockCycles(dut.clk_i, draw.choice([1, 2, 7, longest + 3]))
        await store_in_any_order(driver, following, draw)
        await ClockCycles(dut.clk_i, draw.choice([1, 2, 7, longest + 3]))
        scoreboard.check(await load_vector(driver))
    scoreboard.check(await load_vector(driver))
    scoreboard.finish()
    FOLDER.write_outcome(Measurement.ANY_ORDER_UNDER_STALLS, scoreboard.outcome())
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch
    assert rules.responses > 0


@cocotb.test(skip=WINDOWS is None)
@kept_in(FOLDER.functional_coverage)
async def a_job_waits_for_room(dut: Any) -> None:
    """Results fill their room; another job begins when the first of them are taken."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    codes = CODES[[i % len(CODES) for i in range(STARTED + 1)]]
    rows = pack_inputs(codes, REGISTERS.input_lane_bits)
    expected = MODEL.infer(codes).tolist()
    await driver.write("AUTOTRIGGER", 1)
    for row in rows[:STARTED]:
        await may_store(driver)
        await driver.store_inputs(row)
    await ClockCycles(dut.clk_i, STARTED * max(job_cycles(codes[:1])))
    assert await driver.read("STATUS") == (STARTED - 1) << 8 | QUEUED
    assert await driver.read("COMPLETED_JOBS") == STARTED - 1
    inputs = REGISTERS.input_addresses
    for address in (inputs[0], inputs[-1]):
        await driver.write_address(address, 0, error_expected=True)
    assert await load_vector(driver) == expected[0]
    await driver.store_inputs(rows[STARTED])
    for results in expected[1 : len(rows)]:
        assert await load_vector(driver) == results
    assert await driver.read("COMPLETED_JOBS") == len(rows)
    assert await driver.read("STATUS") == 0
