# SPDX-License-Identifier: Apache-2.0
"""The cocotb benches of a coprocessor, which a fault ends at the first test that fails."""

import os
import re
import select
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from functools import partial
from pathlib import Path
from typing import IO, Any, Self
from xml.etree import ElementTree

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import started_tool
from pulsewright.sim.bench_files import FOLDER_VARIABLE, BenchFolder, BenchInputs
from pulsewright.sim.bench_names import Bench
from pulsewright.sim.bench_tests import bench_results
from pulsewright.sim.cocotb_runner import cocotb_runner
from pulsewright.sim.mutants.verdict import (
    CYCLES_ARGUMENT,
    LEAST_SECONDS,
    MUTANT_ARGUMENT,
    TIMES_AS_LONG,
    Verdict,
)
from pulsewright.sim.runner import BUILD_ARGUMENTS, PLUSARGS
from pulsewright.sim.simulators import Simulator, simulator_environment

CLOCK_NS = 10
# Times the cycles of the design without a fault.
PATIENCE = 3
# As cocotb ends its line of a test.
_FAILED = re.compile(rb"cocotb\.regression\b.* failed\b")
LOG = "simulation.log"
_DURATION = "sim_time_duration"
_VARIABLES = {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1", "COCOTB_REWRITE_ASSERTION_FILES": ""}


class CocotbBench:
    """One build of the design for Verilator, and a folder for each run."""

    def __init__(
        self,
        planted: Path,
        top: str,
        benches: Sequence[Bench],
        inputs: BenchInputs,
        folder: Path,
    ) -> None:
        """planted: the file of the design. benches: that drive it, with `inputs`."""
        self._planted, self._top, self._benches = planted.resolve(), top, benches
        self._inputs, self._folder = inputs, folder.resolve()
        self._paths = PlainPaths()
        self._seconds, self._cycles = LEAST_SECONDS, 0

    @contextmanager
    def opened(self) -> Iterator[Self]:
        """As `MutantBench`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with self._paths, simulator_environment(Simulator.VERILATOR):
            with self._paths.building(self._folder / "build") as build:
                self._build(build)
            started = time.monotonic()
            results = self._run(0)
            failed = "no result" if results is None else ", ".join(sorted(_failed_tests(results)))
            if results is None or failed:
                raise PulsewrightError(
                    f"the benches do not pass on a design without fault: {failed}; see "
                    f"{self._folder / 'run_0' / LOG}"
                )
            self._seconds = max(LEAST_SECONDS, TIMES_AS_LONG * (time.monotonic() - started))
            self._cycles = PATIENCE * _cycles(results)
            yield self

    def verdict(self, number: int) -> Verdict:
        """As `MutantBench`."""
        try:
            results = self._run(number)
        except subprocess.TimeoutExpired:
            return Verdict.HUNG
        detected = results is None or _failed_tests(results)
        if not detected:
            shutil.rmtree(self._folder / f"run_{number}")
        return Verdict.DETECTED if detected else Verdict.SURVIVED

    def _build(self, build: Path) -> None:
        log = self._folder / "build.log"
        runner = cocotb_runner(Simulator.VERILATOR, self._paths, self._folders)
        try:
            runner.build(
                sources=[self._planted],
                hdl_toplevel=self._top,
                build_dir=build,
                # What Yosys writes is not linted, and has loops that only a fault closes.
                build_args=["-Wno-fatal", "-Wno-lint", *BUILD_ARGUMENTS[Simulator.VERILATOR]],
                timescale=("1ns", "1ps"),
                always=True,
                log_file=log,
            )
        except (RuntimeError, SystemExit) as error:
            raise PulsewrightError(
                f"verilator cannot build the planted faults; see {log}"
            ) from error

    def _run(self, number: int) -> Path | None:
        """Its JUnit XML, if the simulation came to its end before a test failed."""
        run = fresh_folder(self._folder / f"run_{number}")
        BenchFolder(run).prepare(self._inputs)
        write_text(run / "pytest.ini", "[pytest]\n")
        results = run / "results.xml"
        execute = partial(_until_failure, seconds=self._seconds)
        runner = cocotb_runner(Simulator.VERILATOR, self._paths, self._folders, execute)
        # For failed tests as well, whose result is there.
        with suppress(RuntimeError, SystemExit):
            runner.test(
                hdl_toplevel=self._top,
                hdl_toplevel_lang="verilog",
                test_module=[bench.module for bench in self._benches],
                build_dir=self._folder / "build",
                test_dir=run,
                results_xml=str(results),
                plusargs=[
                    MUTANT_ARGUMENT.format(number),
                    CYCLES_ARGUMENT.format(self._cycles),
                    *PLUSARGS[Simulator.VERILATOR],
                ],
                extra_env={FOLDER_VARIABLE: str(run), **_VARIABLES},
                seed=1,
                log_file=run / LOG,
            )
        return results if results.exists() else None

    @property
    def _folders(self) -> list[Path]:
        return [self._folder, self._planted.parent]


def _until_failure(
    command: Sequence[str],
    folder: Path,
    environment: Mapping[str, str],
    log: IO[Any] | None,
    seconds: float,
) -> "subprocess.CompletedProcess[str]":
    """Run it until cocotb tells of a test that failed, which is all that one needs to know.

    seconds: in which it has to end.

    Raises:
        subprocess.TimeoutExpired: it did not.
    """
    deadline, tail = time.monotonic() + seconds, b""
    streams = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    with started_tool(command, folder, environment, **streams) as process:
        assert process.stdout is not None
        output = process.stdout.fileno()
        while True:
            ready, _, _ = select.select([output], [], [], max(deadline - time.monotonic(), 0))
            if not ready:
                raise subprocess.TimeoutExpired(list(command), seconds)
            data = os.read(output, 1 << 16)
            if log is not None:
                log.write(data.decode("utf-8", "replace"))
            if not data:
                break
            *lines, tail = (tail + data).split(b"\n")
            if any(map(_FAILED.search, lines)):
                return subprocess.CompletedProcess(list(command), 1)
        process.wait()
    return subprocess.CompletedProcess(list(command), process.returncode)


def _failed_tests(results: Path) -> frozenset[str]:
    return frozenset(name for _, name in bench_results(results).failed)


def _cycles(results: Path) -> int:
    """Clock cycles of all tests."""
    properties = ElementTree.parse(results).getroot().iter("property")
    durations = [one.get("value", "0") for one in properties if one.get("name") == _DURATION]
    return round(sum(map(float, durations))) // CLOCK_NS
