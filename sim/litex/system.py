# SPDX-License-Identifier: Apache-2.0
"""A LiteX SoC with the coprocessor, from its hand-over package to what its program printed."""

import os
import re
import sys
from collections.abc import Mapping, Sequence
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.processes.environment import tool_environment
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.hls_model.python_packages import is_installed
from pulsewright.sim.litex.settings import GeneratedSoc, SocSettings
from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.compiler import cross_prefix, firmware_folder

PACKAGES = (
    "litex",
    "migen",
    "mesonbuild",
    "pythondata_cpu_vexriscv",
    "pythondata_software_compiler_rt",
    "pythondata_software_picolibc",
)
PROGRAM = "Vsim"
CYCLE_LIMIT = 50_000_000


class Check(NamedTuple):
    """How much a program compared, and how much of it differs."""

    compared: int
    wrong: int


class LitexRun(NamedTuple):
    """What a program printed. passed: it says so. cycles: of the whole run. log: all of it."""

    passed: bool
    cycles: int
    checks: Mapping[str, Check]
    log: Path


def missing_packages() -> list[str]:
    """Import names of what LiteX needs here and does not have."""
    return [package for package in PACKAGES if not is_installed(package)]


def check_litex() -> None:
    """Refuse to go on without LiteX.

    Raises:
        PulsewrightError: a package is not installed; the sentence says how to get it.
    """
    missing = missing_packages()
    if missing:
        raise PulsewrightError(
            f"{', '.join(missing)} cannot be imported; install the extra litex "
            "(pip install -e '.[litex]')"
        )


def program_folder() -> Path:
    """The sources of the program for LiteX."""
    return firmware_folder() / "litex"


def generate_soc(settings: SocSettings) -> GeneratedSoc:
    """Verilog, LiteX's software and the program, in `settings.folder`.

    LiteX runs as a process, since it changes the working directory and keeps global state.

    Raises:
        PulsewrightError: LiteX or the compiler is missing, or LiteX refuses the settings.
    """
    check_litex()
    cross_prefix()
    folder = Path(settings.folder)
    asked, log = folder / "settings.json", folder / "litex.log"
    write_text(asked, settings.model_dump_json())
    beside = os.pathsep.join([str(Path(sys.executable).parent), os.environ.get("PATH", "")])
    with log.open("w", encoding="utf-8") as file:
        done = run_tool(
            [sys.executable, "-m", "pulsewright.sim.litex.soc", str(asked)],
            folder,
            {**tool_environment(), "PATH": beside},
            file,
        )
    if done.returncode != 0:
        raise PulsewrightError(f"LiteX cannot build the SoC in {folder}; see {log}")
    return GeneratedSoc.model_validate_json((folder / "soc.json").read_text(encoding="utf-8"))


def verilate(soc: GeneratedSoc, folder: Path) -> Path:
    """The simulation of `soc`, built in `folder`.

    Raises:
        PulsewrightError: Verilator is missing, or does not build it.
    """
    objects, log = folder / "objects", folder / "build.log"
    objects.mkdir(parents=True, exist_ok=True)
    main = files("pulsewright.sim") / "verilog" / "litex" / "litex_main.cpp"
    command = [
        "verilator",
        *("--cc", "--exe", "--build", "-j", "2", "-O3", "-CFLAGS", "-O1"),
        *("--prefix", PROGRAM, "--top-module", soc.toplevel, "--Mdir", str(objects)),
        # LiteX's and VexRiscv's sources are others', and what is ours is linted where it is tested.
        *("-Wno-fatal", "-Wno-lint", "-Wno-UNOPTFLAT"),
        *soc.sources,
        str(main),
    ]
    with simulator_environment(Simulator.VERILATOR), log.open("w", encoding="utf-8") as file:
        done = run_tool(command, folder, os.environ, file)
    if done.returncode != 0:
        raise PulsewrightError(f"verilator cannot build the LiteX SoC; see {log}")
    return objects / PROGRAM


def run_soc(soc: GeneratedSoc, program: Path, folder: Path) -> LitexRun:
    """Run the program until it ends.

    Raises:
        PulsewrightError: it does not end within `CYCLE_LIMIT`, or breaks off.
    """
    log = folder / "serial.log"
    with simulator_environment(Simulator.VERILATOR):
        done = run_tool(
            [str(program), f"+cycles={CYCLE_LIMIT}"], Path(soc.gateware), os.environ, seconds=3600
        )
    write_text(log, done.stdout + done.stderr)
    ended = re.search(r"^cycles (\d+)$", done.stdout, re.MULTILINE)
    if ended is None:
        what = "went past its cycle limit" if "cycle limit" in done.stdout else "broke off"
        raise PulsewrightError(f"the program on the LiteX SoC {what}; see {log}")
    lines = done.stdout.splitlines()
    return LitexRun(passed="PASS" in lines, cycles=int(ended[1]), checks=_checks(lines), log=log)


def _checks(lines: Sequence[str]) -> dict[str, Check]:
    """Lines `check NAME COUNT WRONG`."""
    found = (re.fullmatch(r"check (\w+) (\d+) (\d+)", line.strip()) for line in lines)
    return {one[1]: Check(int(one[2]), int(one[3])) for one in found if one}
