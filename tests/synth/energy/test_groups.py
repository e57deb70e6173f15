# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.groups import Part, part_of_register, parts


@pytest.mark.parametrize(
    ("name", "part"),
    [
        ("engine.layer1.weights", Part.WEIGHTS),
        ("engine.layer1.weight_rom.word", Part.WEIGHTS),
        ("engine.layer2.bias_rom.word", Part.WEIGHTS),
        ("engine.layer1.memory.weight_memory.read_data_o", Part.WEIGHTS),
        ("engine.layer1.memory.bias_memory.words[3]", Part.WEIGHTS),
        ("engine.layer1.weight_step", Part.CONTROL),
        ("engine.layer1.adder_tree0_valid", Part.CONTROL),
        ("engine.feed1.group", Part.CONTROL),
        ("engine.layer1.product_0_3", Part.ARITHMETIC),
        ("engine.layer2.accumulator_0", Part.ARITHMETIC),
    ],
)
def test_registers_of_the_engine_tell_what_feeds_them(name: str, part: Part) -> None:
    assert part_of_register(name, is_bus=False) == part
    assert part_of_register(f"coprocessor.{name}", is_bus=True) == part
    assert part_of_register("attachment.request", is_bus=True) == Part.BUS


def test_logic_belongs_to_what_most_of_it_feeds(mini: CellLibrary) -> None:
    module = {
        "ports": {
            "clk_i": {"direction": "input", "bits": [2]},
            "rst_ni": {"direction": "input", "bits": [3]},
            "y_o": {"direction": "output", "bits": [9]},
        },
        "netnames": {
            "layer.weights": {"hide_name": 0, "bits": [4]},
            "layer.step": {"hide_name": 0, "bits": [5]},
        },
        "cells": {
            "w": {"type": "DFFR", "connections": {"D": [6], "RN": [3], "CK": [2], "Q": [4]}},
            "s": {"type": "DFFR", "connections": {"D": [7], "RN": [3], "CK": [8], "Q": [5]}},
            "g": {"type": "GATE", "connections": {"E": [4], "CK": [2], "G": [8]}},
            "table": {"type": "NAND2", "connections": {"A": [10], "B": [4], "Y": [6]}},
            "deep": {"type": "INV", "connections": {"A": [5], "Y": [10]}},
            "next": {"type": "INV", "connections": {"A": [5], "Y": [7]}},
            "out": {"type": "INV", "connections": {"A": [4], "Y": [9]}},
        },
    }
    found = parts(Netlist("top", module, mini), is_bus=False)
    assert found == {
        **dict.fromkeys(("w", "s"), Part.REGISTERS),
        **dict.fromkeys(("table", "deep"), Part.WEIGHTS),
        **dict.fromkeys(("next", "out"), Part.CONTROL),
        "g": Part.CLOCK,
    }
