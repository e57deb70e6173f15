# SPDX-License-Identifier: Apache-2.0
"""The step that simulates the Verilog against the integer model."""

import json
from pathlib import Path

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.cycle_check import check_cycles
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.bench_names import Bench, Measurement, coprocessor_benches
from pulsewright.sim.simulators import Simulator, simulator_environment


def check_simulator(workspace: Workspace, simulator: Simulator) -> None:
    """Refuse a simulator that is not installed, if it has not run here yet.

    Raises:
        PulsewrightError: a program is missing; the sentence says how to get it.
    """
    if not workspace.summary(simulator).exists():
        with simulator_environment(simulator):
            pass


def benches(workspace: Workspace) -> dict[str, tuple[Bench, ...]]:
    """The test benches, by the Verilog that they drive: the bare engine, and the coprocessor."""
    return {"engine": (Bench.STREAM,), workspace.bus: coprocessor_benches(workspace.bus)}


def bench_modules(workspace: Workspace) -> list[str]:
    """Modules that the simulator's process imports by name."""
    return [bench.module for chosen in benches(workspace).values() for bench in chosen]


def simulation_files(workspace: Workspace, simulator: Simulator) -> list[Path]:
    """The summary, and the JUnit XML of each design."""
    summary = workspace.summary(simulator)
    return [summary, *(summary.parent / name / "results.xml" for name in benches(workspace))]


def simulate(workspace: Workspace, simulator: Simulator) -> None:
    """Simulate the coprocessor on the rows that the recipe names, and time the bare engine.

    Raises:
        VerificationError: a row differs from the reference, a test fails, or the measured cycles
            are not those of the formulas.
    """
    summary = workspace.summary(simulator)
    choice = workspace.recipe.simulation.rows(simulator)
    result = _simulated(workspace, simulator, stimulus(workspace, choice))
    if result.mismatches or result.failures:
        # An earlier success must not stand beside this failure.
        summary.unlink(missing_ok=True)
        first = f"; first: {result.first_mismatch}" if result.first_mismatch else ""
        raise VerificationError(
            f"on {simulator.value} {result.mismatches} of {result.rows} rows differ from the "
            f"reference and {result.failures} of {result.tests} tests fail, see "
            f"{summary.parent}{first}"
        )
    check_cycles(simulator, result, workspace.model, workspace.recipe.folded)
    write_text(summary, json.dumps(result.model_dump(), indent=1))
    workspace.say(
        f"sim       {simulator.value}: {result.rows} rows through the bus, 0 mismatches, "
        f"II {result.ii}, latency {result.latency}"
    )


def _simulated(workspace: Workspace, simulator: Simulator, codes: IntegerArray) -> SimulationResult:
    from pulsewright.sim.runner import run_bench

    runs, bus = {}, workspace.bus
    for design, chosen in benches(workspace).items():
        verilog = workspace.verilog(design)
        with progress_bar(workspace.console, f"{simulator.value}, {design}", "rows") as show:

            def on_progress(rows: int) -> None:
                show(rows, len(codes))

            runs[design] = run_bench(
                simulator=simulator,
                verilog=verilog,
                toplevel=verilog.stem,
                bench=chosen,
                folder=workspace.summary(simulator).parent / design,
                model=workspace.model,
                folded=workspace.recipe.folded,
                codes=codes,
                waves=workspace.options.waves,
                on_progress=on_progress if design == bus else None,
                attachment=bus,
            )
    every_row = runs[bus].outcomes.get(Measurement.EVERY_ROW)
    back_to_back = runs["engine"].outcomes.get(Measurement.BACK_TO_BACK)
    if every_row is None or back_to_back is None:
        raise VerificationError(
            f"the test benches ended early on {simulator.value}; see {runs[bus].log} "
            f"and {runs['engine'].log}"
        )
    curve_jobs = runs[bus].outcomes.get(Measurement.CURVE_JOBS)
    outcomes = [outcome for run in runs.values() for outcome in run.outcomes.values()]
    return SimulationResult(
        rows=every_row.rows,
        mismatches=sum(outcome.mismatches for outcome in outcomes),
        first_mismatch=next((o.first_mismatch for o in outcomes if o.first_mismatch), None),
        ii=back_to_back.ii or 0,
        latency=back_to_back.latency or 0,
        tests=sum(run.tests for run in runs.values()),
        failures=sum(run.failures for run in runs.values()),
        cycles_per_inference=every_row.clock_cycles / every_row.rows,
        curve_cycles=curve_jobs.clock_cycles if curve_jobs else None,
        read_cycles=curve_jobs.read_cycles if curve_jobs else None,
    )
