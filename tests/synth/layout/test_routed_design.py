# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.layout.lef import Lef, WireLayer
from pulsewright.synth.layout.routed_design import PlacedCell, Segment, read_def
from pulsewright.synth.layout.wires import lengths_by_layer, wire_loads

DEF = """VERSION 5.6 ;
DESIGN top ;
UNITS DISTANCE MICRONS 100 ;

DIEAREA ( -100 -200 ) ( 3900 1800 ) ;
COMPONENTS 2 ;
- NAND2_1 NAND2 + PLACED ( 40 50 ) FS ;
- INV_1 INV + PLACED ( 280 50 ) E ;
END COMPONENTS
PINS 1 ;
- a[0] + NET a[0]
  + LAYER metal2 ( -15 -15 ) ( 15 15 )
  + PLACED ( 800 -200 ) N ;
END PINS
NETS 3 ;
- n1
  ( NAND2_1 Y )
  ( INV_1 A )
+ ROUTED metal1 ( 100 200 ) M2_M1
  NEW metal2 ( 100 200 ) ( * 700 ) ( 300 * ) M3_M2
  NEW metal3 ( 300 700 ) ( * 650.5 ) ;
- a[0]
  ( PIN a[0] )
  ( NAND2_1 A )
+ ROUTED metal1 ( 0 0 ) ( 40 * ) ;
- left
  ( INV_1 Y ) ;
END NETS
SPECIALNETS 1 ;
- n1
+ ROUTED metal1 40 ( 0 0 ) ( 9000 * ) ;
END SPECIALNETS
END DESIGN
"""


def test_cells_and_wires_are_in_micrometres() -> None:
    design = read_def(DEF)
    assert (design.width, design.height) == (40, 20)
    assert design.cells == [
        PlacedCell("NAND2", 0.4, 0.5, is_turned=False),
        PlacedCell("INV", 2.8000000000000003, 0.5, is_turned=True),
    ]
    assert design.wires["a[0]"] == [Segment("metal1", 0, 0, 0.4, 0)]
    assert design.wires["left"] == []
    first, second, third = design.wires["n1"]
    assert (first.layer, first.length) == ("metal2", 5)
    assert (second.layer, second.length) == ("metal2", 2)
    assert (third.layer, third.length) == ("metal3", pytest.approx(0.495))


def test_wires_of_a_net_are_lengths_and_a_load() -> None:
    """2.5 fF of 7 µm of metal2 with 0.3 fF a µm, and 0.495 of metal3 with 0.8."""
    design = read_def(DEF)
    layers = {"metal1": WireLayer(0.3, 0.5), "metal2": WireLayer(0.3, 0.3)}
    lef = Lef({**layers, "metal3": WireLayer(0.3, 0.8)}, {})
    loads = wire_loads(design, lef, {7: "n1", 8: "a[0]", 9: "left"})
    assert loads == {7: pytest.approx(0.0021 + 0.000396), 8: pytest.approx(0.0002), 9: 0}
    assert lengths_by_layer(design, {7: "n1"}) == {"metal2": 7, "metal3": pytest.approx(0.495)}


def test_another_file_is_told() -> None:
    with pytest.raises(PulsewrightError, match="no units, no die, or no nets"):
        read_def("VERSION 5.6 ;\n")
