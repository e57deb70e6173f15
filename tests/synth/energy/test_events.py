# SPDX-License-Identifier: Apache-2.0
from itertools import product

from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.energy.events import HELD, events_of, moves_output


def test_inputs_share_the_energy_of_an_output(mini: CellLibrary) -> None:
    events = list(events_of(mini.cells["NAND2"]))
    assert [(one.pin, one.edge, one.share) for one in events] == [
        *(("Y", "rise", 0.5), ("Y", "fall", 0.5)),
        *(("Y", "rise", 0.5), ("Y", "fall", 0.5)),
    ]
    assert all(one.is_unconditional for one in events)


def test_a_reset_is_no_cause(mini: CellLibrary) -> None:
    events = list(events_of(mini.cells["DFFR"]))
    of_output = [one for one in events if one.pin == "Q"]
    assert [one.share for one in of_output] == [1.0, 1.0]
    assert [one.cases[0][1](0.1, 0.0) for one in of_output] == [0.010, 0.020]


def test_conditions_come_before_what_has_none(mini: CellLibrary) -> None:
    event = next(events_of(mini.cells["XOR2"]))
    energies = [table(0.1, 0.0) for _, table in event.cases]
    assert energies == [0.03, 0.01, 0.010]
    assert [when.value({"B": True}) for when, _ in event.cases] == [True, False, True]


def test_what_moves_an_output_is_in_its_energy(mini: CellLibrary) -> None:
    nand = moves_output(mini.cells["NAND2"], "A")
    assert [nand.value({"B": b}) for b in (False, True)] == [False, True]
    flip_flop = moves_output(mini.cells["DFFR"], "CK")
    for d, state in product((False, True), repeat=2):
        assert flip_flop.value({"D": d, "IQ": state}) == (d != state)
    assert not moves_output(mini.cells["DFFR"], "D").value({})
    assert moves_output(mini.cells["GATE"], "CK").pins == {HELD}
