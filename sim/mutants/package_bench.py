# SPDX-License-Identifier: Apache-2.0
"""The plain Verilog bench of the package, on Icarus."""

import subprocess
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.sim.build_command import run_build
from pulsewright.sim.mutants.verdict import (
    CYCLES_ARGUMENT,
    LEAST_SECONDS,
    MUTANT_ARGUMENT,
    TIMES_AS_LONG,
    Verdict,
)
from pulsewright.sim.simulators import Simulator, simulator_environment

PROGRAM = "bench.vvp"
# The bench itself ends when a bus is silent, but not when it is never idle.
MOST_CYCLES = 1_000_000


class PackageBench:
    """Its exit code is the verdict, as for whoever uses the package."""

    def __init__(self, sources: Sequence[Path], folder: Path) -> None:
        """sources: the planted design, the bench, and what stands between them."""
        self._sources = [path.resolve() for path in sources]
        self._folder = folder.resolve()
        self._seconds = LEAST_SECONDS

    @contextmanager
    def opened(self) -> Iterator[Self]:
        """As `MutantBench`."""
        self._folder.mkdir(parents=True, exist_ok=True)
        with PlainPaths() as paths, simulator_environment(Simulator.ICARUS):
            command = ["iverilog", "-g2005", "-o", str(paths.plain(self._folder) / PROGRAM)]
            command += [str(paths.plain(path)) for path in self._sources]
            run_build(command, self._folder, "iverilog cannot build the package's bench", paths)
            started = time.monotonic()
            code = self._run(0)
            if code != 0:
                raise PulsewrightError(
                    f"the package's bench ends with {code} on a design without fault"
                )
            self._seconds = max(LEAST_SECONDS, TIMES_AS_LONG * (time.monotonic() - started))
            yield self

    def verdict(self, number: int) -> Verdict:
        """As `MutantBench`."""
        try:
            return Verdict.DETECTED if self._run(number) else Verdict.SURVIVED
        except subprocess.TimeoutExpired:
            return Verdict.HUNG

    def _run(self, number: int) -> int:
        arguments = [MUTANT_ARGUMENT.format(number), CYCLES_ARGUMENT.format(MOST_CYCLES)]
        run = run_tool(["vvp", "-n", PROGRAM, *arguments], self._folder, seconds=self._seconds)
        # A bench that the limit of cycles ended has not said that it passes.
        return run.returncode or int("PASS" not in run.stdout)
