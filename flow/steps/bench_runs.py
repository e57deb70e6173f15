# SPDX-License-Identifier: Apache-2.0
"""The test benches that a design meets in a simulator, and their results as one."""

from pathlib import Path
from typing import TYPE_CHECKING

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.sim.bench_names import Bench, Measurement, coprocessor_benches
from pulsewright.sim.simulators import Simulator

if TYPE_CHECKING:
    # Brings cocotb, which a description of the steps does not need.
    from pulsewright.sim.runner import BenchRun

ENGINE = "engine"


def benches(bus: str, stream: str | None = None) -> dict[str, tuple[Bench, ...]]:
    """The test benches, by the Verilog that they drive: engine, coprocessor, and streams if any."""
    found: dict[str, tuple[Bench, ...]] = {ENGINE: (Bench.STREAM,), bus: coprocessor_benches(bus)}
    return found | ({stream: (Bench.AXI_STREAM,)} if stream else {})


def simulation_result(
    runs: "dict[str, BenchRun]",
    bus: str,
    simulator: Simulator,
    folder: Path,
    stream: str | None = None,
) -> SimulationResult:
    """What the runs of `benches` showed together, the coprocessor's through `bus` and `stream`.

    folder: that of the runs, each in one of its name.

    Raises:
        VerificationError: the benches ended before they had measured what is wanted of them.
    """
    every_row = runs[bus].outcomes.get(Measurement.EVERY_ROW)
    back_to_back = runs[ENGINE].outcomes.get(Measurement.BACK_TO_BACK)
    streamed = runs[stream].outcomes.get(Measurement.BACK_TO_BACK) if stream else None
    if every_row is None or back_to_back is None or (stream and streamed is None):
        logs = " and ".join(str(run.log.relative_to(folder)) for run in runs.values())
        raise VerificationError(
            f"the test benches ended early on {simulator.value}; see {logs} in {folder}"
        )
    curve_jobs = runs[bus].outcomes.get(Measurement.CURVE_JOBS)
    outcomes = [outcome for run in runs.values() for outcome in run.outcomes.values()]
    return SimulationResult(
        rows=every_row.rows,
        mismatches=sum(one.mismatches for one in outcomes),
        first_mismatch=next((o.first_mismatch for o in outcomes if o.first_mismatch), None),
        ii=back_to_back.ii or 0,
        latency=back_to_back.latency or 0,
        tests=sum(run.tests for run in runs.values()),
        failures=sum(run.failures for run in runs.values()),
        cycles_per_inference=every_row.clock_cycles / every_row.rows,
        curve_cycles=curve_jobs.clock_cycles if curve_jobs else None,
        read_cycles=curve_jobs.read_cycles if curve_jobs else None,
        stream_ii=streamed.ii if streamed else None,
        stream_latency=streamed.latency if streamed else None,
        busy=back_to_back.busy,
    )
