# SPDX-License-Identifier: Apache-2.0
import dataclasses
import sys
from functools import cache

import pytest

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.bench_vectors import vector_codes
from pulsewright.rtl.package.bus_recording import IDLE_CYCLES, BusRecording, record_inference
from pulsewright.rtl.package.design import packaged_design
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.tops import coprocessor_top
from tests.models import changed, fold_model, random_model
from tests.rtl.package.packages import design, network


@cache
def recorded(bus: str, which: str) -> BusRecording:
    found = design(bus, which)
    return record_inference(BusTop(*network(which), bus), found, vector_codes(found.model)[-1])


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize(
    ("bus", "which"),
    [
        *((bus, "plain") for bus in BUSES),
        ("obi", "other"),
        *(
            pytest.param(bus, "other", marks=pytest.mark.regression)
            for bus in BUSES
            if bus != "obi"
        ),
    ],
)
def test_the_recorded_results_are_those_of_the_model(bus: str, which: str) -> None:
    found = design(bus, which)
    codes = vector_codes(found.model)[-1]
    recording = recorded(bus, which)
    assert recording.results == found.model.infer(codes.reshape(1, -1))[0].tolist()
    assert set(recording.levels) == {port.name for port in found.ports}
    assert {len(levels) for levels in recording.levels.values()} == {recording.cycles + IDLE_CYCLES}
    accesses = len(found.register_map.input_addresses) + found.model.sizes[-1]
    # The last store and the first load enclose the job.
    assert recording.cycles > found.folded.latency + accesses
    assert recording.cycles <= found.folded.latency + 3 * accesses + 2


@pytest.mark.parametrize("bus", BUSES)
def test_the_levels_are_those_of_the_bus(bus: str) -> None:
    found = design(bus)
    codes = vector_codes(found.model)[-1]
    levels = recorded(bus, "plain").levels
    addresses = found.register_map.input_addresses
    port = next(p for p in found.bus_ports if (p.is_input and "add" in p.name) or "adr" in p.name)
    seen = list(dict.fromkeys(levels[port.name]))
    assert [address for address in seen if address >= 0x80][: len(addresses)] == addresses
    data = found.protocol.read.data
    assert data is not None
    expected = found.model.infer(codes.reshape(1, -1))[0, 0]
    assert int(expected) & 0xFFFF_FFFF in levels[data]
    assert set(levels["rst_ni"]) == {1}


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize("which", ["plain", "reloadable"])
@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_an_instruction_brings_the_first_result(name: str, which: str) -> None:
    found = design(name, which)
    codes = vector_codes(found.model)[-1]
    recording = record_inference(coprocessor_top(name, *network(which)), found, codes)
    assert recording.results == [found.model.infer(codes.reshape(1, -1))[0, 0]]
    words = len(found.register_map.input_addresses)
    # W + L + 2, and on CV-X-IF one more from the issue to the commit; both ends are counted.
    longest = words + found.folded.latency + 2 + 1 + 1
    assert longest - 1 <= recording.cycles <= longest


def test_hardware_that_differs_from_the_model_is_not_recorded() -> None:
    found = design()
    last = found.model.layers[-1]
    other = changed(
        found.model, layers=(*found.model.layers[:-1], changed(last, bias=last.bias + 1))
    )
    wrong = dataclasses.replace(found, model=other)
    with pytest.raises(RuntimeError, match=r"pulse_obi answered .* the model says"):
        record_inference(BusTop(*network("plain"), "obi"), wrong, vector_codes(other)[-1])


@pytest.mark.regression
def test_thousands_of_multipliers_are_recorded() -> None:
    """A row of 2000 weights is a signal of 16 000 bits, whose mask Python refuses to write."""
    model = random_model((100, 40), weight_width=8)
    folded = fold_model(model, [(40, 50)])
    top = BusTop(model, folded, "obi")
    limit = sys.get_int_max_str_digits()
    codes = vector_codes(model)[-1]
    recording = record_inference(top, packaged_design(top, model, "many", "obi"), codes)
    assert recording.results == model.infer(codes.reshape(1, -1))[0].tolist()
    assert sys.get_int_max_str_digits() == limit
