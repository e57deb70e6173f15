# SPDX-License-Identifier: Apache-2.0
"""What the benches of a whole coprocessor share: its files, its registers, and its start."""

from typing import Any

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.schedule.requantiser_stages import with_transfer
from pulsewright.hls_model.schedule.sequence import (
    curve_cycles,
    latencies,
    longest_job,
    longest_wait,
)
from pulsewright.hls_model.schedule.vector_transfer import VectorTransfer
from pulsewright.hls_model.schedule.windowed_job import (
    windowed_cycles,
    windowed_interval,
    windowed_wait,
)
from pulsewright.rtl.registers.register_map import compile_register_map
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.benches.quiet_data import watch_quiet_data
from pulsewright.sim.benches.stopped_clock import watch_stopped_clock
from pulsewright.sim.buses.coprocessor_driver import CoprocessorDriver
from pulsewright.sim.buses.registry import simulated_bus
from pulsewright.sim.coverage.functional.driver_coverage import DriverCoverage

WINDOWED_CYCLES = 6

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
ATTACHMENT = FOLDER.attachment()
OPTIONS = FOLDER.options()
REGISTERS = compile_register_map(
    MODEL,
    FOLDED,
    bounded_wait=OPTIONS.max_wait is not None,
    infer_only=OPTIONS.infer_only,
    fifo_depth=OPTIONS.fifo_depth,
    maps_inputs=OPTIONS.maps_inputs,
)


WINDOWS = REGISTERS.data_windows
# What asks for more than an inference a job is for registers.
SWEEP = None if WINDOWS or REGISTERS.infer_only else pulse_sweep(MODEL)


# A curve that nobody takes results of stands still if it has more pulses than the FIFO has room,
# beside those that the engine holds.
BEYOND_FIFO = 4 + 2 * len(FOLDED.layers)
STANDS_STILL = SWEEP is not None and len(SWEEP.codes) > REGISTERS.fifo_depth + BEYOND_FIFO

# The engine as it stands behind windows.
STEPPED = with_transfer(FOLDED, MODEL, VectorTransfer.STEPS) if WINDOWS else None


def job_cycles(codes: IntegerArray) -> list[int]:
    """CYCLES of an inference of each of the vectors `codes` (rows, inputs), the first one fresh.

    One after the other, each of them alone in the engine.
    """
    if STEPPED is None:
        return [latency + 1 for latency in latencies(FOLDED, codes)]
    return [windowed_cycles(STEPPED)] * len(codes)


def longest_wait_of_jobs() -> int:
    """Clock cycles that an access waits at most for the inferences that it comes behind."""
    if WINDOWS:
        return longest_wait_of_windows()
    return longest_job(FOLDED, 0) if REGISTERS.infer_only else longest_wait(FOLDED, 0)


def longest_wait_of_windows() -> int:
    """Clock cycles that an access of a coprocessor with windows waits at most."""
    assert STEPPED is not None
    return windowed_wait(STEPPED)


def interval_of_windows() -> int:
    """Clock cycles from one row to the next behind windows, of which accesses may need more."""
    assert STEPPED is not None
    assert WINDOWS is not None
    return windowed_interval(STEPPED, WINDOWS.input_words)


def cycles_of_a_job(at_most: int) -> list[int]:
    """Cycles of an inference and a few after it, `at_most`: the first ones of registers' jobs.

    Those of a job of windows are long, and so is storing them: some of them all over the job.
    """
    count = max(job_cycles(CODES[:1])) + 3
    if WINDOWS is None:
        return list(range(min(count, at_most)))
    return sorted({count * i // WINDOWED_CYCLES for i in range(WINDOWED_CYCLES + 1)})


async def start(dut: Any) -> CoprocessorDriver:
    """Reset the coprocessor, and load its weights if they are reloadable."""
    longest_job = curve_cycles(FOLDED, len(SWEEP.codes)) if SWEEP else max(job_cycles(CODES[:1]))
    bus = simulated_bus(ATTACHMENT).driver(dut, longest_wait=2 * longest_job + 100)
    coverage = DriverCoverage(
        REGISTERS,
        dut.coprocessor,
        sweeps=SWEEP is not None,
        stands_still=STANDS_STILL,
        byte_addresses=OPTIONS.addressing != "word",
    )
    driver = CoprocessorDriver(dut, REGISTERS, bus, coverage)
    await driver.reset()
    watch_quiet_data(dut, ATTACHMENT)
    watch_stopped_clock(dut, ATTACHMENT)
    if FOLDED.reloadable:
        await driver.load_weights(MODEL)
    return driver
