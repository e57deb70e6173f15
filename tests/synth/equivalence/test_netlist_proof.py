# SPDX-License-Identifier: Apache-2.0
import random
from dataclasses import replace
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.synth.cells.technology import Technology
from pulsewright.synth.equivalence.mapped_netlist import (
    map_to_ecp5,
    map_to_gates,
    mapper_to_cells,
)
from pulsewright.synth.equivalence.netlist_proof import prove_netlist
from pulsewright.synth.tools.yosys import Module
from tests.models import fold_model, random_model
from tests.synth.designs import GATED_COUNTER
from tests.synth.equivalence.designs import FIFO_WORDS, MIXED, mapped, prove, table

MAPPERS = {"generic": map_to_gates, "ecp5": map_to_ecp5}
OPPOSITES = {"$_AND_": "$_OR_", "$_OR_": "$_AND_", "$_XOR_": "$_XNOR_", "$_NAND_": "$_NOR_"}


@pytest.mark.parametrize("target", MAPPERS)
def test_registers_without_a_name_or_a_change_are_found(target: str, tmp_path: Path) -> None:
    found = prove(MIXED, "mixed", MAPPERS[target], tmp_path)
    assert found.holds
    assert found.lost == 0
    # The product and its factors, the counter, twins, one that is reset to 1, one that never moves.
    assert found.registers + found.constant == 12 + 12 + 16 + 2 + 1 + 1
    assert (found.renamed, found.constant) == ((1, 1) if target == "ecp5" else (0, 0))


def test_memories_in_look_up_tables_are_compared_word_by_word(tmp_path: Path) -> None:
    found = prove(FIFO_WORDS, "fifo_words", map_to_ecp5, tmp_path)
    assert found.holds
    assert found.registers == 8 * 5
    assert found.renamed == 0


@pytest.mark.parametrize(
    ("width", "address"), [(16, 9), pytest.param(4, 12, marks=pytest.mark.regression)]
)
def test_tables_in_block_memory_hold_their_words(width: int, address: int, tmp_path: Path) -> None:
    verilog, netlist = mapped(table(width, address), "table_of_words", map_to_ecp5, tmp_path)
    kinds = {cell["type"] for cell in netlist.module["cells"].values()}
    assert "$mem_v2" in kinds
    found = prove_netlist(verilog, "table_of_words", netlist, tmp_path)
    assert found.holds
    for cell in netlist.module["cells"].values():
        if cell["type"] == "$mem_v2":
            words = cell["parameters"]["INIT"]
            cell["parameters"]["INIT"] = words[:-9] + "10"[int(words[-9])] + words[-8:]
    assert not prove_netlist(verilog, "table_of_words", netlist, tmp_path).holds


def test_a_gated_clock_of_the_design_is_an_enable(
    mini_technology: Technology, tmp_path: Path
) -> None:
    cells = mapper_to_cells(mini_technology, 10.0, clock_gates=False)
    found = prove(GATED_COUNTER, "gated_counter", cells, tmp_path)
    assert found.holds
    assert found.registers == 8


@pytest.mark.regression
@pytest.mark.parametrize("incremental", [False, True])
@pytest.mark.parametrize("target", MAPPERS)
def test_coprocessors_are_their_netlists(target: str, incremental: bool, tmp_path: Path) -> None:
    model = random_model((3, 4, 1), pulses=4, pulse_input=1)
    folded = fold_model(model, [(2, 1), (1, 2)], incremental=incremental)
    text = to_verilog(BusTop(model, folded, "obi"), "dut")
    found = prove(text, "dut", MAPPERS[target], tmp_path)
    assert found.holds
    assert found.registers > 600
    assert (found.renamed > 0) == (target == "ecp5")


@pytest.mark.regression
def test_a_coprocessor_is_its_netlist_of_a_foundrys_cells(
    sg13g2: Technology, tmp_path: Path
) -> None:
    model = random_model((3, 4, 1))
    text = to_verilog(BusTop(model, fold_model(model, [(2, 1), (1, 2)]), "obi"), "dut")
    found = prove(text, "dut", mapper_to_cells(sg13g2, 4.0, clock_gates=True), tmp_path)
    assert found.holds
    assert found.tried > 0


@pytest.mark.parametrize("target", MAPPERS)
def test_every_planted_fault_is_found(target: str, tmp_path: Path) -> None:
    verilog, netlist = mapped(MIXED, "mixed", MAPPERS[target], tmp_path)
    drawn = random.Random(7)
    cells = sorted(
        name
        for name, cell in netlist.module["cells"].items()
        if cell["type"] in OPPOSITES or cell["type"] == "LUT4"
    )
    for name in drawn.sample(cells, 3):
        faulty = replace(netlist, module=_with_fault(netlist.module, name))
        assert not prove_netlist(verilog, "mixed", faulty, tmp_path).holds, name


def test_a_register_reset_to_another_value_is_refused(tmp_path: Path) -> None:
    verilog, netlist = mapped(MIXED, "mixed", map_to_gates, tmp_path)
    bit = netlist.module["netnames"]["idle"]["bits"][0]
    for cell in netlist.module["cells"].values():
        if cell["connections"].get("Q") == [bit]:
            cell["type"] = cell["type"].replace("1_", "0_")
    with pytest.raises(PulsewrightError, match=r"register idle\[0\] has reset value 1 and 0"):
        prove_netlist(verilog, "mixed", netlist, tmp_path)


def test_a_register_that_moves_at_another_edge_is_refused(tmp_path: Path) -> None:
    """One that ECP5's mapping takes the name of, so that it is found by what it does."""
    verilog, netlist = mapped(MIXED, "mixed", map_to_ecp5, tmp_path)
    (idle,) = (
        cell
        for cell in netlist.module["cells"].values()
        if cell["type"] == "TRELLIS_FF" and cell["parameters"]["REGSET"] == "SET"
    )
    idle["parameters"]["CLKMUX"] = "INV"
    with pytest.raises(PulsewrightError, match=r"register idle\[0\] has edges rising and falling"):
        prove_netlist(verilog, "mixed", netlist, tmp_path)


def test_a_clock_from_within_is_refused(tmp_path: Path) -> None:
    text = (
        "module divided (input clk_i, input data_i, output reg slow_o, output reg data_o);\n"
        "  always @(posedge clk_i) slow_o <= ~slow_o;\n"
        "  always @(posedge slow_o) data_o <= data_i;\nendmodule\n"
    )
    with pytest.raises(PulsewrightError, match="clock comes from within"):
        prove(text, "divided", map_to_gates, tmp_path)


def test_a_cell_of_unknown_insides_is_refused(tmp_path: Path) -> None:
    verilog, netlist = mapped(MIXED, "mixed", map_to_gates, tmp_path)
    name = min(netlist.module["cells"])
    netlist.module["cells"][name]["type"] = "MYSTERY"
    with pytest.raises(PulsewrightError, match="MYSTERY"):
        prove_netlist(verilog, "mixed", netlist, tmp_path)


def _with_fault(module: Module, name: str) -> Module:
    cell = module["cells"][name]
    if cell["type"] == "LUT4":
        # The inverse: one wrong entry may be of values that never meet.
        init = cell["parameters"]["INIT"]
        inverse = "".join("10"[int(bit)] for bit in init)
        cell = {**cell, "parameters": {**cell["parameters"], "INIT": inverse}}
    else:
        cell = {**cell, "type": OPPOSITES[cell["type"]]}
    return {**module, "cells": {**module["cells"], name: cell}}


def test_what_a_netlist_leaves_open_has_to_be_equal_for_both_values(tmp_path: Path) -> None:
    verilog, netlist = mapped(MIXED, "mixed", map_to_gates, tmp_path)
    (busy,) = netlist.module["ports"]["busy_o"]["bits"]
    (driver,) = (
        cell for cell in netlist.module["cells"].values() if cell["connections"].get("Y") == [busy]
    )
    driver["connections"]["A"] = ["x"]
    assert prove_netlist(verilog, "mixed", netlist, tmp_path).different == ("busy_o[0]",)
