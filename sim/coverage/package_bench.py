# SPDX-License-Identifier: Apache-2.0
"""What the package's plain bench reaches, on Verilator."""

from collections.abc import Sequence
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.sim.build_command import run_build
from pulsewright.sim.coverage.points import Counts, read_counts
from pulsewright.sim.runner import COVERAGE_ARGUMENTS, COVERAGE_FILE
from pulsewright.sim.simulators import Simulator, simulator_environment

# Verilator's package was configured without the compiler's coroutines, which delays need.
_COROUTINES = (
    "CFG_CXXFLAGS_COROUTINES=-fcoroutines CFG_CXXFLAGS_STD=-std=gnu++20 CFG_LDLIBS_THREADS=-pthread"
)
SECONDS = 3600.0


def package_coverage(sources: Sequence[Path], top: str, folder: Path) -> Counts:
    """Points of all modules, the bench among them. sources: of the design and of its bench `top`.

    Raises:
        PulsewrightError: Verilator is missing, the bench cannot be built, or it does not pass.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with (
        PlainPaths() as paths,
        paths.building(folder.resolve() / "build") as build,
        simulator_environment(Simulator.VERILATOR),
    ):
        command = ["verilator", "--binary", "--timing", *COVERAGE_ARGUMENTS, "-Wno-fatal"]
        command += ["-CFLAGS", "-O0", "-MAKEFLAGS", _COROUTINES]
        command += ["--top-module", top, "--Mdir", str(build)]
        command += [str(paths.plain(path.resolve())) for path in sources]
        run_build(command, folder, "verilator cannot build the package's bench", paths)
        run = run_tool([str(build / f"V{top}")], build, seconds=SECONDS)
        if run.returncode or "PASS" not in run.stdout:
            raise PulsewrightError(
                f"the package's bench does not pass on Verilator: {run.stdout[-500:].strip()}"
            )
        return read_counts(build / COVERAGE_FILE)
