# SPDX-License-Identifier: Apache-2.0
"""The step that counts what the benches reach in the coprocessor's Verilog."""

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import reduce
from itertools import groupby
from operator import add
from pathlib import Path

from pydantic import JsonValue

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.code_digest import code_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar, tracked
from pulsewright.flow.results_file import left_result
from pulsewright.flow.steps.bench_runs import ENGINE
from pulsewright.flow.steps.coverage_result import (
    CoverageChoice,
    CoverageResult,
    FunctionalPoint,
    Hole,
    Reached,
)
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.flow.steps.step import FRAME
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.sim.bench_files import BenchFolder, BenchInputs
from pulsewright.sim.bench_names import Bench, coprocessor_benches
from pulsewright.sim.coverage.points import Counts, Point, PointKind, read_counts
from pulsewright.sim.simulators import Simulator, check_installed, simulator_environment
from pulsewright.synth.coverage.constant_bits import Bit, constant_bits
from pulsewright.synth.mutants.mutant import Part, part_of


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


def measure_coverage(workspace: Workspace, choice: CoverageChoice) -> CoverageResult:
    """Run each bench on Verilator, and set aside the bits that are constants of the design.

    Raises:
        PulsewrightError: a bench cannot be built.
        VerificationError: one does not pass.
    """
    from pulsewright.flow.steps.corner_stimulus import corner_inputs

    file, name = coverage_result_file(workspace), workspace.recipe.name
    file.unlink(missing_ok=True)
    counts: dict[BenchKind, Counts] = {}
    functional: tuple[FunctionalPoint, ...] = ()
    with progress_bar(workspace.console, "coverage", "benches") as show:
        for kind in tracked(choice.benches, show):
            workspace.say(f"coverage  {name}: the {kind.value} bench on Verilator")
            if kind is BenchKind.PACKAGE:
                counts[kind] = _package_counts(workspace)
            else:
                inputs = corner_inputs(workspace, choice.rows, choice.seed)
                counts[kind] = _cocotb_counts(workspace, inputs)
                functional = _functional_points(workspace, inputs)
    verilog = workspace.verilog(workspace.bus)
    text = verilog.read_text(encoding="utf-8")
    constant = constant_bits(text, verilog.stem, coverage_folder(workspace) / "constants")
    result = CoverageResult(
        choice=choice,
        made_from=coverage_origin(workspace, choice),
        functional=functional,
        **summary(of_design(counts, verilog.stem), constant, text.splitlines()),
    )
    write_text(file, json.dumps(result.model_dump(mode="json"), indent=1))
    return result


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


def of_design(counts: Mapping[BenchKind, Counts], top: str) -> dict[BenchKind, Counts]:
    """Without the points of the benches themselves."""
    return {
        kind: Counter({point: one[point] for point in one if _is_of(point, top)})
        for kind, one in counts.items()
    }


def summary(
    counts: Mapping[BenchKind, Counts], constant: frozenset[Bit], verilog: list[str]
) -> dict[str, tuple[Reached, ...] | tuple[Hole, ...]]:
    """`reached` and `holes` of a result. verilog: lines of the design."""
    together: Counts = reduce(add, map(_seen, counts.values()), Counter())
    points = {point for one in counts.values() for point in one}
    parts = {point: _part(point, verilog) for point in points}
    fixed = {point for point in points if _is_constant(point, constant)}
    reached = []
    for part in Part:
        for kind in PointKind:
            chosen = {one for one in points if parts[one] is part and one.kind is kind}
            if chosen:
                found = {bench: len(chosen & _seen(one).keys()) for bench, one in counts.items()}
                by_any = chosen & together.keys()
                reached.append(
                    Reached(
                        part=part,
                        kind=kind,
                        points=len(chosen),
                        constant=len((chosen & fixed) - by_any),
                        by=found,
                        by_any=len(by_any),
                    )
                )
    left = points - fixed - together.keys()
    return {"reached": tuple(reached), "holes": tuple(_holes(left, parts))}


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


def _functional_points(workspace: Workspace, inputs: BenchInputs) -> tuple[FunctionalPoint, ...]:
    """What the cocotb benches met of the plan, the bare engine's among them."""
    from pulsewright.sim.coverage.functional.database import read_points
    from pulsewright.sim.runner import VerilogModule, run_bench

    folder, engine = coverage_folder(workspace), workspace.verilog(ENGINE)
    of_benches = BenchFolder(folder / BenchKind.COCOTB.value).functional_coverage
    if not of_benches.exists():
        return ()
    top, of_engine = VerilogModule(engine, engine.stem), BenchFolder(folder / ENGINE)
    workspace.say(f"coverage  {workspace.recipe.name}: the bare engine's bench on Verilator")
    run = run_bench(Simulator.VERILATOR, top, Bench.STREAM, of_engine.folder, inputs)
    if run.failures:
        raise VerificationError(f"{run.failures} tests of the benches fail; see {run.log}")
    points = read_points([of_benches, of_engine.functional_coverage], folder / "functional.yml")
    return tuple(FunctionalPoint(name=name, hits=hits) for name, hits in points.items())


def _is_of(point: Point, top: str) -> bool:
    return point.module == top or point.module.startswith((f"{top}_coprocessor", f"{top}_attach"))


def _seen(counts: Counts) -> Counts:
    """Those that were come to."""
    return +counts


def _is_constant(point: Point, constant: frozenset[Bit]) -> bool:
    return point.bit is not None and (point.module, *point.bit) in constant


def _part(point: Point, verilog: list[str]) -> Part:
    signal = point.bit[0] if point.bit else None
    return part_of(point.module, signal, [verilog[point.line - 1]])


def spans(numbers: Sequence[int]) -> str:
    """Ascending numbers in few words: `3, 8 to 31`."""
    runs: list[list[int]] = []
    for number in numbers:
        if runs and number == runs[-1][-1] + 1:
            runs[-1].append(number)
        else:
            runs.append([number])
    return ", ".join(f"{run[0]} to {run[-1]}" if len(run) > 1 else f"{run[0]}" for run in runs)


def _holes(points: set[Point], parts: Mapping[Point, Part]) -> Iterator[Hole]:
    """Those of one signal are one."""

    def place(point: Point) -> tuple[int, str, str]:
        what = point.bit[0] if point.bit else point.what
        return point.line, point.kind.value, what

    for (line, _, what), group in groupby(sorted(points, key=place), key=place):
        found = list(group)
        first = found[0]
        bits = sorted({point.bit[1] for point in found if point.bit})
        if bits:
            what += f", bit {spans(bits)}"
        yield Hole(
            part=parts[first],
            kind=first.kind,
            module=first.module,
            line=line,
            what=what,
            points=len(found),
        )
