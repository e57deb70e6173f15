# SPDX-License-Identifier: Apache-2.0
"""Maps a design to the cells of a library with Yosys and ABC."""

import shutil
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.clock_gate_text import CLOCK_GATE, CLOCK_GATE_GUARD, CLOCK_GATE_PORTS
from pulsewright.synth.cells.cell_library import Cell, CellLibrary
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.tools.yosys import READ_VERILOG, read_netlist, run_script

LIBERTY, CONSTRAINTS, GATE = "cells.lib", "abc.constr", "clock_gate.v"
# A register of fewer bits costs less than the gate of its clock.
FEWEST_GATED_BITS = 3
OUTPUT_LOAD_PF = 0.006


def map_to_cells(
    verilog: str,
    top: str,
    technology: Technology,
    library: CellLibrary,
    nanoseconds: float,
    clock_gates: bool,
    folder: Path,
    reading: str = READ_VERILOG,
) -> Netlist:
    """Map the module `top`; scripts, logs and netlist stay in `folder`, named after it.

    library: of the technology's typical corner. nanoseconds: the clock period that ABC sizes and
    buffers for. clock_gates: registers with an enable get a gated clock, if the library has gates.
    reading: Yosys' command that reads it.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it refuses the design or the library.
        PulsewrightError: the library lacks a cell that the design needs.
    """
    _check_flip_flops(library)
    (folder / f"{top}.v").write_text(verilog, encoding="utf-8")
    shutil.copyfile(technology.corners[TYPICAL], folder / LIBERTY)
    driver = technology.driving_cell or _buffer(library).name
    constraints = f"set_driving_cell {driver}\nset_load {OUTPUT_LOAD_PF}\n"
    (folder / CONSTRAINTS).write_text(constraints, encoding="utf-8")
    reads = [f"{reading} {top}.v"]
    if CLOCK_GATE in verilog:
        (folder / GATE).write_text(_gate_of_design(library), encoding="utf-8")
        reads = [
            f"read_liberty -lib -ignore_miss_func {LIBERTY}",
            f"{reading} -D {CLOCK_GATE_GUARD} {top}.v {GATE}",
        ]
    commands = _commands(top, technology, library, nanoseconds, clock_gates)
    run_script([*reads, *commands], folder, top)
    return Netlist(top, read_netlist(folder / f"{top}.json", top), library)


def _commands(
    top: str,
    technology: Technology,
    library: CellLibrary,
    nanoseconds: float,
    clock_gates: bool,
) -> list[str]:
    excluded = "".join(f" -dont_use {pattern}" for pattern in technology.dont_use)
    cells = f"-liberty {LIBERTY}{excluded}"
    high, low = library.smallest("1"), library.smallest("0")
    return [
        f"hierarchy -check -top {top}",
        # Booth's multipliers are smaller and faster than those of alumacc.
        f"synth -flatten -booth -top {top} -run begin:fine",
        "opt -full",
        f"synth -flatten -booth -top {top} -run fine:check",
        *(_gating(library.clock_gate) if clock_gates else ()),
        f"dfflibmap {cells}",
        "opt",
        # Without a period nets would stay unbuffered.
        f"abc {cells} -D {round(nanoseconds * 1000)} -constr {CONSTRAINTS}",
        "opt_clean -purge",
        "setundef -zero",
        *(_constants(high, low) if high is not None and low is not None else ()),
        "opt_clean -purge",
        f"write_json {top}.json",
    ]


def _gate_of_design(library: CellLibrary) -> str:
    """The module that a design with a gated clock asks for: a cell of the library."""
    cell = library.clock_gate
    if cell is None or cell.clock_gate is None:
        raise PulsewrightError(
            f"library {library.name} has no gate of clocks, which attachment.clock_gate asks for; "
            "leave the key out, or give a library that has one"
        )
    ports, pins = CLOCK_GATE_PORTS, cell.clock_gate
    wired = {pins.clock: ports["clock"], pins.enable: ports["enable"], pins.output: ports["gated"]}
    connections = ", ".join(f".{pin}({port})" for pin, port in wired.items())
    return (
        f"module {CLOCK_GATE} (input {ports['clock']}, input {ports['enable']}, "
        f"output {ports['gated']});\n  {cell.name} gate ({connections});\nendmodule\n"
    )


def _gating(gate: Cell | None) -> list[str]:
    if gate is None or gate.clock_gate is None:
        return []
    pins = gate.clock_gate
    named = f"{gate.name} {pins.enable}:{pins.clock}:{pins.output}"
    return [f"clockgate -pos {named} -min_net_size {FEWEST_GATED_BITS}", "opt_clean"]


def _constants(high: Cell, low: Cell) -> list[str]:
    named = (
        f"{option} {cell.name} {cell.outputs[0].name}"
        for option, cell in (("-hicell", high), ("-locell", low))
    )
    return [f"hilomap -singleton {' '.join(named)}"]


def _check_flip_flops(library: CellLibrary) -> None:
    """Refuse a library without what holds the state of every design here."""
    states = [one.flip_flop for one in library.cells.values() if not one.dont_use]
    if not any(state is not None and state.clear is not None for state in states):
        raise PulsewrightError(
            f"library {library.name} has no flip-flop with a reset, which every design here needs; "
            "give the Liberty file of a whole library"
        )


def _buffer(library: CellLibrary) -> Cell:
    found = library.smallest("01")
    if found is None:
        raise PulsewrightError(f"library {library.name} has no buffer to drive inputs with")
    return found
