# SPDX-License-Identifier: Apache-2.0
"""The step that counts what the benches reach in the coprocessor's Verilog."""

import json
from collections.abc import Mapping, Sequence
from pathlib import Path

from pydantic import JsonValue

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar, tracked
from pulsewright.flow.results_file import left_result
from pulsewright.flow.steps.bench_runs import ENGINE
from pulsewright.flow.steps.coverage_result import CoverageChoice, CoverageResult
from pulsewright.flow.steps.coverage_summary import MeasuredDesign, of_design, summary
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.sim.bench_files import BenchFolder, BenchInputs
from pulsewright.sim.bench_names import Bench, coprocessor_benches
from pulsewright.sim.coverage.points import Counts, read_counts
from pulsewright.sim.simulators import Simulator, check_installed, simulator_environment
from pulsewright.synth.coverage.constant_bits import constant_bits


def coverage_folder(workspace: Workspace) -> Path:
    """Where builds, logs and the result are."""
    return workspace.folder / "coverage"


def coverage_result_file(workspace: Workspace) -> Path:
    """Where the result is kept."""
    return coverage_folder(workspace) / "coverage.json"


def check_coverage(workspace: Workspace) -> None:
    """See that it can be done here.

    Raises:
        PulsewrightError: Verilator is missing, or the Verilog reads files.
    """
    if workspace.recipe.engine.weight_files:
        raise PulsewrightError(
            "weight_files = true: coverage is of Verilog that stands alone; leave it out for "
            "pulsewright coverage"
        )
    with simulator_environment(Simulator.VERILATOR):
        check_installed(Simulator.VERILATOR)


def measure_coverage(workspace: Workspace, choice: CoverageChoice) -> MeasuredDesign:
    """Run each bench on Verilator, find the constants of the design, and write the result.

    Raises:
        PulsewrightError: a bench cannot be built.
        VerificationError: one does not pass.
    """
    from pulsewright.flow.steps.corner_stimulus import corner_inputs

    file, name = coverage_result_file(workspace), workspace.recipe.name
    file.unlink(missing_ok=True)
    top = workspace.verilog(workspace.bus).stem
    counts: dict[BenchKind, Counts] = {}
    functional: Mapping[str, Mapping[str, int]] = {}
    with progress_bar(workspace.console, "coverage", "benches") as show:
        for kind in tracked(choice.benches, show):
            workspace.say(f"coverage  {name}: the {kind.value} bench on Verilator")
            if kind is BenchKind.PACKAGE:
                found = _package_counts(workspace)
            else:
                inputs = corner_inputs(workspace, choice.rows, choice.seed)
                found = _cocotb_counts(workspace, inputs)
                functional = _functional_points(workspace, inputs)
            counts[kind] = of_design(found, top)
    text = workspace.verilog(workspace.bus).read_text(encoding="utf-8")
    constant = constant_bits(text, top, coverage_folder(workspace) / "constants")
    design = MeasuredDesign(top, text.splitlines(), counts, constant, functional)
    result = _result([design], choice, coverage_origin(workspace, choice))
    write_text(file, json.dumps(result.model_dump(mode="json"), indent=1))
    return design


def put_together(designs: Sequence[MeasuredDesign], choice: CoverageChoice) -> CoverageResult:
    """The result of several, in which modules that they share count once."""
    return _result(designs, choice, {"designs": [design.top for design in designs]})


def shown_coverage(workspace: Workspace) -> CoverageResult | None:
    """What was reached; None if it is not of this Verilog and this code."""
    found = left_result(coverage_result_file(workspace), CoverageResult)
    files = workspace.verilog(workspace.bus), workspace.package_bench
    if found is None or not all(file.exists() for file in files):
        return None
    return found if found.made_from == coverage_origin(workspace, found.choice) else None


def coverage_origin(workspace: Workspace, choice: CoverageChoice) -> dict[str, JsonValue]:
    """What the result is made from: digests of Verilog, bench and code, and what was asked for."""
    benches = coprocessor_benches(workspace.bus)
    return {
        "verilog": file_digest(workspace.verilog(workspace.bus)),
        "bench": file_digest(workspace.package_bench),
        "choice": choice.model_dump(mode="json"),
        "code": code_digest((__name__, *(one.module for one in (*benches, Bench.STREAM))), FRAME),
    }


def _package_counts(workspace: Workspace) -> Counts:
    from pulsewright.sim.coverage.package_bench import package_coverage

    folder, bench = coverage_folder(workspace) / BenchKind.PACKAGE.value, workspace.package_bench
    return package_coverage([workspace.verilog(workspace.bus), bench], bench.stem, folder)


def _cocotb_counts(workspace: Workspace, inputs: BenchInputs) -> Counts:
    from pulsewright.sim.runner import COVERAGE_FILE, VerilogModule, run_bench

    verilog = workspace.verilog(workspace.bus)
    folder = coverage_folder(workspace) / BenchKind.COCOTB.value
    benches = [one.value for one in coprocessor_benches(workspace.bus)]
    top = VerilogModule(verilog, verilog.stem)
    run = run_bench(Simulator.VERILATOR, top, benches, folder, inputs, coverage=True)
    if run.failures:
        raise VerificationError(f"{run.failures} tests of the benches fail; see {run.log}")
    return read_counts(folder / "build" / COVERAGE_FILE)


def _functional_points(workspace: Workspace, inputs: BenchInputs) -> dict[str, dict[str, int]]:
    """What the cocotb benches met of the plan, the bare engine's among them."""
    from pulsewright.sim.coverage.functional.database import read_points
    from pulsewright.sim.runner import VerilogModule, run_bench

    folder, engine = coverage_folder(workspace), workspace.verilog(ENGINE)
    of_benches = BenchFolder(folder / BenchKind.COCOTB.value).functional_coverage
    if not of_benches.exists():
        return {}
    top, of_engine = VerilogModule(engine, engine.stem), BenchFolder(folder / ENGINE)
    workspace.say(f"coverage  {workspace.recipe.name}: the bare engine's bench on Verilator")
    run = run_bench(Simulator.VERILATOR, top, Bench.STREAM, of_engine.folder, inputs)
    if run.failures:
        raise VerificationError(f"{run.failures} tests of the benches fail; see {run.log}")
    return read_points([of_benches, of_engine.functional_coverage], folder / "functional.yml")


def _result(
    designs: Sequence[MeasuredDesign], choice: CoverageChoice, made_from: dict[str, JsonValue]
) -> CoverageResult:
    return CoverageResult(choice=choice, made_from=made_from, **summary(designs)._asdict())
