# SPDX-License-Identifier: Apache-2.0
"""Curve and reach jobs, the queue, and reloadable weights, through the coprocessor's bus."""

import math
from typing import Any

import cocotb
import numpy as np
from cocotb.triggers import ClockCycles, RisingEdge
from cocotb.utils import get_sim_time

from pulsewright.hls_model.reference.reloadable import with_parameters
from pulsewright.hls_model.schedule.sequence import curve_cycles, curve_steps
from pulsewright.rtl.jobs.job_request import INCREMENTS, STREAM, JobKind
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.coprocessor_start import (
    ATTACHMENT,
    CODES,
    FOLDED,
    FOLDER,
    MODEL,
    OPTIONS,
    REGISTERS,
    SWEEP,
    WINDOWS,
    start,
)
from pulsewright.sim.benches.interrupt_checks import ACCESS_REFUSED
from pulsewright.sim.benches.sweep_jobs import (
    CLEAR_STATE,
    COMMIT,
    COMMIT_AND_TRIGGER,
    NONE_REACHED,
    TRIGGER,
    begin,
    curve,
    drain,
    sweep_of_model,
)
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver, pack_inputs, to_signed
from pulsewright.sim.buses.drivers.bus_driver import CLOCK_PERIOD_NS
from pulsewright.sim.buses.registry import watch_rules
from pulsewright.sim.coverage.functional.database import kept_in
from pulsewright.sim.scoreboard import Scoreboard

CLEAR_REGISTERS = 2
QUEUED, UNTRIGGERED = 0b10, 0b1000
CURVES = 3
CLEARED_CYCLES = 40
READS = 8
# Latency of an inference that is still computed when the next access comes.
LONG_ENOUGH = 60


class StepCounters:
    """Counts the steps that each layer's multipliers execute, in every clock cycle.

    A shallow layer has no register behind its multipliers: its accumulators take the products.
    """

    def __init__(self, dut: Any) -> None:
        self.dut = dut
        self.steps = [0] * len(FOLDED.layers)
        engine = dut.coprocessor.engine
        cocotb.start_soon(self._count())
        if FOLDED.piecewise_linear is not None:
            self._loads = [engine.neurons.valid, engine.line.adds]
            return
        if FOLDED.shared_multiplier is not None:
            # Steps of both layers, and of them those of outputs.
            self._loads = [engine.loaded_valid, engine.loaded_outputs]
            return
        layers = [getattr(engine, f"layer{i}") for i in range(1, len(FOLDED.layers) + 1)]
        self._loads = [
            getattr(layer, "accumulate_load" if folded.shallow else "multiply_load")
            for layer, folded in zip(layers, FOLDED.layers, strict=True)
        ]

    async def _count(self) -> None:
        while True:
            await RisingEdge(self.dut.clk_i)
            loads = [int(load.value) for load in self._loads]
            if FOLDED.shared_multiplier is not None:
                loads[0] -= loads[1]
            self.steps = [steps + load for steps, load in zip(self.steps, loads, strict=True)]


async def read_cycles(driver: CoprocessorDriver) -> int:
    """Clock cycles of one read, when one follows the other and none waits."""
    begun = get_sim_time("ns")
    for _ in range(READS):
        await driver.read("STATUS")
    return math.ceil((get_sim_time("ns") - begun) / CLOCK_PERIOD_NS / READS)


@cocotb.test(skip=SWEEP is None)
@kept_in(FOLDER.functional_coverage)
async def curve_jobs(dut: Any) -> None:
    """Whole curves equal one inference after the other; cycles and steps equal the formulas."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    sweep = sweep_of_model()
    rows = CODES[:CURVES]
    curves = [curve(row, sweep.minimum, sweep.maximum) for row in rows]
    scoreboard = Scoreboard(MODEL, np.concatenate(curves))
    counters = StepCounters(dut)
    longest = 0
    for row, codes in zip(rows, curves, strict=True):
        # A clear makes the engine forget the curve before, so that each starts fresh.
        await driver.write("SOFT_CLEAR", CLEAR_STATE)
        before = list(counters.steps)
        await begin(driver, row, JobKind.CURVE, sweep.minimum, sweep.maximum)
        for outputs in await drain(driver, len(codes)):
            scoreboard.check(outputs)
        await ClockCycles(dut.clk_i, 2)
        cycles = await driver.read("CYCLES")
        longest = max(longest, cycles)
        steps = [after - b for after, b in zip(counters.steps, before, strict=True)]
        assert steps == curve_steps(FOLDED, codes), f"steps {steps}"
        assert cycles >= curve_cycles(FOLDED, len(codes))
    scoreboard.finish()
    outcome = scoreboard.outcome(clock_cycles=longest, read_cycles=await read_cycles(driver))
    FOLDER.write_outcome(Measurement.CURVE_JOBS, outcome)
    assert scoreboard.mismatches == 0, scoreboard.first_mismatch


@cocotb.test(skip=SWEEP is None)
@kept_in(FOLDER.functional_coverage)
async def curve_increments_under_stalls(dut: Any) -> None:
    """Differences, with random idle cycles and backpressure on the bus and so into the engine."""
    driver = await start(dut)
    rules = watch_rules(dut, ATTACHMENT, OPTIONS)
    driver.bus.enable_backpressure(cocotb.RANDOM_SEED)
    sweep = sweep_of_model()
    n0, n1 = sweep.minimum, min(sweep.maximum, sweep.minimum + 40)
    for row in CODES[:CURVES]:
        expected = MODEL.infer(curve(row, n0, n1))
        differences = np.diff(expected, axis=0, prepend=0)
        await begin(driver, row, JobKind.CURVE | INCREMENTS, n0, n1)
        assert await drain(driver, len(expected)) == differences.tolist()
        await driver.read("RESULT_FIFO", error_expected=True)
    assert rules.responses == rules.requests


@cocotb.test(skip=SWEEP is None)
@kept_in(FOLDER.functional_coverage)
async def reach_jobs(dut: Any) -> None:
    """The first pulse number that reaches a target, the last one, or none."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    sweep = sweep_of_model()
    n0, n1 = sweep.minimum, min(sweep.maximum, sweep.minimum + 30)
    for row in CODES[:CURVES]:
        expected = MODEL.infer(curve(row, n0, n1))
        first = expected[:, 0]
        middle = int(np.sort(first)[len(first) // 2])
        ends = (-1 << 31, (1 << 31) - 1)
        for target in (int(first.min()), middle, int(first.max()), int(first.max()) + 1, *ends):
            await begin(driver, row, JobKind.REACH, n0, n1, target)
            results = await driver.load_results()
            reached = np.flatnonzero(first >= target)
            index = int(reached[0]) if len(reached) else n1 - n0
            assert results == expected[index].tolist()
            found = n0 + index if len(reached) else NONE_REACHED
            assert await driver.read("REACHED_N") == found


@cocotb.test(skip=WINDOWS is not None or REGISTERS.infer_only)
@kept_in(FOLDER.functional_coverage)
async def queued_jobs(dut: Any) -> None:
    """One job runs and one waits; results of both stream in their order; a third is refused."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    codes = CODES[[i % len(CODES) for i in range(4)]]
    words = pack_inputs(codes, REGISTERS.input_lane_bits)
    expected = MODEL.infer(codes).tolist()
    await driver.write("JOB", JobKind.INFER | STREAM)
    for first in (0, 2):
        for job in (first, first + 1):
            await driver.store_inputs(words[job])
            assert await driver.read("ACQUIRE") == job
            assert await driver.read("ACQUIRE") == NONE_REACHED - 1
            await driver.write("COMMIT_TRIGGER", 0)
            await driver.write("COMMIT_TRIGGER", 0, error_expected=True)
        if FOLDED.latency > 60:
            assert await driver.read("ACQUIRE") == NONE_REACHED
            assert await driver.read("STATUS") & 0xFF == 3
        assert await drain(driver, 2) == expected[first : first + 2]
    assert await driver.read("COMPLETED_JOBS") == 4


@cocotb.test(skip=WINDOWS is not None or REGISTERS.infer_only)
@kept_in(FOLDER.functional_coverage)
async def triggered_jobs(dut: Any) -> None:
    """A job that is only committed waits for its trigger, behind another job or alone."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    words = pack_inputs(CODES[:1], REGISTERS.input_lane_bits)[0]
    (expected,) = MODEL.infer(CODES[:1]).tolist()
    await driver.write("COMMIT_TRIGGER", TRIGGER)
    for behind in (False, True):
        job = await driver.read("COMPLETED_JOBS")
        if behind:
            await driver.store_inputs(words)
            await driver.read("ACQUIRE")
            await driver.write("COMMIT_TRIGGER", COMMIT_AND_TRIGGER)
        await driver.write("JOB", STREAM)
        await driver.store_inputs(words)
        await driver.read("ACQUIRE")
        await driver.write("COMMIT_TRIGGER", COMMIT)
        await ClockCycles(dut.clk_i, FOLDED.latency + 8)
        # Nothing waits on the bus for a trigger that only software gives.
        assert await driver.read("STATUS") == QUEUED | UNTRIGGERED
        assert await driver.read("ACQUIRE") == NONE_REACHED
        await driver.write("JOB", 0, error_expected=True)
        await driver.read("RESULT_FIFO", error_expected=True)
        await driver.read("RESULT[0]")
        await driver.write("COMMIT_TRIGGER", COMMIT, error_expected=True)
        await driver.write("COMMIT_TRIGGER", TRIGGER)
        assert await drain(driver, 1) == [expected]
        assert await driver.read("COMPLETED_JOBS") == job + 1 + behind
        await driver.write("JOB", JobKind.INFER)
    # One that waits is what its words say, and goes with them.
    await driver.read("ACQUIRE")
    await driver.write("COMMIT_TRIGGER", COMMIT)
    await driver.write("SOFT_CLEAR", CLEAR_REGISTERS)
    await driver.write("COMMIT_TRIGGER", TRIGGER)
    assert await driver.read("STATUS") == 0


@cocotb.test(skip=SWEEP is None)
@kept_in(FOLDER.functional_coverage)
async def soft_clear_of_curves(dut: Any) -> None:
    """A clear in any cycle of a curve; the next curve is whole."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    sweep = sweep_of_model()
    row, other = CODES[0], CODES[len(CODES) - 1]
    expected = MODEL.infer(curve(other, sweep.minimum, sweep.minimum + 1)).tolist()
    for delay in range(0, CLEARED_CYCLES, 3):
        await begin(driver, row, JobKind.CURVE, sweep.minimum, sweep.maximum)
        await ClockCycles(dut.clk_i, delay + 1)
        await driver.write("SOFT_CLEAR", delay // 3 % 2)
        assert await driver.read("STATUS") == 0
        await begin(driver, other, JobKind.CURVE, sweep.minimum, sweep.minimum + 1)
        assert await drain(driver, 2) == expected, f"after a clear at {delay}"


@cocotb.test(skip=WINDOWS is not None or REGISTERS.infer_only or OPTIONS.max_wait is not None)
@kept_in(FOLDER.functional_coverage)
async def streamed_rows(dut: Any) -> None:
    """Each row is stored while the one before is computed; nothing is refused, and none is lost."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    words = pack_inputs(CODES, REGISTERS.input_lane_bits)
    expected = MODEL.infer(CODES).tolist()
    await driver.write("JOB", STREAM)
    await driver.trigger_automatically()
    fifo = REGISTERS["RESULT_FIFO"].address
    await driver.store_inputs(words[0])
    for following, outputs in zip([*words[1:], None], expected, strict=True):
        if following is not None:
            await driver.store_inputs(following)
        found = [to_signed(await driver.read_address(fifo)) for _ in outputs]
        assert found == outputs
    assert await driver.read("INTERRUPT_PENDING") & ACCESS_REFUSED == 0
    assert await driver.read("STATUS") == 0


@cocotb.test(skip=not FOLDED.reloadable)
@kept_in(FOLDER.functional_coverage)
async def reloaded_weights(dut: Any) -> None:
    """Weights are read back, replaced by their negatives, refused while a job runs."""
    driver = await start(dut)
    watch_rules(dut, ATTACHMENT, OPTIONS)
    window = REGISTERS.window
    assert window is not None
    image = window.image(MODEL)
    for address, word in image[:: max(1, len(image) // 64)]:
        assert await driver.read_address(address) == word
    negated = with_parameters(MODEL, [(-layer.weights, -layer.bias) for layer in MODEL.layers])
    await driver.load_weights(negated)
    codes = CODES[:20]
    words = pack_inputs(codes, REGISTERS.input_lane_bits)
    await driver.trigger_automatically()
    for row, outputs in zip(words, negated.infer(codes).tolist(), strict=True):
        assert await driver.infer(row) == outputs
    if WINDOWS is None and not REGISTERS.infer_only:
        await _refuse_weights_while_a_job_waits(driver, words[0], image[0][0])
    else:
        await driver.store_inputs(words[0])
        if FOLDED.latency > LONG_ENOUGH:
            await driver.write_address(image[0][0], 0, error_expected=True)
            assert await driver.read("REFUSED_ACCESSES") == 1
    assert await driver.load_results() == negated.infer(codes[:1]).tolist()[0]
    await driver.load_weights(MODEL)
    assert await driver.infer(words[0]) == MODEL.infer(codes[:1]).tolist()[0]


async def _refuse_weights_while_a_job_waits(
    driver: CoprocessorDriver, words: list[int], address: int
) -> None:
    """For its trigger, which comes after the weights were asked for."""
    await driver.write("AUTOTRIGGER", 0)
    await driver.read("ACQUIRE")
    await driver.store_inputs(words)
    await driver.write("COMMIT_TRIGGER", COMMIT)
    await driver.write_address(address, 0, error_expected=True)
    await driver.read_address(address, error_expected=True)
    assert await driver.read("REFUSED_ACCESSES") == 2
    await driver.write("COMMIT_TRIGGER", TRIGGER)
    await driver.trigger_automatically()
