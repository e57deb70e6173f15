# SPDX-License-Identifier: Apache-2.0
"""Energies of small netlists beside what one works out by hand from the library's figures."""

import subprocess
from pathlib import Path
from typing import Any

import pytest

from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL, Technology
from pulsewright.synth.energy.account import energy_by_part
from pulsewright.synth.energy.activity import Activity
from pulsewright.synth.energy.groups import Part, parts
from pulsewright.synth.energy.models import GateModel
from pulsewright.synth.energy.waveform import Waveform

BENCH = """`timescale 1ps/1ps
module bench;
  reg {inputs};
  top dut ({ports});
  initial begin
    $dumpfile("waves.vcd"); $dumpvars(1, dut);
    {start} #10000;
    {steps}
    $finish;
  end
endmodule
"""


def module(ports: dict[str, int], output: int, cells: dict[str, Any]) -> dict[str, Any]:
    named = {name: {"direction": "input", "bits": [bit]} for name, bit in ports.items()}
    return {
        "ports": {**named, "y_o": {"direction": "output", "bits": [output]}},
        "netnames": {},
        "cells": cells,
    }


def energies(
    design: dict[str, Any],
    library: CellLibrary,
    start: dict[str, int],
    steps: list[str],
    folder: Path,
    wire_load_pf: float = 0.0,
) -> dict[Part, float]:
    """Energy of assignments to the inputs, 10 ns apart."""
    netlist = Netlist("top", design, library)
    gates = GateModel(netlist)
    (folder / "gates.v").write_text(gates.verilog)
    bench = BENCH.format(
        inputs=", ".join(start),
        ports=", ".join(f".{name}({name})" for name in start),
        start=" ".join(f"{name} = {value};" for name, value in start.items()),
        steps=" ".join(f"{step}; #10000" for step in steps),
    )
    (folder / "bench.v").write_text(bench)
    compiler = ["iverilog", "-g2005", "-o", "a.vvp", "bench.v", "gates.v"]
    for command in (compiler, ["vvp", "-n", "a.vvp"]):
        subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    stop = 10_000 * (len(steps) + 1)
    activity = Activity(netlist, gates, Waveform(folder / "waves.vcd"), 10_000, stop)
    belongs = parts(netlist, is_bus=False)
    return energy_by_part(netlist, activity, belongs, lambda net: wire_load_pf * netlist.ends(net))


NAND = module(
    {"a": 2, "b": 3}, 4, {"g": {"type": "NAND2", "connections": {"A": [2], "B": [3], "Y": [4]}}}
)
XOR = module(
    {"a": 2, "b": 3}, 4, {"g": {"type": "XOR2", "connections": {"A": [2], "B": [3], "Y": [4]}}}
)
FLIP_FLOP = module(
    {"d": 2, "rn": 3, "ck": 5},
    4,
    {"g": {"type": "DFFR", "connections": {"D": [2], "RN": [3], "CK": [5], "Q": [4]}}},
)


def test_a_nand_by_hand(mini: CellLibrary, tmp_path: Path) -> None:
    found = energies(NAND, mini, {"a": 0, "b": 1}, ["a = 1", "b = 0", "a = 0"], tmp_path)
    # Y falls once and rises once, with the port's 6 fF behind it; a moves twice, b once.
    load = 0.006
    tables = (0.020 + 0.01 * load) + (0.010 + 0.01 * load)
    charge = 0.5 * 2.0**2 * (2 * load + 3 * 0.002)
    assert found[Part.CONTROL] == pytest.approx(tables + charge)
    assert sum(found.values()) == found[Part.CONTROL]


def test_wires_are_a_load_of_each_pin(mini: CellLibrary, tmp_path: Path) -> None:
    steps = ["a = 1"]
    without = energies(NAND, mini, {"a": 0, "b": 1}, steps, tmp_path)
    with_wires = energies(NAND, mini, {"a": 0, "b": 1}, steps, tmp_path, 0.005)
    # One edge of an input and one of the output, whose energy rises with its load.
    added = 0.5 * 4 * 0.005 * 2 + 0.01 * 0.005
    assert sum(with_wires.values()) - sum(without.values()) == pytest.approx(added)


def test_an_xor_by_hand(mini: CellLibrary, tmp_path: Path) -> None:
    found = energies(XOR, mini, {"a": 0, "b": 0}, ["a = 1", "b = 1"], tmp_path)
    load = 0.006
    # Y rises with a = 1, b = 0: A when !B is 10 fJ, B when A is 50 fJ, half of each. It falls with
    # both 1: 30 and 50 fJ. The load's part is the same in all of them.
    tables = (0.010 + 0.050) / 2 + (0.030 + 0.050) / 2 + 2 * 0.01 * load
    charge = 0.5 * 4 * (2 * load + 2 * 0.002)
    assert sum(found.values()) == pytest.approx(tables + charge)


def test_a_flip_flop_by_hand(mini: CellLibrary, tmp_path: Path) -> None:
    start = {"d": 0, "rn": 1, "ck": 0}
    steps = ["ck = 1", "ck = 0", "d = 1", "ck = 1", "ck = 0"]
    found = energies(FLIP_FLOP, mini, start, steps, tmp_path)
    load = 0.006
    # The first rising edge moves nothing and costs 2 fJ, the second does: its energy is Q's. Each
    # falling edge costs 1 fJ, the edge of D 0.3 fJ. The clock's pin has 3 fF, D has 2 fF.
    clock = 0.002 + 0.001 * 2 + 0.5 * 4 * 0.003 * 4
    registers = 0.0003 + 0.5 * 4 * 0.002 + (0.010 + 0.01 * load) + 0.5 * 4 * load
    assert found[Part.CLOCK] == pytest.approx(clock)
    assert found[Part.REGISTERS] == pytest.approx(registers)
    assert sum(found.values()) == pytest.approx(clock + registers)


def test_a_stopped_clock_costs_its_gate_alone(mini: CellLibrary, tmp_path: Path) -> None:
    cells = {
        "gate": {"type": "GATE", "connections": {"E": [2], "CK": [5], "G": [6]}},
        "g": {"type": "DFFR", "connections": {"D": [2], "RN": [3], "CK": [6], "Q": [4]}},
    }
    design = module({"d": 2, "rn": 3, "ck": 5}, 4, cells)
    stopped = energies(design, mini, {"d": 0, "rn": 1, "ck": 0}, ["ck = 1", "ck = 0"], tmp_path)
    # Two edges of the gate's clock: 1 fJ each, and its pin.
    expected = 2 * 0.001 + 0.5 * 4 * 0.004 * 2
    assert sum(stopped.values()) == pytest.approx(expected)
    running = energies(design, mini, {"d": 1, "rn": 1, "ck": 0}, ["ck = 1", "ck = 0"], tmp_path)
    gate = (0.010 + 0.020 + 2 * 0.01 * 0.003) + 0.5 * 4 * 0.004 * 2
    flip_flop_clock = 0.5 * 4 * 0.003 * 2 + 0.001
    assert running[Part.CLOCK] == pytest.approx(gate + flip_flop_clock)


def test_sg13g2_by_hand(sg13g2: Technology, tmp_path: Path) -> None:
    """Figures of the file at loads and slopes that stand in it, between two of which ours lies."""
    library = read_library(sg13g2.corners[TYPICAL])
    pins = {"A": [2], "B": [3], "Y": [4]}
    design = module({"a": 2, "b": 3}, 4, {"g": {"type": "sg13g2_nand2_1", "connections": pins}})
    found = energies(design, library, {"a": 0, "b": 1}, ["a = 1", "a = 0"], tmp_path)
    output = library.cells["sg13g2_nand2_1"].pins["Y"]
    tables = [power.energy[edge] for power in output.powers for edge in ("rise", "fall")]
    # Four corners of the square that holds 0.08 ns and 6 fF, weighted by the distance to them.
    along, across = (0.08 - 0.0186) / (0.0966 - 0.0186), (0.006 - 0.001) / (0.0234 - 0.001)
    looked_up = 0.0
    for table in tables:
        (a, b), (c, d) = (row[:2] for row in table.values[:2])
        looked_up += (1 - along) * ((1 - across) * a + across * b)
        looked_up += along * ((1 - across) * c + across * d)
    charge = 0.5 * 1.2**2 * (2 * 0.006 + 2 * library.cells["sg13g2_nand2_1"].pins["A"].capacitance)
    assert sum(found.values()) == pytest.approx(looked_up / 2 + charge)
    assert 0.01 < sum(found.values()) < 0.05
