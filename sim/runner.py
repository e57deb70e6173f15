# SPDX-License-Identifier: Apache-2.0
"""Builds a design for a simulator and runs a test bench on it."""

import importlib
import threading
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.full_disk import check_room
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.rtl.verilog.hex_files import copy_hex_files
from pulsewright.sim.bench_files import FOLDER_VARIABLE, BenchFolder, BenchInputs, BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.bench_tests import bench_results, bench_tests, check_complete
from pulsewright.sim.cocotb_runner import cocotb_runner
from pulsewright.sim.simulators import Simulator, simulator_environment

PROGRESS_SECONDS = 0.5
RESULTS, LOG = "results.xml", "simulation.log"
COVERAGE_ARGUMENTS, COVERAGE_FILE = ("--coverage-line", "--coverage-toggle"), "coverage.dat"
BUS_PACKAGES = ("cocotbext.obi", "cocotbext.apb")

# cocotb lets pytest rewrite assertions, so that a failed one tells what it compared. That is wanted
# of ours alone: whatever else a bench imports would be compiled anew, from its source.
_PYTEST_VARIABLES = {
    "COCOTB_REWRITE_ASSERTION_FILES": "pulsewright/sim/*.py",
    "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
}
# Where this is, pytest looks no further for settings, which may load any plugin or conftest.py.
_PYTEST_SETTINGS = "pytest.ini"

BUILD_ARGUMENTS = {
    Simulator.ICARUS: [],
    # A matter of speed alone; see rtl/verilog/lint_waivers.py. And what has no value begins with
    # one that is drawn, so that a register without its reset shows.
    Simulator.VERILATOR: ["-Wno-UNOPTFLAT", "--x-initial", "unique"],
}
PLUSARGS = {
    Simulator.ICARUS: [],
    Simulator.VERILATOR: ["+verilator+rand+reset+2", "+verilator+seed+1"],
}


@dataclass(frozen=True)
class VerilogModule:
    """The module `name` of a file, and those in it and beside it that it needs."""

    file: Path
    name: str


@dataclass(frozen=True)
class BenchRun:
    """The result of one test bench: its JUnit XML, and what each of its tests measured.

    tests: all of them, of which `failures` failed and `skipped` do not concern this network.
    """

    tests: int
    failures: int
    skipped: int
    junit: Path
    log: Path
    outcomes: dict[Measurement, BenchOutcome]


def run_bench(
    simulator: Simulator,
    top: VerilogModule,
    bench: str | Sequence[str],
    folder: Path,
    inputs: BenchInputs,
    waves: bool = False,
    on_progress: Callable[[int], None] | None = None,
    seed: int = 1,
    parameters: Mapping[str, int] | None = None,
    coverage: bool = False,
) -> BenchRun:
    """Simulate `top` with the test bench `sim/benches/<bench>.py`, or with several of them.

    on_progress is called with the rows done. `folder` keeps the build, the log, results.xml and,
    on request, the waves. parameters: of the module in Verilog, by name. coverage: Verilator leaves
    what lines, branches and bits were reached in `build/coverage.dat`.

    Raises:
        PulsewrightError: the simulator is missing, the design does not build, or the simulation
            ends without a result.
    """
    # The benches import them in the simulator's process, where an absence would be harder to tell.
    for package in BUS_PACKAGES:
        importlib.import_module(package)
    folder, top = folder.resolve(), replace(top, file=top.file.resolve())
    files = BenchFolder(folder)
    files.prepare(inputs)
    junit, log = folder / RESULTS, folder / LOG
    # Removed and not overwritten: a link of that name may point at a file of the user's.
    for earlier in (junit, log, folder / "build.log"):
        earlier.unlink(missing_ok=True)
    benches = [bench] if isinstance(bench, str) else bench
    tests = [test for name in benches for test in bench_tests(name)]
    with (
        _progress(files, on_progress),
        _result_checked(junit, f"{top.name} on {simulator.value}", log),
    ):
        _simulate(
            simulator,
            top,
            benches,
            folder,
            parameters or {},
            waves=waves,
            seed=seed,
            coverage=coverage,
        )
    results, outcomes = bench_results(junit), files.outcomes()
    check_complete(tests, results, outcomes, log)
    return BenchRun(len(tests), len(results.failed), len(results.skipped), junit, log, outcomes)


def _simulate(
    simulator: Simulator,
    top: VerilogModule,
    benches: Sequence[str],
    folder: Path,
    parameters: Mapping[str, int],
    *,
    waves: bool,
    seed: int,
    coverage: bool,
) -> None:
    """Build the design in `folder` and run the benches, which leave their results there."""
    with (
        # A program that another left here with a date to come would be taken for the newest.
        PlainPaths() as paths,
        paths.building(folder / "build") as build,
        simulator_environment(simulator),
    ):
        runner = cocotb_runner(simulator, paths, [folder, top.file.parent])
        with _told(simulator, top.file, folder):
            runner.build(
                sources=[top.file],
                hdl_toplevel=top.name,
                parameters=parameters,
                build_dir=build,
                build_args=[
                    *BUILD_ARGUMENTS[simulator],
                    *(COVERAGE_ARGUMENTS if coverage else ()),
                ],
                timescale=("1ns", "1ps"),
                waves=waves,
                always=True,
                log_file=folder / "build.log",
            )
        copy_hex_files(top.file, build)
        write_text(build / _PYTEST_SETTINGS, "[pytest]\n")
        runner.test(
            hdl_toplevel=top.name,
            test_module=[f"pulsewright.sim.benches.{name}" for name in benches],
            build_dir=build,
            # cocotb imports from where it runs, so that is a folder of this run alone.
            test_dir=build,
            results_xml=str(folder / RESULTS),
            extra_env={FOLDER_VARIABLE: str(folder), **_PYTEST_VARIABLES},
            plusargs=PLUSARGS[simulator],
            seed=seed,
            waves=waves,
            log_file=folder / LOG,
        )


@contextmanager
def _told(simulator: Simulator, verilog: Path, folder: Path) -> Iterator[None]:
    """Make a sentence of a build that fails."""
    try:
        yield
    except (RuntimeError, SystemExit, OSError) as error:
        check_room(folder)
        raise PulsewrightError(
            f"{simulator.value} cannot build {verilog.name}; see {folder / 'build.log'}"
        ) from error


@contextmanager
def _result_checked(junit: Path, what: str, log: Path) -> Iterator[None]:
    """Make a sentence of a simulation that leaves no result."""
    cause: BaseException | None = None
    try:
        yield
    except (RuntimeError, SystemExit) as error:
        # The runner raises for failed tests as well, whose result is there.
        cause = error
    if not junit.exists():
        end = "wrote no result" if cause is None else "broke off"
        raise PulsewrightError(f"the simulation of {what} {end}; see {log}") from cause


@contextmanager
def _progress(files: BenchFolder, on_progress: Callable[[int], None] | None) -> Iterator[None]:
    """Pass on the bench's progress from a thread, so that Ctrl-C reaches the simulator at once."""
    if on_progress is None:
        yield
        return
    stop = threading.Event()

    def poll() -> None:
        while not stop.wait(PROGRESS_SECONDS):
            on_progress(files.progress())

    thread = threading.Thread(target=poll, daemon=True)
    thread.start()
    try:
        yield
    finally:
        stop.set()
        thread.join()
