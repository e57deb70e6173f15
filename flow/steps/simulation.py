# SPDX-License-Identifier: Apache-2.0
"""The step that simulates the Verilog against the integer model."""

import json
from pathlib import Path

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.bench_runs import benches, simulation_result
from pulsewright.flow.steps.cycle_check import check_cycles
from pulsewright.flow.steps.results import SimulationResult
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.sim.bench_names import Bench
from pulsewright.sim.simulators import Simulator, simulator_environment


def check_simulator(workspace: Workspace, simulator: Simulator) -> None:
    """Refuse a simulator that is not installed, if it has not run here yet.

    Raises:
        PulsewrightError: a program is missing; the sentence says how to get it.
    """
    if not workspace.summary(simulator).exists():
        with simulator_environment(simulator):
            pass


def bench_modules(workspace: Workspace) -> list[str]:
    """Modules that the simulator's process imports by name."""
    return [bench.module for chosen in _benches(workspace).values() for bench in chosen]


def simulation_files(workspace: Workspace, simulator: Simulator) -> list[Path]:
    """The summary, and the JUnit XML of each design."""
    summary = workspace.summary(simulator)
    return [summary, *(summary.parent / name / "results.xml" for name in _benches(workspace))]


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
    check_cycles(
        simulator, result, workspace.model, workspace.folded, options=workspace.bus_options
    )
    write_text(summary, json.dumps(result.model_dump(), indent=1))
    streams = ""
    if result.stream_ii is not None:
        streams = f"; through the streams II {result.stream_ii}, latency {result.stream_latency}"
    workspace.say(
        f"sim       {simulator.value}: {result.rows} rows through the bus, 0 mismatches, "
        f"II {result.ii}, latency {result.latency}{streams}"
    )


def _simulated(workspace: Workspace, simulator: Simulator, codes: IntegerArray) -> SimulationResult:
    from pulsewright.sim.bench_files import BenchInputs
    from pulsewright.sim.runner import VerilogModule, run_bench

    runs, bus, folder = {}, workspace.bus, workspace.summary(simulator).parent
    inputs = BenchInputs(workspace.model, workspace.folded, codes, bus, workspace.bus_options)
    for design, chosen in _benches(workspace).items():
        verilog = workspace.verilog(design)
        with progress_bar(workspace.console, f"{simulator.value}, {design}", "rows") as show:

            def on_progress(rows: int) -> None:
                show(rows, len(codes))

            runs[design] = run_bench(
                simulator=simulator,
                top=VerilogModule(verilog, verilog.stem),
                bench=chosen,
                folder=folder / design,
                inputs=inputs,
                waves=workspace.options.waves,
                on_progress=on_progress if design == bus else None,
            )
    return simulation_result(runs, bus, simulator, folder.resolve(), workspace.stream)


def _benches(workspace: Workspace) -> dict[str, tuple[Bench, ...]]:
    return benches(workspace.bus, workspace.stream)
