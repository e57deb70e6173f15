# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.liberty import parse_liberty, read_liberty

TEXT = r"""
/* a comment with { and " and
   two lines */
library (demo) {
  nom_voltage : 1.2
  time_unit : "1ns";
  capacitive_load_unit (1,pf);
  cell (A1) {
    area : 2.5 ;
    statetable ("C G", "g") { table : "L L : - : L ,\
      H - : - : N "; }
    pin ("Y[0]") { direction : output; values ("1, 2", \
      "3, 4"); }
  }
  cell (B) { dont_use : true; }
}
"""


def test_groups_and_attributes_stand_as_in_the_file() -> None:
    library = parse_liberty(TEXT)
    assert (library.kind, library.name) == ("library", "demo")
    assert library.values == {"nom_voltage": "1.2", "time_unit": "1ns"}
    assert library.lists == {"capacitive_load_unit": ("1", "pf")}
    first, second = library.inside("cell")
    assert (first.name, first.values["area"], first.is_true("dont_use")) == ("A1", "2.5", False)
    assert second.is_true("dont_use")
    table, pin = first.groups
    assert table.arguments == ("C G", "g")
    assert " ".join(table.values["table"].split()) == "L L : - : L , H - : - : N"
    assert pin.name == "Y[0]"
    assert pin.lists["values"] == ("1, 2", "3, 4")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no group called library"),
        ("library (a) { cell (b) {", "its end is missing: cell is still open"),
        ("library (a) { } }", "line 1 ends a group that is not open"),
        ("library (a) {\n  area = 3;\n}", "line 2 is not understood: 'area = 3;"),
        ("{}", "line 1 is not understood"),
    ],
)
def test_what_is_no_liberty_is_refused(text: str, words: str) -> None:
    with pytest.raises(PulsewrightError) as raised:
        parse_liberty(text)
    assert words in str(raised.value)


def test_the_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "cells.lib"
    with pytest.raises(
        PulsewrightError, match=r"cannot read the liberty file .*cells\.lib: No such"
    ):
        read_liberty(path)
    path.write_text("no")
    with pytest.raises(PulsewrightError, match=r"cells\.lib is no liberty file: line 1"):
        read_liberty(path)
