# SPDX-License-Identifier: Apache-2.0
"""The rules of each bus, proven of the attachment with any registers behind it.

A proof takes some seconds; by default one is run, and one of a planted fault.
"""

from functools import cache
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal import symbiyosys
from pulsewright.sim.formal.port_proof import PROVEN_BUSES, prove
from pulsewright.sim.formal.symbiyosys import Mode, Verdict, missing_programs
from tests.models import fold_model, random_model

needs_programs = pytest.mark.skipif(
    bool(missing_programs()),
    reason="SymbiYosys is not installed; it comes with the extra formal: make regression",
)
BOUNDED = 40
INDUCTION = 12
MAX_WAIT = 3


@cache
def design(bus: str, max_wait: int | None) -> tuple[AttachmentOptions, str]:
    model = random_model((3, 2, 1))
    options = AttachmentOptions(max_wait=max_wait, id_bits=3 if bus == "obi" else None)
    top = BusTop(model, fold_model(model, [(1, 1), (1, 1)]), bus, options)
    return options, to_verilog(top, "dut")


def checked(bus: str, mode: Mode, depth: int, folder: Path, max_wait: int | None = None) -> Verdict:
    options, verilog = design(bus, max_wait)
    return prove(verilog, "dut", bus, options, mode, depth, folder / "proof")


@needs_programs
@pytest.mark.parametrize(
    ("bus", "max_wait"),
    [
        ("apb", None),
        *(
            pytest.param(bus, max_wait, marks=pytest.mark.regression)
            for bus in PROVEN_BUSES
            for max_wait in (None, MAX_WAIT)
            if (bus, max_wait) != ("apb", None)
        ),
    ],
)
def test_the_port_keeps_its_rules_for_ever(bus: str, max_wait: int | None, tmp_path: Path) -> None:
    """By induction; with bounded waits whatever the registers do."""
    verdict = checked(bus, Mode.PROVE, INDUCTION, tmp_path, max_wait)
    assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("bus", PROVEN_BUSES)
def test_the_port_keeps_its_rules_in_every_sequence_of_forty_cycles(
    bus: str, tmp_path: Path
) -> None:
    """Where induction assumes that the manager takes responses in time, this does not."""
    verdict = checked(bus, Mode.BMC, BOUNDED, tmp_path)
    assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("bus", PROVEN_BUSES)
def test_what_is_assumed_leaves_room_for_traffic(bus: str, tmp_path: Path) -> None:
    """Refusals, writes, and requests that are open at the same time are all reached."""
    verdict = checked(bus, Mode.COVER, 20, tmp_path)
    assert verdict.holds, verdict.log[-2000:]


# What is taken out of the attachment's Verilog, or put in its place, and the rule that it breaks.
FAULTS = [
    ("apb", "assign port__pready = access & (", "assign port__pready = (", "PREADY in SETUP"),
    ("apb", "assign access = port__psel & port__penable", "assign access = port__psel", "SETUP"),
    ("apb", "assign port__pslverr = port__pready & (", "assign port__pslverr = (", "PSLVERR"),
    ("wishbone", "assign going = access & port__stall", "assign going = access", "two answers"),
    ("wishbone", "else port__err <= done & refused", "else port__err <= done", "ACK and ERR"),
    ("wishbone", "assign access = port__cyc & port__stb", "assign access = port__cyc", "no STB"),
    ("axi_lite", "taken | (port__bvalid & ~port__bready)", "taken", "BVALID taken back"),
    ("axi_lite", "port__bresp <= {refused, 1'h0}", "port__bresp <= {1'h0, refused}", "EXOKAY"),
    ("axi_lite", "offered & w_buffer_offered & (", "offered & (", "a response without data"),
    ("axi_lite", "held ? held_write : (", "(", "an access that changes while it waits"),
    ("obi", "assign port__gnt = ~waiting", "assign port__gnt = 1'h1", "granted with no room"),
    ("obi", "port__rid <= request_aid", "port__rid <= port__aid", "identifiers"),
    ("obi", "room = ~port__rvalid | port__rready", "room = 1'h1", "changed responses"),
]


@needs_programs
@pytest.mark.parametrize(
    ("bus", "right", "wrong"),
    [
        pytest.param(*fault[:3], id=fault[3], marks=() if i == 0 else pytest.mark.regression)
        for i, fault in enumerate(FAULTS)
    ],
)
def test_a_planted_fault_is_found(bus: str, right: str, wrong: str, tmp_path: Path) -> None:
    options, verilog = design(bus, None)
    assert verilog.count(right) == 1
    verdict = prove(
        verilog.replace(right, wrong), "dut", bus, options, Mode.BMC, 12, tmp_path / "proof"
    )
    assert not verdict.holds
    assert "Assert failed" in verdict.log


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("bus", PROVEN_BUSES)
def test_a_bound_that_is_counted_wrong_is_found(bus: str, tmp_path: Path) -> None:
    options, verilog = design(bus, MAX_WAIT)
    right = "assign refused = waits & (waited == 2'h3)"
    assert verilog.count(right) == 1
    wrong = verilog.replace(right, "assign refused = 1'h0")
    verdict = prove(wrong, "dut", bus, options, Mode.BMC, 16, tmp_path / "proof")
    assert not verdict.holds


def test_missing_programs_are_named(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(symbiyosys, "PROGRAMS", ("no-such-prover",))
    options, verilog = design("apb", None)
    with pytest.raises(PulsewrightError, match=r"no-such-prover is not installed; pip install"):
        prove(verilog, "dut", "apb", options, Mode.BMC, 1, tmp_path / "proof")
