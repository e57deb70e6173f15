# SPDX-License-Identifier: Apache-2.0
"""Counts beside those of a loop over all moments, on waveforms that no gates need have made."""

import tempfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.netlist import Netlist, net_text
from pulsewright.synth.energy.activity import Activity
from pulsewright.synth.energy.events import HELD, events_of
from pulsewright.synth.energy.models import GateModel
from pulsewright.synth.energy.waveform import Waveform
from tests.synth.mini_library import MINI_LIBRARY

START, STOP = 10, 60
CELLS = {
    "NAND2": {"A": 2, "B": 3, "Y": 4},
    "XOR2": {"A": 2, "B": 3, "Y": 4},
    "DFFR": {"D": 2, "RN": 3, "CK": 5, "Q": 4},
    "GATE": {"E": 2, "CK": 5, "G": 4},
}
STATES = {"DFFR": ("IQ",), "GATE": (HELD,)}


@pytest.fixture(scope="module")
def library(tmp_path_factory: pytest.TempPathFactory) -> CellLibrary:
    path = tmp_path_factory.mktemp("library") / "mini.lib"
    path.write_text(MINI_LIBRARY)
    return read_library(path)


def netlist_of(cell: str, library: CellLibrary) -> Netlist:
    pins = {pin: [net] for pin, net in CELLS[cell].items()}
    ports = {f"p{net}": {"direction": "input", "bits": [net]} for net in (2, 3, 5)}
    module = {
        "ports": {**ports, "y_o": {"direction": "output", "bits": [4]}},
        "netnames": {},
        "cells": {"g": {"type": cell, "connections": pins}},
    }
    return Netlist("top", module, library)


def dump(values: dict[str, list[bool]], path: Path) -> Waveform:
    """values: of each signal at every moment from 0 on."""
    lines = [f"$var wire 1 c{place} {name} $end" for place, name in enumerate(values)]
    lines.append("$enddefinitions $end")
    moments = len(next(iter(values.values())))
    for moment in range(moments):
        lines.append(f"#{moment}")
        lines += [f"{int(one[moment])}c{place}" for place, one in enumerate(values.values())]
    path.write_text("\n".join((*lines, "")))
    return Waveform(path)


@given(st.sampled_from(sorted(CELLS)), st.data())
def test_events_are_those_that_a_loop_finds(
    library: CellLibrary, cell: str, data: st.DataObject
) -> None:
    netlist = netlist_of(cell, library)
    gates = GateModel(netlist)
    signals = {pin: net_text(net) for pin, net in CELLS[cell].items()}
    signals |= {state: gates.signal("g", state) for state in STATES.get(cell, ())}
    moved = st.lists(st.booleans(), min_size=70, max_size=70)
    values = {pin: data.draw(moved) for pin in signals}
    others = {net_text(net): [False] * 70 for net in netlist.sinks}
    with tempfile.TemporaryDirectory() as folder:
        named = others | {signals[pin]: column for pin, column in values.items()}
        waveform = dump(named, Path(folder) / "waves.vcd")
    activity = Activity(netlist, gates, waveform, START, STOP)
    counted = [(one.event, one.counts) for one in activity.events]
    expected = []
    for event in events_of(library.cells[cell]):
        counts = [0] * len(event.cases)
        for moment in range(START, STOP):
            before = {pin: column[moment - 1] for pin, column in values.items()}
            rose = values[event.pin][moment]
            if rose == before[event.pin] or rose != (event.edge == "rise"):
                continue
            seen = before | {event.pin: rose}
            held = (place for place, one in enumerate(event.cases) if one[0].value(seen))
            place = next(held, None)
            if place is not None:
                counts[place] += 1
        expected.append((event, counts))
    assert counted == expected
    net = CELLS[cell]["CK" if "CK" in CELLS[cell] else "A"]
    column = values["CK" if "CK" in CELLS[cell] else "A"]
    pairs = list(zip(column[START - 1 : STOP - 1], column[START:STOP], strict=True))
    assert activity.edges[net, "rise"] == pairs.count((False, True))
    assert activity.edges[net, "fall"] == pairs.count((True, False))
