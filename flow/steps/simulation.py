# SPDX-License-Identifier: Apache-2.0
"""The step that simulates the Verilog against the integer model."""

import json
from collections.abc import Iterable

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.rtl import ROOMS, rtl_step
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.steps.training import split_inputs
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.rtl.attachments.registry import ATTACHMENTS
from pulsewright.sim.simulators import Simulator, simulator_environment


class SimulationResult(BaseModel):
    """What one simulator showed: the coprocessor through its bus, and the bare engine.

    rows, mismatches: inferences through the bus. ii, latency: measured on the engine's streams.
    failures: failed tests of the test benches, `tests` of which there were in all. curve_cycles:
    the longest curve job over all pulse numbers, if the attachment and the network have curves.
    """

    model_config = ConfigDict(extra="forbid")

    rows: int
    mismatches: int
    first_mismatch: str | None
    ii: int
    latency: int
    tests: int
    failures: int
    cycles_per_inference: float
    curve_cycles: int | None = None


def simulation_step(workspace: Workspace, simulator: Simulator) -> None:
    """Simulate the coprocessor on the rows that the recipe names, and time the bare engine.

    Raises:
        VerificationError: a row differs from the reference, or a test fails.
    """
    choice = workspace.recipe.simulation.rows(simulator)
    folder = workspace.folder / "sim" / simulator.value
    summary = folder / "summary.json"
    if choice != "off" and not summary.exists():
        # Better told now than after the training.
        with simulator_environment(simulator):
            pass
    rtl_step(workspace)
    if choice == "off":
        return

    def work() -> None:
        result = _simulate(workspace, simulator, stimulus(workspace, choice))
        if result.mismatches or result.failures:
            # An earlier success must not stand beside this failure.
            summary.unlink(missing_ok=True)
            first = f"; first: {result.first_mismatch}" if result.first_mismatch else ""
            raise VerificationError(
                f"on {simulator.value} {result.mismatches} of {result.rows} rows differ from the "
                f"reference and {result.failures} of {result.tests} tests fail, see {folder}{first}"
            )
        write_text(summary, json.dumps(result.model_dump(), indent=1))
        workspace.say(
            f"sim       {simulator.value}: {result.rows} rows through the bus, 0 mismatches, "
            f"II {result.ii}, latency {result.latency}"
        )

    inputs = {
        "rtl": workspace.digest(workspace.verilog(workspace.bus), workspace.verilog("engine")),
        "model": workspace.digest(workspace.model_file),
        "dataset": workspace.digest(workspace.dataset),
        "rows": [choice, workspace.recipe.data.split],
        "split": split_inputs(workspace.recipe),
        "drawn": None if workspace.recipe.model is None else workspace.recipe.model.rows,
        "waves": workspace.options.waves,
        "code": source_digest(["sim", *ROOMS]),
    }
    junit = [folder / bench / "results.xml" for bench in (workspace.bus, "engine")]
    workspace.folder.run_step(f"sim_{simulator.value}", inputs, [summary, *junit], work)


def simulation_results(
    workspace: Workspace, simulators: Iterable[Simulator] = Simulator
) -> dict[Simulator, SimulationResult]:
    """What each of `simulators` showed, less those that the recipe leaves off."""
    results = {}
    for simulator in simulators:
        if workspace.recipe.simulation.rows(simulator) != "off":
            summary = workspace.folder / "sim" / simulator.value / "summary.json"
            results[simulator] = load_result(summary, SimulationResult)
    return results


def _simulate(workspace: Workspace, simulator: Simulator, codes: IntegerArray) -> SimulationResult:
    from pulsewright.sim.runner import run_bench

    runs, bus = {}, workspace.bus
    through_bus = ["bus_bench", "job_bench"] if bus in ATTACHMENTS else [f"{bus}_bench"]
    benches = {"engine": ["stream_bench"], bus: through_bus}
    for bench, modules in benches.items():
        verilog = workspace.verilog(bench)
        title = f"{simulator.value}, {bench}"
        with progress_bar(workspace.console, title, "rows") as show:

            def on_progress(rows: int) -> None:
                show(rows, len(codes))

            runs[bench] = run_bench(
                simulator=simulator,
                verilog=verilog,
                toplevel=verilog.stem,
                bench=modules,
                folder=workspace.folder / "sim" / simulator.value / bench,
                model=workspace.model,
                folded=workspace.recipe.folded,
                codes=codes,
                waves=workspace.options.waves,
                on_progress=on_progress if bench == bus else None,
                attachment=bus,
            )
    every_row = runs[bus].outcomes.get("every_row")
    back_to_back = runs["engine"].outcomes.get("back_to_back")
    if every_row is None or back_to_back is None:
        raise VerificationError(
            f"the test benches ended early on {simulator.value}; see {runs[bus].log} "
            f"and {runs['engine'].log}"
        )
    curve_jobs = runs[bus].outcomes.get("curve_jobs")
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
    )
