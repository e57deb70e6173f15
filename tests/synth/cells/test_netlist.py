# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Netlist, PinPlace

MODULE = {
    "ports": {
        "a_i": {"direction": "input", "bits": [2, 3]},
        "y_o": {"direction": "output", "bits": [4]},
    },
    "netnames": {
        "y_o": {"hide_name": 0, "bits": [4]},
        "part.sum": {"hide_name": 0, "bits": [4]},
        "$abc$1": {"hide_name": 1, "bits": [5]},
    },
    "cells": {
        "one": {"type": "NAND2", "connections": {"A": [2], "B": [3], "Y": [5]}},
        "two": {"type": "NAND2", "connections": {"A": [5], "B": ["1"], "Y": [4]}},
    },
}


def test_who_drives_and_who_reads(mini: CellLibrary) -> None:
    netlist = Netlist("top", MODULE, mini)
    assert netlist.drivers == {5: PinPlace("one", "Y"), 4: PinPlace("two", "Y")}
    assert netlist.sinks == {
        2: [PinPlace("one", "A")],
        3: [PinPlace("one", "B")],
        5: [PinPlace("two", "A")],
        4: [],
    }
    assert netlist.names == {4: "part.sum"}
    assert (netlist.area, netlist.leakage) == (4, 0.2)


def test_loads_are_pins_and_ports(mini: CellLibrary) -> None:
    netlist = Netlist("top", MODULE, mini)
    assert netlist.load(5, port_load=1.0) == 0.002
    assert netlist.load(4, port_load=1.0) == 1.0
    assert (netlist.ends(5), netlist.ends(4)) == (1, 1)


def test_the_verilog_is_plain(mini: CellLibrary) -> None:
    text = Netlist("top", MODULE, mini).verilog()
    assert "  input [1:0] a_i;" in text
    assert "  assign n3 = a_i[1];" in text
    assert "  assign y_o = n4;" in text
    assert "  NAND2 u1 (.A(n5), .B(1'b1), .Y(n4));" in text


def test_a_cell_that_the_library_has_not_is_told(mini: CellLibrary) -> None:
    module = {**MODULE, "cells": {"x": {"type": "$_DLATCH_P_", "connections": {}}}}
    with pytest.raises(PulsewrightError, match=r"has a cell \$_DLATCH_P_, which library mini"):
        Netlist("top", module, mini)
