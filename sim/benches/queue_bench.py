# SPDX-License-Identifier: Apache-2.0
"""The job queue: whatever may be asked of it in every state, and every kind of job in each place.

What is expected is docs/hardware.md's: states follow from its sentences, not from the RTL.
"""

from itertools import product
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.rtl.jobs.job_request import INCREMENTS, KIND, STREAM, JobKind
from pulsewright.sim.benches.coprocessor_start import (
    ATTACHMENT,
    BEYOND_FIFO,
    CODES,
    FOLDED,
    FOLDER,
    MODEL,
    OPTIONS,
    REGISTERS,
    STANDS_STILL,
    SWEEP,
    job_cycles,
    start,
)
from pulsewright.sim.benches.sweep_jobs import (
    COMMIT,
    COMMIT_AND_TRIGGER,
    TRIGGER,
    curve,
    drain,
    sweep_of_model,
)
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver, pack_inputs
from pulsewright.sim.buses.registry import watch_rules
from pulsewright.sim.coverage.functional.database import kept_in
from pulsewright.sim.coverage.functional.queue import (
    CLEARS,
    COMMITS,
    QUEUE_STATES,
    QueueEvent,
    QueueState,
    Start,
    has_queue,
)

NONE_FREE, ACQUIRED_ALREADY = 0xFFFF_FFFF, 0xFFFF_FFFE
JOBS_OF_STATUS = 0xFF
SETTLED_CYCLES = 4
PULSES = 3
IDENTIFIERS = 256
STANDING_CYCLES = (100, 600, 2700, 5400)
WORDS_OF_A_JOB = ("INPUT[0]", "JOB", *(("N0", "N1", "TARGET") if SWEEP is not None else ()))
# Behind a long curve of a slow engine a simulator is busy for minutes.
STARTS_BEHIND = tuple(Start) if FOLDED.initiation_interval <= 500 else (Start.AT_ONCE,)
HAS_QUEUE = has_queue(REGISTERS)
STATES = [state for state in QUEUE_STATES if STANDS_STILL or not state.running]


def status(state: QueueState) -> int:
    """STATUS without the FIFO's level."""
    bits = (state.running, state.waiting, state.acquired, state.untriggered)
    return sum(bit << place for place, bit in enumerate(bits))


def is_refused(state: QueueState, event: QueueEvent) -> bool:
    """Of an access beside a job that runs and stands still, its FIFO full."""
    if event in (QueueEvent.COMMIT_AND_TRIGGER, QueueEvent.COMMIT):
        return not state.acquired
    if event is QueueEvent.INPUT_WRITE:
        return state.waiting
    return event is QueueEvent.RESULT_READ and state.running


def following(state: QueueState, event: QueueEvent) -> QueueState:
    """The state after an access, and after what it makes begin."""
    if event in (QueueEvent.RESET, QueueEvent.CLEAR_ALL, QueueEvent.CLEAR_STATE):
        return QueueState()
    if event is QueueEvent.CLEAR_REGISTERS:
        return QueueState(running=state.running)
    if event is QueueEvent.ACQUIRE:
        return state._replace(acquired=not state.waiting)
    if event is QueueEvent.TRIGGER and state.untriggered:
        return QueueState(running=True, waiting=state.running)
    if not state.acquired:
        return state
    if event is QueueEvent.COMMIT_AND_TRIGGER:
        return QueueState(running=True, waiting=state.running)
    if event is QueueEvent.COMMIT:
        return state._replace(waiting=True, untriggered=True, acquired=False)
    return state


async def describe(
    driver: CoprocessorDriver, row: IntegerArray, job: int, n0: int, n1: int, target: int = 0
) -> None:
    """Write all words of a job, the inputs last."""
    (words,) = pack_inputs(row.reshape(1, -1), REGISTERS.input_lane_bits)
    await driver.write("JOB", job)
    if SWEEP is not None:
        for name, value in (("N0", n0), ("N1", n1), ("TARGET", target & 0xFFFF_FFFF)):
            await driver.write(name, value)
    await driver.store_inputs(words)


async def bring_to(driver: CoprocessorDriver, state: QueueState) -> None:
    """From wherever it is; what runs is a curve that nobody takes the results of, if it can be."""
    await driver.write("SOFT_CLEAR", CLEARS.index(QueueEvent.CLEAR_ALL))
    if STANDS_STILL:
        sweep = sweep_of_model()
        await describe(driver, CODES[0], JobKind.CURVE, sweep.minimum, sweep.maximum)
    else:
        await describe(driver, CODES[0], STREAM, 0, 0)
    if state.running:
        assert await driver.read("ACQUIRE") == 0
        await driver.write("COMMIT_TRIGGER", COMMIT_AND_TRIGGER)
    if state.acquired or state.waiting:
        assert await driver.read("ACQUIRE") == int(state.running)
    if state.waiting:
        await driver.write("COMMIT_TRIGGER", COMMIT if state.untriggered else COMMIT_AND_TRIGGER)
    await ClockCycles(driver.dut.clk_i, SETTLED_CYCLES)
    assert await driver.read("STATUS") & JOBS_OF_STATUS == status(state)


async def ask(driver: CoprocessorDriver, state: QueueState, event: QueueEvent) -> None:
    """Do it, and see how it is answered."""
    refused = is_refused(state, event)
    if event is QueueEvent.RESET:
        await driver.reset()
    elif event in CLEARS:
        await driver.write("SOFT_CLEAR", CLEARS.index(event))
    elif event in COMMITS:
        await driver.write("COMMIT_TRIGGER", COMMITS.index(event), error_expected=refused)
    elif event is QueueEvent.INPUT_WRITE:
        for name in WORDS_OF_A_JOB:
            await driver.write(name, 0, error_expected=refused)
    elif event is QueueEvent.RESULT_READ:
        await driver.read("RESULT[0]", error_expected=refused)
    else:
        number = int(state.running)
        if state.waiting:
            number = NONE_FREE
        elif state.acquired:
            number = ACQUIRED_ALREADY
        assert await driver.read("ACQUIRE") == number


@cocotb.test(skip=not HAS_QUEUE)
@kept_in(FOLDER.functional_coverage)
async def every_event_in_every_state(dut: Any) -> None:
    """Each is answered as documented, and leads to the state that it should."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    for state, event in product(STATES, QueueEvent):
        await bring_to(driver, state)
        await ask(driver, state, event)
        after = following(state, event)
        await ClockCycles(dut.clk_i, SETTLED_CYCLES)
        if after.running and not STANDS_STILL:
            await ClockCycles(dut.clk_i, max(job_cycles(CODES[:1])))
            after = QueueState()
        found = await driver.read("STATUS") & JOBS_OF_STATUS
        expected = status(after)
        assert found == expected, f"{state}, {event}: STATUS {found:#06b}, not {expected:#06b}"
    await driver.write("SOFT_CLEAR", CLEARS.index(QueueEvent.CLEAR_ALL))
    await driver.trigger_automatically()
    (words,) = pack_inputs(CODES[:1], REGISTERS.input_lane_bits)
    assert [await driver.infer(words)] == MODEL.infer(CODES[:1]).tolist()


async def check_job(
    driver: CoprocessorDriver, job: int, expected: IntegerArray, n0: int, target: int
) -> None:
    """Take the results of a job that runs or has ended. expected: of its vectors, in order."""
    if job & KIND == JobKind.CURVE or job & STREAM:
        if job & INCREMENTS:
            expected = np.diff(expected, axis=0, prepend=0)
        assert await drain(driver, len(expected)) == expected.tolist()
    elif job == JobKind.REACH:
        index = int(np.flatnonzero(expected[:, 0] >= target)[0])
        assert await driver.load_results() == expected[index].tolist()
        assert await driver.read("REACHED_N") == n0 + index
    else:
        assert await driver.load_results() == expected[0].tolist()


@cocotb.test(skip=not HAS_QUEUE)
@kept_in(FOLDER.functional_coverage)
async def every_kind_of_job(dut: Any) -> None:
    """Each, with every way to its trigger, alone and behind a curve that stands still."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    kinds = [JobKind.INFER, STREAM]
    if SWEEP is not None:
        kinds += [JobKind.CURVE, JobKind.CURVE | INCREMENTS, JobKind.REACH]
    first, row = CODES[0], CODES[len(CODES) - 1]
    n0 = SWEEP.minimum if SWEEP is not None else 0
    long_curve = n0 + REGISTERS.fifo_depth + BEYOND_FIFO
    for job, trigger, behind in product(kinds, Start, (False, True)):
        if behind and (not STANDS_STILL or trigger not in STARTS_BEHIND):
            continue
        rows = curve(row, n0, n0 + PULSES - 1) if job & KIND else row.reshape(1, -1)
        expected = MODEL.infer(rows)
        target = int(expected[:, 0].max())
        if behind:
            await describe(driver, first, JobKind.CURVE, n0, long_curve)
            await driver.read("ACQUIRE")
            await driver.write("COMMIT_TRIGGER", COMMIT_AND_TRIGGER)
        await driver.write("AUTOTRIGGER", int(trigger is Start.AUTOMATIC))
        if trigger is not Start.AUTOMATIC:
            await driver.read("ACQUIRE")
        await describe(driver, row, job, n0, n0 + PULSES - 1, target)
        if trigger is Start.AT_ONCE:
            await driver.write("COMMIT_TRIGGER", COMMIT_AND_TRIGGER)
        elif trigger is Start.LATER:
            await driver.write("COMMIT_TRIGGER", COMMIT)
            await driver.write("COMMIT_TRIGGER", TRIGGER)
        if behind:
            of_first = MODEL.infer(curve(first, n0, long_curve)).tolist()
            assert await drain(driver, len(of_first)) == of_first
        await check_job(driver, job, expected, n0, target)
        await driver.write("AUTOTRIGGER", 0)
    assert await driver.read("STATUS") == 0


@cocotb.test(skip=not HAS_QUEUE)
@kept_in(FOLDER.functional_coverage)
async def identifiers_wrap(dut: Any) -> None:
    """Those of jobs that are dropped while they wait follow one another, and begin again at 0."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    for job in range(IDENTIFIERS + 2):
        assert await driver.read("ACQUIRE") == job % IDENTIFIERS
        await driver.write("COMMIT_TRIGGER", COMMIT)
        await driver.write("SOFT_CLEAR", CLEARS.index(QueueEvent.CLEAR_REGISTERS))
    assert await driver.read("STATUS") == 0


@cocotb.test(skip=not STANDS_STILL)
@kept_in(FOLDER.functional_coverage)
async def cycles_are_counted(dut: Any) -> None:
    """Of jobs that stand still for as long as nobody takes their results."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    sweep = sweep_of_model()
    running = dut.coprocessor.job_queue.running
    counted = 0

    async def count() -> None:
        nonlocal counted
        while True:
            await RisingEdge(dut.clk_i)
            counted += int(running.value)

    cocotb.start_soon(count())
    n1 = sweep.minimum + REGISTERS.fifo_depth + BEYOND_FIFO
    expected = MODEL.infer(curve(CODES[0], sweep.minimum, n1)).tolist()
    for idle in STANDING_CYCLES:
        await describe(driver, CODES[0], JobKind.CURVE, sweep.minimum, n1)
        await driver.read("ACQUIRE")
        counted = 0
        await driver.write("COMMIT_TRIGGER", COMMIT_AND_TRIGGER)
        await ClockCycles(dut.clk_i, idle)
        assert await drain(driver, len(expected)) == expected
        await ClockCycles(dut.clk_i, SETTLED_CYCLES)
        assert await driver.read("CYCLES") == counted
