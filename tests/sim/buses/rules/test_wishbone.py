# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.wishbone import WishboneSignature
from pulsewright.rtl.buses.options import Termination
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.wishbone import WishboneRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(WishboneSignature().members)
IDLE: Cycle = {"stall": 1}
TERMINATIONS: tuple[Termination, ...] = ("synchronous", "asynchronous")


def watch(*trace: Cycle, termination: Termination = "asynchronous") -> BusRules:
    return play(WishboneRules(termination), SIGNALS, *trace)


def waiting(**request: int) -> Cycle:
    return {"cyc": 1, "stb": 1, "stall": 1, **request}


def done(**signals: int | None) -> Cycle:
    return {"cyc": 1, "stb": 1, "ack": 1, **signals}


@pytest.mark.parametrize("termination", TERMINATIONS)
def test_a_trace_that_keeps_the_rules_is_counted(termination: Termination) -> None:
    rules = watch(
        {"reset": 1},
        {"cyc": 1, **IDLE},
        {"stb": 1, **IDLE},
        waiting(adr=4, we=1, dat_w=3),
        done(adr=4, we=1, dat_w=3),
        waiting(adr=8, dat_w=7),
        done(adr=8, dat_r=5, dat_w=9),
        waiting(),
        {"cyc": 1, "stb": 1, "err": 1},
        IDLE,
        termination=termination,
    )
    assert (rules.requests, rules.responses) == (3, 3)


def test_asynchronous_terminations_come_in_the_cycle_of_their_request() -> None:
    assert watch(done(adr=4), done(adr=8), {}).responses == 2


@pytest.mark.parametrize("termination", TERMINATIONS)
def test_a_request_that_waits_is_counted_as_such(termination: Termination) -> None:
    rules = watch(waiting(), waiting(), termination=termination)
    assert (rules.requests, rules.responses) == (1, 0)


@pytest.mark.parametrize("termination", TERMINATIONS)
def test_a_reset_ends_a_cycle_and_what_is_not_written_may_change(termination: Termination) -> None:
    assert watch(waiting(), {"reset": 1}, IDLE, termination=termination).responses == 0
    assert watch(waiting(dat_w=1), waiting(dat_w=2), termination=termination).requests == 1


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"cyc": 1, "ack": 1}], "termination without CYC and STB"),
        ([{"stb": 1, "err": 1}], "termination without CYC and STB"),
        ([waiting(), done(err=1)], "ACK and ERR are both high"),
        ([waiting(), waiting(), {"cyc": 1, **IDLE}], "given up"),
        ([waiting(adr=4), done(adr=8)], "request changed"),
        ([waiting(we=1, dat_w=4), done(we=1, dat_w=5)], "request changed"),
        ([waiting(sel=3), waiting(sel=1)], "request changed"),
        ([{"cyc": 1, "stb": 1, "ack": None}], "unknown bits"),
        ([waiting(), done(dat_r=None)], "unknown bits"),
    ],
)
@pytest.mark.parametrize("termination", TERMINATIONS)
def test_a_broken_rule_fails(trace: list[Cycle], message: str, termination: Termination) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace, termination=termination)


@pytest.mark.parametrize("trace", [[done(stall=1)], [{"cyc": 1, "stb": 1}]])
def test_stall_tells_whether_the_request_waits(trace: list[Cycle]) -> None:
    with pytest.raises(AssertionError, match="STALL does not tell"):
        watch(*trace)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([done()], "in the cycle in which the request arrives"),
        ([waiting(), done(), done()], "lasts longer than a cycle"),
        ([waiting(), done(), {"ack": 1}], "lasts longer than a cycle"),
        ([{}], "STALL follows something else"),
        ([waiting(), done(stall=1)], "STALL follows something else"),
        ([{"cyc": 1, "stb": 1}], "STALL follows something else"),
    ],
)
def test_a_synchronous_termination_is_a_register(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace, termination="synchronous")
