# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary, ClockGate, read_library
from pulsewright.synth.cells.technology import OSU018, TYPICAL, Technology
from tests.synth.mini_library import MINI_LIBRARY, without_leakage


def test_cells_are_known_by_what_they_compute(mini: CellLibrary) -> None:
    assert (mini.name, mini.voltage) == ("mini", 2.0)
    assert mini.nand2_area == 2
    found = {
        truth: mini.smallest(truth) for truth in ("10", "01", "0110", "1000", "1", "0", "0001")
    }
    names = {truth: None if cell is None else cell.name for truth, cell in found.items()}
    assert names == {
        "10": "INV",
        "01": "BUF",
        "0110": "XOR2",
        "1000": "NOR2",
        "1": "ONE",
        "0": "ZERO",
        "0001": None,
    }


def test_tables_are_in_our_units(mini: CellLibrary) -> None:
    nand = mini.cells["NAND2"]
    assert nand.leakage == 0.1
    assert [pin.capacitance for pin in nand.inputs] == [0.002, 0.002]
    (output,) = nand.outputs
    assert output.arcs[0].delay["rise"](0.1, 0.5) == pytest.approx(0.6)
    assert output.powers[1].related == "B"
    assert output.powers[1].energy["fall"](0.1, 0.5) == pytest.approx(0.025)


def test_units_of_the_file_count(tmp_path: Path) -> None:
    text = MINI_LIBRARY.replace('time_unit : "1ns"', 'time_unit : "10ps"')
    text = text.replace("capacitive_load_unit (1, pf)", "capacitive_load_unit (1000, ff)")
    text = text.replace('leakage_power_unit : "1pW"', 'leakage_power_unit : "1uW"')
    (tmp_path / "a.lib").write_text(text)
    nand = read_library(tmp_path / "a.lib").cells["NAND2"]
    assert nand.leakage == pytest.approx(1e5)
    assert nand.inputs[0].capacitance == pytest.approx(0.002)
    delay = nand.outputs[0].arcs[0].delay["rise"]
    assert delay(0.001, 0.5) == pytest.approx(0.006)


def test_flip_flops_and_gates_of_clocks(mini: CellLibrary) -> None:
    cell = mini.cells["DFFR"]
    assert cell.flip_flop is not None
    assert (cell.flip_flop.state, cell.flip_flop.inverse) == ("IQ", "IQN")
    assert cell.flip_flop.clear is not None
    assert cell.flip_flop.clear.value({"RN": False})
    assert cell.flip_flop.preset is None
    assert cell.leakage == pytest.approx(0.4)
    assert cell.truth is None
    assert mini.clock_gate is not None
    assert mini.clock_gate.clock_gate == ClockGate("CK", "E", "G")


@pytest.mark.parametrize(
    ("old", "new", "words"),
    [
        ("nom_voltage : 2.0", "nom_voltage : 0", "nom_voltage is missing or not positive"),
        ("nom_voltage : 2.0", "nom_voltage : high", "nom_voltage of library mini is no number"),
        ('"1ns"', '"1 lightyear"', "'1 lightyear' is no unit that is known"),
        ('"!(A*B)"', '"!(A*B"', "is no logic function"),
    ],
)
def test_what_is_not_understood_is_refused(old: str, new: str, words: str, tmp_path: Path) -> None:
    (tmp_path / "a.lib").write_text(MINI_LIBRARY.replace(old, new))
    with pytest.raises(PulsewrightError) as raised:
        read_library(tmp_path / "a.lib")
    assert words in str(raised.value)
    assert "a.lib" in str(raised.value)


def test_a_library_without_a_nand_has_no_gate_equivalents(tmp_path: Path) -> None:
    (tmp_path / "a.lib").write_text(MINI_LIBRARY.replace('"!(A*B)"', '"A*B"'))
    with pytest.raises(PulsewrightError, match="has no NAND of two inputs"):
        _ = read_library(tmp_path / "a.lib").nand2_area


def test_the_cells_of_sg13g2_are_read(sg13g2: Technology) -> None:
    library = read_library(sg13g2.corners[TYPICAL])
    assert library.voltage == 1.2
    assert library.nand2_area == 7.2576
    assert library.clock_gate is not None
    assert library.clock_gate.name == "sg13g2_lgcp_1"
    nand = library.smallest("1110")
    assert nand is not None
    # The file has 67.7793 pW for !A&B and so on; their mean stands beside them.
    assert nand.leakage == pytest.approx(0.0812456)
    # Between the entries 0.0129513 at 0.0966 ns and 0.0234 pF and its neighbours.
    rise = nand.outputs[0].arcs[0].delay["rise"]
    assert rise(0.0966, 0.0234) == pytest.approx(0.129513)


def test_the_cells_of_osu018_are_read() -> None:
    try:
        technology = OSU018.find(None)
    except PulsewrightError as error:
        pytest.skip(str(error))
    library = read_library(technology.corners[TYPICAL])
    assert (library.voltage, library.nand2_area, library.clock_gate) == (1.8, 24.0, None)
    assert library.cells["MUX2X1"].truth is not None


def test_a_library_tells_whether_it_has_energies(mini: CellLibrary, tmp_path: Path) -> None:
    assert mini.tells_energies
    path = tmp_path / "powerless.lib"
    path.write_text(MINI_LIBRARY.replace("internal_power", "another_group"))
    assert not read_library(path).tells_energies
    assert mini.tells_leakage
    path.write_text(without_leakage(MINI_LIBRARY))
    assert read_library(path).tells_energies
    assert not read_library(path).tells_leakage
