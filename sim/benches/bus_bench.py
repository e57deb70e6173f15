# SPDX-License-Identifier: Apache-2.0
"""The whole coprocessor through its bus: every row, then random stalls, then the registers."""

import itertools
import time
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge
from cocotb.utils import get_sim_time

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.rtl.package.bench_units import bench_units
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.channel_checks import Channels
from pulsewright.sim.benches.coprocessor_start import (
    ATTACHMENT,
    CODES,
    FOLDED,
    FOLDER,
    MODEL,
    OPTIONS,
    REGISTERS,
    WINDOWS,
    cycles_of_a_job,
    job_cycles,
    longest_wait_of_jobs,
    start,
)
from pulsewright.sim.benches.interrupt_checks import (
    ACCESS_REFUSED,
    PENDING_BITS,
    check_fifo_interrupt,
    check_job_interrupts,
)
from pulsewright.sim.benches.job_cycles import JobCycles
from pulsewright.sim.benches.register_checks import (
    NARROW,
    check_empty_addresses,
    check_refusals,
    check_reset_value,
    check_storage,
)
from pulsewright.sim.buses.coprocessor_driver import BUSY, CoprocessorDriver, pack_inputs
from pulsewright.sim.buses.drivers.bus_driver import CLOCK_PERIOD_NS
from pulsewright.sim.buses.registry import watch_rules
from pulsewright.sim.coverage.functional.database import kept_in
from pulsewright.sim.scoreboard import Scoreboard

PROGRESS_ROWS = 100
STALLED_ROWS = 200
TIMED_ROWS = 16
LONGEST_DELAY = 80
SETTLED_CYCLES = 8
REFUSALS = 96
PHYSICAL_ROWS = 60
DRAWN_COUNTS = 16
AT_ENDS = 0.3
SMALLEST, LARGEST = -(2**31), 2**31 - 1
WORD = 0xFFFF_FFFF
WRITES_WAIT = WINDOWS is None and not REGISTERS.infer_only and OPTIONS.max_wait is None
PATTERNS = (0x5A5A_A5A5, 0xA5A5_5A5A, 0, 0xFFFF_FFFF)
ACQUIRED = 0b100
CLEAR_ALL, CLEAR_STATE = 0, 1


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def every_row(dut: Any) -> None:
    """Two stores and a load an inference, on all rows; the cycle counter equals the formula."""
    driver = await start(dut)
    scoreboard = Scoreboard(MODEL, CODES)
    await driver.trigger_automatically()
    cycles = JobCycles(dut, driver)
    expected = job_cycles(CODES[:TIMED_ROWS])
    measured: list[int] = []
    started = time.perf_counter()
    for row, words in enumerate(pack_inputs(CODES, REGISTERS.input_lane_bits)):
        scoreboard.check(await driver.infer(words))
        if row < TIMED_ROWS:
            measured.append(await cycles.read())
        if row % PROGRESS_ROWS == 0:
            FOLDER.report_progress(row)
    scoreboard.finish()
    FOLDER.write_outcome(
        Measurement.EVERY_ROW,
        scoreboard.outcome(
            clock_cycles=round(get_sim_time("ns") / CLOCK_PERIOD_NS),
            seconds=time.perf_counter() - started,
            latency=max(measured) - 1,
        ),
    )
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch
    assert measured == expected, f"cycles {measured}, formula {expected}"


def partly_changed(codes: IntegerArray, seed: int) -> IntegerArray:
    """Rows of which many have nothing, one input or some inputs else than the row before."""
    draw = np.random.default_rng(seed)
    rows = codes.copy()
    for before, row in itertools.pairwise(rows):
        kept = draw.permutation(len(row))[draw.choice([0, 0, 1, 2, len(row) - 1, len(row)]) :]
        row[kept] = before[kept]
    return rows


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def random_stalls(dut: Any) -> None:
    """Random idle cycles before requests and random backpressure on responses."""
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    driver.bus.enable_backpressure(cocotb.RANDOM_SEED)
    codes = partly_changed(CODES[:STALLED_ROWS], cocotb.RANDOM_SEED)
    scoreboard = Scoreboard(MODEL, codes)
    await driver.trigger_automatically()
    cycles = JobCycles(dut, driver)
    for words, expected in zip(
        pack_inputs(codes, REGISTERS.input_lane_bits), job_cycles(codes), strict=True
    ):
        scoreboard.check(await driver.infer(words))
        assert await cycles.read() == expected
    scoreboard.finish()
    FOLDER.write_outcome(Measurement.RANDOM_STALLS, scoreboard.outcome())
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch
    assert rules.responses == rules.requests


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def refusals_under_stalls(dut: Any) -> None:
    """Narrow and misaligned accesses are refused behind others whose answers are not taken yet."""
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    driver.bus.enable_backpressure(cocotb.RANDOM_SEED)
    address = REGISTERS["EVENT_ENABLE"].address
    for number in range(REFUSALS):
        value = number // 2 % 2
        for _ in range(number % 3):
            driver.bus.write_nowait(address, value)
        await driver.write("EVENT_ENABLE", value)
        driver.bus.write_nowait(address, value)
        narrow = NARROW[number % len(NARROW)]
        await driver.write("EVENT_ENABLE", 1 - value, narrow, error_expected=True)
        if OPTIONS.addressing != "word":
            misaligned = address | 1 << number % 2
            driver.bus.write_nowait(address, value)
            await driver.write_address(misaligned, 1 - value, error_expected=True)
            driver.bus.write_nowait(address, value)
            await driver.read_address(misaligned, error_expected=True)
        assert await driver.read("EVENT_ENABLE") == value
    assert rules.responses == rules.requests


def drawn_units(rows: int, seed: int) -> IntegerArray:
    """Integers (rows, inputs) within the ranges of the inputs, at their ends, and beyond them."""
    draw = np.random.default_rng(seed)
    columns = []
    for feature in MODEL.input_map.features:
        low, high = feature.minimum, feature.maximum
        ends = [SMALLEST, low - 1, low, low + 1, high - 1, high, high + 1, LARGEST]
        within = draw.integers(low, high + 1, rows)
        columns.append(np.where(draw.random(rows) < AT_ENDS, draw.choice(ends, rows), within))
    units: IntegerArray = np.clip(np.stack(columns, axis=1), SMALLEST, LARGEST)
    return units


@cocotb.test(skip=not REGISTERS.maps_inputs)
@kept_in(FOLDER.functional_coverage)
async def physical_inputs(dut: Any) -> None:
    """Integers of units, all of a row or those that changed, with codes between, under stalls."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    driver.bus.enable_backpressure(cocotb.RANDOM_SEED)
    draw = np.random.default_rng(cocotb.RANDOM_SEED)
    drawn = drawn_units(PHYSICAL_ROWS, cocotb.RANDOM_SEED)
    units = np.concatenate([bench_units(MODEL).values, drawn])
    codes = MODEL.input_map.codes_of_units(units)
    scoreboard = Scoreboard(MODEL, codes)
    held = np.full(len(units[0]), SMALLEST - 1)
    # Inputs of a row, first the one that starts it; the others may be stored before their turn.
    order, stored = [0], False
    for number, (row, row_codes) in enumerate(zip(units, codes, strict=True)):
        ahead = OPTIONS.max_wait is None and number % 5 in (1, 2) and number + 1 < len(units)
        if number % 5 == 4:
            words = pack_inputs(row_codes.reshape(1, -1), REGISTERS.input_lane_bits)[0]
            await driver.trigger_automatically()
            scoreboard.check(await driver.infer(words))
        else:
            if not stored:
                order = draw.permutation(np.flatnonzero(row != held)).tolist() or [0]
                store_physical(driver, "PHYSICAL", order[1:], row)
            store_physical(driver, "PHYSICAL_START", order[:1], row)
            if ahead:
                order = draw.permutation(np.flatnonzero(units[number + 1] != row)).tolist() or [0]
                store_physical(driver, "PHYSICAL", order[1:], units[number + 1])
            scoreboard.check(await driver.load_results())
        held, stored = row, ahead
        if not (REGISTERS.infer_only or ahead):
            words = pack_inputs(row_codes.reshape(1, -1), REGISTERS.input_lane_bits)[0]
            assert [await driver.read_address(a) for a in REGISTERS.input_addresses] == words
    scoreboard.finish()
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch


def store_physical(
    driver: CoprocessorDriver, register: str, inputs: list[int], row: IntegerArray
) -> None:
    """Ask the bus for stores of integers of units, without waiting for their answers."""
    for one in inputs:
        address, word = REGISTERS[f"{register}[{one}]"].address, int(row[one]) & WORD
        driver.coverage.queued(address, word)
        driver.bus.write_nowait(address, word)


async def clear_refused(driver: CoprocessorDriver) -> None:
    """Clear ACCESS_REFUSED, which is what is pending."""
    assert await driver.read("INTERRUPT_PENDING") == ACCESS_REFUSED
    await driver.write("INTERRUPT_PENDING", ACCESS_REFUSED)
    assert await driver.read("INTERRUPT_PENDING") == 0


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def register_map(dut: Any) -> None:
    """Reset values, storage, read-only words, narrow and misaligned accesses, empty addresses."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    # Both are looked at below: one acts when it is read, the other fills up with refusals.
    looked_at_below = ("ACQUIRE", "INTERRUPT_PENDING")
    registers = [one for one in REGISTERS.registers if one.name not in looked_at_below]
    for register in registers:
        if register.readable:
            await check_reset_value(driver, register)
    for register in registers:
        if not register.writable:
            await driver.write(register.name, 0xFFFF_FFFF, error_expected=True)
            await check_reset_value(driver, register)
        elif register.storage:
            await check_storage(driver, register)
    for register in REGISTERS.registers:
        await check_refusals(driver, register)
    await check_empty_addresses(driver)
    assert await driver.read("STATUS") == 0
    # What was refused is pending, and nothing else.
    await clear_refused(driver)
    # A port that counts words has no misaligned addresses.
    for address in () if OPTIONS.addressing == "word" else (0x01, 0x02, 0x0B):
        await driver.read_address(address, error_expected=True)
        await clear_refused(driver)
        await driver.write_address(address, 1, error_expected=True)
        await clear_refused(driver)
    if not REGISTERS.infer_only:
        # A read acquires the first job, once.
        await driver.write("ACQUIRE", 0, error_expected=True)
        assert [await driver.read("ACQUIRE") for _ in range(2)] == [0, 0xFFFF_FFFE]
        assert await driver.read("STATUS") == ACQUIRED
    stored = [register for register in registers if register.storage]
    # The automatic trigger last, or the last input word would ask for a job.
    for register in sorted(stored, key=lambda one: one.name == "AUTOTRIGGER"):
        await driver.write(register.name, register.storage)
    # State and registers; then every word reads as after a reset.
    await driver.write("SOFT_CLEAR", CLEAR_ALL)
    for register in stored:
        await check_reset_value(driver, register)
    assert await driver.read("STATUS") == 0


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def interrupts(dut: Any) -> None:
    """A level while something is pending and enabled; a cause wins over a clear."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    job_ended, fifo_not_empty, access_refused = PENDING_BITS
    (words,) = pack_inputs(CODES[:1], REGISTERS.input_lane_bits)
    assert int(dut.irq_o.value) == 0
    await driver.write("INTERRUPT_ENABLE", job_ended | access_refused)
    await driver.trigger_automatically()
    await check_job_interrupts(dut, driver, words, cycles_of_a_job(LONGEST_DELAY))

    # A refused access, which no error tells of on some buses.
    await driver.write("IDENTITY", 0, error_expected=True)
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.irq_o.value) == 1
    await driver.write("INTERRUPT_PENDING", job_ended)
    assert await driver.read("INTERRUPT_PENDING") == access_refused
    await driver.write("INTERRUPT_ENABLE", job_ended | fifo_not_empty)
    await ClockCycles(dut.clk_i, 3)
    assert int(dut.irq_o.value) == 0

    if not REGISTERS.infer_only:
        await check_fifo_interrupt(dut, driver, words)
    await driver.write("SOFT_CLEAR", CLEAR_STATE)
    assert await driver.read("INTERRUPT_PENDING") == 0
    kept = REGISTERS["INTERRUPT_ENABLE"].storage & (job_ended | fifo_not_empty)
    assert await driver.read("INTERRUPT_ENABLE") == kept


async def start_job(driver: CoprocessorDriver, words: list[int], job: int) -> None:
    """Acquire, describe and trigger the job of this number; without jobs the words do it."""
    if REGISTERS.infer_only:
        await driver.store_inputs(words)
        return
    assert await driver.read("ACQUIRE") == job
    await driver.store_inputs(words)
    assert await driver.read("STATUS") == ACQUIRED, "started without a trigger"
    await driver.write("COMMIT_TRIGGER", 0)


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def jobs(dut: Any) -> None:
    """Acquire, trigger, busy, event, identifiers, and a soft clear in every cycle of a job."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    events = 0

    async def count_events() -> None:
        nonlocal events
        while True:
            await RisingEdge(dut.clk_i)
            events += int(dut.event_o.value)

    cocotb.start_soon(count_events())
    codes = CODES[: min(len(CODES), 8)]
    words = pack_inputs(codes, REGISTERS.input_lane_bits)
    expected = MODEL.infer(codes).tolist()

    for job, (row_words, row_expected) in enumerate(zip(words, expected, strict=True)):
        await driver.write("EVENT_ENABLE", job % 2)
        before = events
        await start_job(driver, row_words, job)
        assert await driver.load_results() == row_expected
        assert REGISTERS.infer_only or await driver.read("RUNNING_JOB") == job
        await ClockCycles(dut.clk_i, 3)
        assert events - before == job % 2

    await driver.trigger_automatically()
    for delay in cycles_of_a_job(LONGEST_DELAY):
        await driver.store_inputs(words[0])
        if delay:
            await ClockCycles(dut.clk_i, delay)
        if FOLDED.latency > 12 and delay == 0:
            assert await driver.read("STATUS") == BUSY
        await driver.write("SOFT_CLEAR", CLEAR_STATE)
        assert await driver.read("STATUS") == 0
        assert await driver.infer(words[-1]) == expected[-1], f"after a clear at {delay}"


@cocotb.test(skip=not WRITES_WAIT)
@kept_in(FOLDER.functional_coverage)
async def writes_that_wait(dut: Any) -> None:
    """A write to a word of a job that waits is done when that begins, with what was written."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    codes = CODES[[0, len(CODES) - 1]]
    words = pack_inputs(codes, REGISTERS.input_lane_bits)
    expected = MODEL.infer(codes).tolist()
    # With a single word each write would be a job of its own.
    is_automatic = len(REGISTERS.input_addresses) > 1
    if is_automatic:
        await driver.trigger_automatically()
    for pattern in PATTERNS:
        for row in words:
            if not is_automatic:
                await driver.read("ACQUIRE")
            await driver.store_inputs(row)
            if not is_automatic:
                await driver.write("COMMIT_TRIGGER", 0)
        await driver.write("INPUT[0]", pattern)
        assert await driver.read("INPUT[0]") == pattern & REGISTERS["INPUT[0]"].storage
        assert await driver.load_results() == expected[-1]


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def clock_enable(dut: Any) -> None:
    """The clock is asked for by accesses and jobs, and by nothing else."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    awake = 0

    async def count() -> None:
        nonlocal awake
        while True:
            await RisingEdge(dut.clk_i)
            awake += int(dut.clock_enable_o.value)

    await ClockCycles(dut.clk_i, SETTLED_CYCLES)
    cocotb.start_soon(count())
    await ClockCycles(dut.clk_i, SETTLED_CYCLES)
    assert awake == 0, "awake without a reason"
    await driver.read("IDENTITY")
    assert awake > 0, "asleep in an access"
    await driver.trigger_automatically()
    await driver.store_inputs(pack_inputs(CODES[:1], REGISTERS.input_lane_bits)[0])
    awake = 0
    (cycles,) = job_cycles(CODES[:1])
    await ClockCycles(dut.clk_i, cycles + 2 * SETTLED_CYCLES)
    assert awake >= cycles - SETTLED_CYCLES, "asleep in a job"
    awake = 0
    await ClockCycles(dut.clk_i, SETTLED_CYCLES)
    assert awake == 0, "awake after a job"
    assert await driver.load_results() == MODEL.infer(CODES[:1]).tolist()[0]


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def longest_waits(dut: Any) -> None:
    """A read behind two jobs waits no longer than the formula or, where there is one, the bound.

    A refusal after the bound is pending, and the jobs end as if nothing had been asked. Nothing is
    refused if the bound is as long as the longest wait; whether it is below that, but longer than
    a third of the latency, goes by the bus, and is not asked. With windows a read waits for the
    first of the jobs alone; without jobs one inference runs.
    """
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    codes = CODES[: 1 if REGISTERS.infer_only else 2]
    words = pack_inputs(codes, REGISTERS.input_lane_bits)
    vectors = MODEL.infer(codes).tolist()
    expected = vectors if WINDOWS else vectors[-1:]
    identity, result = REGISTERS["IDENTITY"].address, REGISTERS.result_addresses[0]
    longest = longest_wait_of_jobs()

    async def cycles_of_read(address: int, error_expected: bool = False) -> int:
        begun = get_sim_time("ns")
        await driver.read_address(address, error_expected)
        return round((get_sim_time("ns") - begun) / CLOCK_PERIOD_NS)

    at_once = await cycles_of_read(identity)
    await driver.trigger_automatically()
    for row in words:
        await driver.store_inputs(row)
    bound = OPTIONS.max_wait
    if bound is None or bound >= longest:
        assert await cycles_of_read(result) - at_once <= longest
        assert await driver.read("INTERRUPT_PENDING") & ACCESS_REFUSED == 0
    elif 3 * bound < FOLDED.latency:
        waited = await cycles_of_read(result, error_expected=True) - at_once
        assert waited == bound
        # The words of a job that waits stay what they are.
        first = REGISTERS.input_addresses[0]
        await driver.write_address(first, ~words[0][0] & 0xFFFF_FFFF, error_expected=True)
        assert await driver.read("INTERRUPT_PENDING") & ACCESS_REFUSED
    for results in expected:
        assert await driver.load_results() == results
    assert REGISTERS.infer_only or await driver.read("COMPLETED_JOBS") == 2


@cocotb.test(skip=REGISTERS.infer_only or WINDOWS is not None)
@kept_in(FOLDER.functional_coverage)
async def completed_jobs_carry(dut: Any) -> None:
    """COMPLETED_JOBS counts on from values that no simulation comes to, which are put there."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    counter = dut.coprocessor.shown_completed_jobs
    words = pack_inputs(CODES[:1], REGISTERS.input_lane_bits)[0]
    await driver.trigger_automatically()
    carries = [(2 << bit) - 1 for bit in range(WORD.bit_length())]
    drawn = np.random.default_rng(cocotb.RANDOM_SEED).integers(0, WORD, DRAWN_COUNTS).tolist()
    for count in (*carries, *drawn):
        counter.value = count
        await RisingEdge(dut.clk_i)
        if await driver.read("COMPLETED_JOBS") != count:
            # Verilog of Yosys has the register under another name.
            return
        await driver.infer(words)
        assert await driver.read("COMPLETED_JOBS") == (count + 1) & WORD


@cocotb.test(skip=ATTACHMENT != "axi_lite")
@kept_in(FOLDER.functional_coverage)
async def channels_beside_each_other(dut: Any) -> None:
    """Reads and writes contend, answers are not taken, and a reset comes meanwhile."""
    driver = await start(dut)
    identity, enable = REGISTERS["IDENTITY"].address, REGISTERS["INTERRUPT_ENABLE"].address
    channels = Channels(dut, identity, enable, ACCESS_REFUSED)
    await channels.check_answers_are_given()
    await channels.check_reset_of_waiting()
    await channels.check_turns()
    assert await driver.read("INTERRUPT_ENABLE") == ACCESS_REFUSED
    assert await driver.read("INTERRUPT_PENDING") == 0


@cocotb.test()
@kept_in(FOLDER.functional_coverage)
async def reset_in_mid_job(dut: Any) -> None:
    """A reset in any cycle of a job leaves a coprocessor that works."""
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    words = pack_inputs(CODES[:1], REGISTERS.input_lane_bits)[0]
    expected = MODEL.infer(CODES[:1]).tolist()[0]
    for delay in cycles_of_a_job(LONGEST_DELAY):
        await driver.trigger_automatically()
        await driver.store_inputs(words)
        await ClockCycles(dut.clk_i, delay + 1)
        await driver.reset()
        assert await driver.read("STATUS") == 0
        assert await driver.read_address(REGISTERS.result_addresses[0]) == 0
        await driver.trigger_automatically()
        assert await driver.infer(words) == expected
    assert rules.responses > 0
