# SPDX-License-Identifier: Apache-2.0
from typing import Any

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.bus import Bus, Handshake, Source
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import (
    BUSES,
    INSTRUCTIONS,
    checked_id_bits,
    checked_options,
    known_bus,
    known_id_width,
    known_instruction,
)
from tests.rtl.package.packages import design


def ports_of_handshake(handshake: Handshake) -> set[str]:
    """Ports that it drives."""
    taken_by = {handshake.taken_by} if handshake.taken_by else set()
    return {*handshake.lowers, *handshake.frees, *taken_by}


@pytest.mark.parametrize("name", INSTRUCTIONS)
def test_an_execution_speaks_of_ports_that_are_there(name: str) -> None:
    interface, found = known_instruction(name), design(name)
    driven, observed = set(interface.idle), {interface.execution.data}
    for phase in interface.execution.phases:
        driven |= set(phase.drives)
        for handshake in phase.handshakes:
            driven |= ports_of_handshake(handshake)
            observed |= set(handshake.outputs)
    if interface.id_width is not None:
        observed.add(interface.id_width.answer)
    assert driven <= {port.name for port in found.bus_ports if port.is_input}
    assert observed <= {port.name for port in found.bus_ports if not port.is_input}


def ports_of(protocol: Bus) -> tuple[set[str], set[str]]:
    """Ports that the table drives, and ports that it looks at."""
    driven, observed = set(protocol.idle), set()
    for access in (protocol.read, protocol.write):
        observed |= {access.refusal.output} | ({access.data} if access.data else set())
        for phase in access.phases:
            driven |= set(phase.drives)
            for handshake in phase.handshakes:
                driven |= ports_of_handshake(handshake)
                observed |= set(handshake.outputs)
    if protocol.id_width is not None:
        observed.add(protocol.id_width.answer)
    return driven, observed


@pytest.mark.parametrize("bus", BUSES)
def test_the_table_speaks_of_ports_that_are_there(bus: str) -> None:
    driven, observed = ports_of(known_bus(bus))
    inputs = {port.name for port in design(bus).bus_ports if port.is_input}
    outputs = {port.name for port in design(bus).bus_ports if not port.is_input}
    assert driven <= inputs
    assert observed <= outputs


@pytest.mark.parametrize("bus", BUSES)
def test_a_phase_lowers_what_it_raised_as_a_request(bus: str) -> None:
    """A request that stays high after its handshake would be a second one."""
    protocol = known_bus(bus)
    for access in (protocol.read, protocol.write):
        raised = {p for phase in access.phases for p, level in phase.drives.items() if level == 1}
        lowered = {p for phase in access.phases for h in phase.handshakes for p in h.lowers}
        assert {p for p in raised if p.endswith(("req_i", "valid_i", "sel_i", "cyc_i"))} <= lowered


def test_an_unknown_bus_is_refused() -> None:
    with pytest.raises(
        PulsewrightError, match="'vme' is not a memory-mapped attachment; choose one of obi"
    ):
        known_bus("vme")


@pytest.mark.parametrize("name", [*BUSES, *INSTRUCTIONS])
def test_identifiers_are_as_wide_as_the_standard_allows(name: str) -> None:
    width = known_id_width(name)
    if width is None:
        assert checked_id_bits(name, None) is None
        return
    assert width.lowest <= width.default <= width.highest
    assert checked_id_bits(name, None) == width.default
    for bits in (width.lowest, width.highest):
        assert checked_id_bits(name, bits) == bits


@pytest.mark.parametrize(
    ("name", "bits", "sentence"),
    [
        ("obi", 0, "id_bits = 0; obi has identifiers of 1 to 32 bits"),
        ("obi", 33, "id_bits = 33; obi has identifiers of 1 to 32 bits"),
        ("cv_x_if", 2, "id_bits = 2; cv_x_if has identifiers of 3 to 32 bits"),
        (
            "apb",
            3,
            "id_bits = 3, and apb has no identifiers; leave it out, or choose one of obi, "
            "hwpe_periph, cv_x_if, cv_x_if_v1",
        ),
    ],
)
def test_other_identifiers_are_refused_in_one_sentence(name: str, bits: int, sentence: str) -> None:
    with pytest.raises(PulsewrightError) as caught:
        checked_id_bits(name, bits)
    assert str(caught.value) == sentence


def test_options_are_completed_by_the_defaults() -> None:
    assert checked_options("apb").given == {}
    assert checked_options("obi").given == {"id_bits": 1}
    assert checked_options("obi", AttachmentOptions(id_bits=3)).given == {"id_bits": 3}
    asked = AttachmentOptions(addressing="word")
    assert checked_options("wishbone", asked).given == {
        "addressing": "word",
        "termination": "synchronous",
    }
    assert checked_options("pcpi").given == {}
    bounded = checked_options("obi", AttachmentOptions(max_wait=8))
    assert bounded.given == {"id_bits": 1, "max_wait": 8}
    assert bounded.of_port == {"id_bits": 1}


@pytest.mark.parametrize(
    ("name", "max_wait", "sentence"),
    [
        ("apb", 0, "max_wait = 0; an access may wait 1 to 65535 cycles"),
        ("apb", 65536, "max_wait = 65536; an access may wait 1 to 65535 cycles"),
        (
            "cv_x_if",
            8,
            "max_wait = 8, and cv_x_if is no bus: a core waits for its instruction; leave it out, "
            f"or choose one of {', '.join(BUSES)}",
        ),
    ],
)
def test_a_bound_that_cannot_be_is_refused_in_one_sentence(
    name: str, max_wait: int, sentence: str
) -> None:
    with pytest.raises(PulsewrightError) as caught:
        checked_options(name, AttachmentOptions(max_wait=max_wait))
    assert str(caught.value) == sentence


def test_jobs_are_an_option_of_buses() -> None:
    infers = checked_options("apb", AttachmentOptions(jobs="infer"))
    assert (infers.given, infers.of_port) == ({"jobs": "infer"}, {})
    assert checked_options("apb", AttachmentOptions(jobs="all")).given == {}
    with pytest.raises(PulsewrightError) as caught:
        checked_options("pcpi", AttachmentOptions(jobs="infer"))
    assert str(caught.value) == (
        'jobs = "infer", and pcpi is no bus: behind an instruction there are all jobs; leave it '
        f"out, or choose one of {', '.join(BUSES)}"
    )


@pytest.mark.parametrize(
    ("name", "options", "sentence"),
    [
        ("apb", {"fifo_depth": 1}, "fifo_depth = 1; the result FIFO holds 2 to 128 vectors"),
        ("apb", {"fifo_depth": 129}, "fifo_depth = 129; the result FIFO holds 2 to 128 vectors"),
        (
            "obi",
            {"fifo_depth": 2, "jobs": "infer"},
            'fifo_depth = 2, and jobs = "infer" has no result FIFO; leave one of them out',
        ),
        (
            "pcpi",
            {"fifo_depth": 2},
            "fifo_depth = 2, and pcpi is no bus: behind an instruction it is always 8; leave it "
            f"out, or choose one of {', '.join(BUSES)}",
        ),
        (
            "cv_x_if",
            {"input_map": "hardware"},
            'input_map = "hardware", and cv_x_if is no bus: an instruction takes codes; leave it '
            f"out, or choose one of {', '.join(BUSES)}",
        ),
        (
            "apb",
            {"input_map": "hardware", "max_wait": 7},
            'max_wait = 7, and with input_map = "hardware" an access waits up to 8 cycles for the '
            "codes before it; raise max_wait to that",
        ),
    ],
)
def test_an_option_that_cannot_be_is_refused_in_one_sentence(
    name: str, options: dict[str, Any], sentence: str
) -> None:
    with pytest.raises(PulsewrightError) as caught:
        checked_options(name, AttachmentOptions(**options))
    assert str(caught.value) == sentence
    deep = checked_options("apb", AttachmentOptions(fifo_depth=128))
    assert (deep.given, deep.of_port) == ({"fifo_depth": 128}, {})


def test_the_place_of_the_input_map_is_an_option_of_buses() -> None:
    mapped = checked_options("apb", AttachmentOptions(input_map="hardware", max_wait=8))
    assert (mapped.given, mapped.of_port) == ({"input_map": "hardware", "max_wait": 8}, {})
    assert checked_options("apb", AttachmentOptions(input_map="software")).given == {}


@pytest.mark.parametrize("name", [*BUSES, *INSTRUCTIONS])
def test_complete_options_stay_as_they_are(name: str) -> None:
    complete = checked_options(name)
    assert checked_options(name, complete) == complete


def test_an_option_of_another_bus_is_refused_in_one_sentence() -> None:
    with pytest.raises(PulsewrightError) as caught:
        checked_options("apb", AttachmentOptions(termination="asynchronous"))
    assert str(caught.value) == (
        "termination = 'asynchronous', and apb has no such choice; leave it out, or choose one of "
        "wishbone"
    )


def test_word_addresses_lack_the_two_lowest_bits() -> None:
    bus = known_bus("wishbone")
    assert bus.chosen(checked_options("wishbone")) == bus
    words = bus.chosen(checked_options("wishbone", AttachmentOptions(addressing="word")))
    for access in (words.read, words.write):
        assert access.phases[0].drives["wb_adr_i"] is Source.WORD_ADDRESS
        assert Source.ADDRESS not in access.phases[0].drives.values()
    assert words.write.phases[0].drives["wb_dat_i"] is Source.DATA
