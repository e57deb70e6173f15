# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.layout.lef import read_lef

LEF = """
LAYER poly
  TYPE MASTERSLICE ;
END poly
LAYER metal1
  TYPE		ROUTING ;
  WIDTH		0.5 ;
  CAPACITANCE	CPERSQDIST 4e-05 ;
  EDGECAPACITANCE 1.000000e-05 ;
END metal1
LAYER via
  TYPE	CUT ;
END via
LAYER metal2
  TYPE ROUTING ;
  WIDTH 1 ;
  CAPACITANCE CPERSQDIST 0.0001 ;
END metal2
MACRO NAND2
  CLASS  CORE ;
  SIZE  2.4 BY 10 ;
  PIN A
  END A
END NAND2
MACRO NAND2X
  SIZE 4 BY 10 ;
END NAND2X
END LIBRARY
"""


def test_a_wire_has_the_capacitance_of_its_area_and_its_edges() -> None:
    lef = read_lef(LEF)
    assert set(lef.layers) == {"metal1", "metal2"}
    # Of one µm: 0.5 µm² of 0.04 fF, and two edges of 0.01 fF.
    assert lef.layers["metal1"].femtofarad == pytest.approx(0.5 * 0.04 + 2 * 0.01)
    assert lef.layers["metal2"].femtofarad == pytest.approx(0.1)
    assert lef.sizes == {"NAND2": (2.4, 10), "NAND2X": (4, 10)}


def test_a_file_without_wires_is_told() -> None:
    with pytest.raises(PulsewrightError, match="no routing layer with a capacitance"):
        read_lef("MACRO A\n SIZE 1 BY 1 ;\nEND A\n")
