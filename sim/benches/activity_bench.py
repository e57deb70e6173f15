# SPDX-License-Identifier: Apache-2.0
"""The cycle and operation model against counters of the whole coprocessor's engine."""

from typing import Any

import cocotb
from cocotb.triggers import ClockCycles

from pulsewright.hls_model.activity.engine import layer_activities
from pulsewright.hls_model.reference.reloadable import reloadable_formats
from pulsewright.hls_model.schedule.workload import (
    Workload,
    curve,
    full_inference,
    incremental_step,
)
from pulsewright.rtl.jobs.job_request import JobKind
from pulsewright.sim.bench_files import BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.benches.coprocessor_start import (
    CODES,
    FOLDED,
    FOLDER,
    MODEL,
    SWEEP,
    start,
)
from pulsewright.sim.benches.engine_counters import EngineCounters, expected
from pulsewright.sim.benches.job_cycles import JobCycles
from pulsewright.sim.benches.sweep_jobs import CLEAR_STATE, begin, drain, sweep_of_model
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver, pack_inputs

INFERENCES = 3
BUILT = reloadable_formats(MODEL) if FOLDED.reloadable else MODEL
# What a clear leaves to be done in the cycles after it.
SETTLED_CYCLES = 4


class CountedEngine:
    """A coprocessor whose engine is counted; each workload begins after a clear."""

    def __init__(self, dut: Any, driver: CoprocessorDriver) -> None:
        self.dut, self.driver = dut, driver
        self.counters = EngineCounters(dut.clk_i, dut.coprocessor.engine, BUILT, FOLDED)
        self.differing = 0

    async def clear(self) -> None:
        """Make the engine forget the vector before."""
        await self.driver.write("SOFT_CLEAR", CLEAR_STATE)
        await ClockCycles(self.dut.clk_i, SETTLED_CYCLES)

    async def infer(self, row: Any) -> None:
        """One inference, and its result."""
        (words,) = pack_inputs(row[None], self.driver.register_map.input_lane_bits)
        await self.driver.store_inputs(words)
        assert await self.driver.load_results() == MODEL.infer(row[None]).tolist()[0]
        await ClockCycles(self.dut.clk_i, SETTLED_CYCLES)

    def check(self, workload: Workload) -> None:
        """Counters equal the model, layer by layer, each width by itself."""
        self.counters.running = False
        activities = layer_activities(MODEL, FOLDED, workload)
        for number, (counted, activity) in enumerate(
            zip(self.counters.layers, activities, strict=True), start=1
        ):
            observed, wanted = counted.observed(), expected(activity)
            self.differing += observed != wanted
            assert observed == wanted, f"{workload.name}, layer {number}"


@cocotb.test()
async def counted_inferences(dut: Any) -> None:
    """Fresh vectors: every step of every layer."""
    driver = await start(dut)
    await driver.trigger_automatically()
    engine = CountedEngine(dut, driver)
    cycles = JobCycles(dut, driver)
    for row in CODES[:INFERENCES]:
        await engine.clear()
        engine.counters.restart()
        await engine.infer(row)
        assert await cycles.read() == full_inference(FOLDED).cycles + 1
        engine.check(full_inference(FOLDED))
    FOLDER.write_outcome(Measurement.COUNTED_INFERENCES, BenchOutcome(rows=INFERENCES))


@cocotb.test(skip=not FOLDED.incremental)
async def counted_incremental_steps(dut: Any) -> None:
    """Vectors that differ from the one before in so many steps."""
    driver = await start(dut)
    await driver.trigger_automatically()
    engine = CountedEngine(dut, driver)
    cycles = JobCycles(dut, driver)
    first = FOLDED.layers[0]
    row = CODES[0].copy()
    await engine.infer(row)
    for changed in range(1, first.input_steps + 1):
        row[: changed * first.simd : first.simd] ^= 1
        engine.counters.restart()
        await engine.infer(row)
        workload = incremental_step(FOLDED, changed)
        assert await cycles.read() == workload.cycles + 1
        engine.check(workload)
    FOLDER.write_outcome(
        Measurement.COUNTED_INCREMENTAL_STEPS, BenchOutcome(rows=first.input_steps)
    )


@cocotb.test(skip=SWEEP is None)
async def counted_curve(dut: Any) -> None:
    """A whole curve, as one job."""
    driver = await start(dut)
    engine = CountedEngine(dut, driver)
    sweep = sweep_of_model()
    workload = curve(FOLDED, len(sweep.codes))
    await engine.clear()
    engine.counters.restart()
    await begin(driver, CODES[0], JobKind.CURVE, sweep.minimum, sweep.maximum)
    await drain(driver, len(sweep.codes))
    await ClockCycles(dut.clk_i, SETTLED_CYCLES)
    engine.check(workload)
    assert await driver.read("CYCLES") >= workload.cycles
    FOLDER.write_outcome(Measurement.COUNTED_CURVE, BenchOutcome(rows=len(sweep.codes)))
