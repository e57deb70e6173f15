# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.layout.blif import blif, net_names

MODULE = {
    "ports": {
        "a": {"direction": "input", "bits": [2, 3]},
        "y": {"direction": "output", "bits": [5]},
        "z": {"direction": "output", "bits": [5, 2, "1"]},
    },
    "cells": {
        "one": {"type": "NAND2", "connections": {"A": [2], "B": [3], "Y": [4]}},
        "two": {"type": "NAND2", "connections": {"A": [4], "B": ["1"], "Y": [5]}},
    },
    "netnames": {},
}


def test_each_net_has_one_name_and_each_port_its_own(mini: CellLibrary) -> None:
    netlist = Netlist("top", MODULE, mini)
    assert net_names(netlist) == {2: "a[0]", 3: "a[1]", 4: "n4", 5: "z[0]"}
    assert blif(netlist, mini).splitlines() == [
        ".model top",
        ".inputs a[0] a[1]",
        ".outputs y z[0] z[1] z[2]",
        ".gate NAND2 A=a[0] B=a[1] Y=n4",
        ".gate NAND2 A=n4 B=vdd Y=z[0]",
        ".gate BUF A=z[0] Y=y",
        ".gate BUF A=a[0] Y=z[1]",
        ".gate BUF A=vdd Y=z[2]",
        ".end",
    ]


def test_a_library_without_buffers_is_told(mini: CellLibrary) -> None:
    cells = {name: cell for name, cell in mini.cells.items() if cell.truth != "01"}
    bare = CellLibrary("bare", 1.2, cells)
    with pytest.raises(PulsewrightError, match="library bare has no buffer, which y needs"):
        blif(Netlist("top", MODULE, bare), bare)
