# SPDX-License-Identifier: Apache-2.0
"""Netlists that can be proven, and what tells what their cells do."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from pulsewright.rtl.clock_gate_text import CLOCK_GATE_OPEN
from pulsewright.synth.cells.cell_library import Cell, CellLibrary, read_library
from pulsewright.synth.cells.mapping import LIBERTY, map_to_cells
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.equivalence.hard_blocks import replace_hard_blocks
from pulsewright.synth.fpga.mapping import run_mapping
from pulsewright.synth.fpga.targets import ECP5
from pulsewright.synth.tools.yosys import READ_VERILOG, Module, read_netlist, run_script

GENERIC = "generic"
_CELLS = "cells.v"


@dataclass(frozen=True)
class MappedNetlist:
    """A module of cells.

    reading: Yosys' command that reads the Verilog as it was read for it. models: commands that read
    what its cells do. memory_shape: words and bits of a cell that memories are split to.
    """

    module: Module
    reading: str = READ_VERILOG
    models: tuple[str, ...] = ()
    memory_shape: tuple[int, int] = (1, 1)


Mapper = Callable[[Path, str, Path], MappedNetlist]
"""Maps the module of a name in a Verilog file, in a folder.

Raises:
    MissingPackageError: Yosys is not installed.
    PulsewrightError: it refuses the design or the library.
"""


def map_to_gates(verilog: Path, top: str, folder: Path) -> MappedNetlist:
    """Map to Yosys' own gates and flip-flops."""
    commands = (
        f"{READ_VERILOG} {verilog.name}",
        f"hierarchy -check -top {top}",
        f"synth -flatten -top {top}",
        "abc -g AND,NAND,OR,NOR,XOR,XNOR,MUX",
        "opt_clean",
        f"write_json {top}.json",
    )
    run_script(commands, folder, top)
    return MappedNetlist(read_netlist(folder / f"{top}.json", top))


def map_to_ecp5(verilog: Path, top: str, folder: Path) -> MappedNetlist:
    """Map to Lattice's ECP5."""
    run_mapping([verilog.name], top, ECP5, ECP5.device(None), folder)
    return MappedNetlist(
        replace_hard_blocks(read_netlist(folder / f"{top}.json", top)),
        reading=f"{READ_VERILOG} -D {CLOCK_GATE_OPEN}",
        models=("read_verilog -D NO_INCLUDES +/ecp5/cells_sim.v",),
        memory_shape=(16, 4),
    )


def mapper_to_cells(technology: Technology, period: float, clock_gates: bool) -> Mapper:
    """What maps to standard cells; period: in ns. clock_gates: registers may have one."""

    def map_design(verilog: Path, top: str, folder: Path) -> MappedNetlist:
        library = read_library(technology.corners[TYPICAL])
        text = verilog.read_text(encoding="utf-8")
        map_to_cells(text, top, technology, library, period, clock_gates, folder)
        module = read_netlist(folder / f"{top}.json", top)
        (folder / _CELLS).write_text(_gates_of_clocks(module, library), encoding="utf-8")
        return MappedNetlist(
            module,
            models=(
                f"read_verilog {_CELLS}",
                f"read_liberty -nooverwrite -ignore_miss_func {LIBERTY}",
            ),
        )

    return map_design


def _gates_of_clocks(module: Module, library: CellLibrary) -> str:
    """Verilog of the library's gates of clocks, whose latches Yosys does not read."""
    used = {cell["type"] for cell in module["cells"].values()}
    cells = [library.cells[name] for name in sorted(used & library.cells.keys())]
    return "".join(_gate_of_clock(cell) for cell in cells if cell.clock_gate is not None)


def _gate_of_clock(cell: Cell) -> str:
    pins = cell.clock_gate
    assert pins is not None
    return (
        f"module {cell.name} (input {pins.clock}, input {pins.enable}, output {pins.output});\n"
        f"  reg open;\n  always @* if (!{pins.clock}) open = {pins.enable};\n"
        f"  assign {pins.output} = {pins.clock} & open;\nendmodule\n"
    )


def write_netlist(netlist: MappedNetlist, top: str, path: Path) -> None:
    """As Yosys reads it, without the insides of its cells."""
    path.write_text(json.dumps({"modules": {top: netlist.module}}), encoding="utf-8")
