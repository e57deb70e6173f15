# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.wishbone import WishboneSignature
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.wishbone import WishboneRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(WishboneSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(WishboneRules(), SIGNALS, *trace)


def waiting(**request: int) -> Cycle:
    return {"cyc": 1, "stb": 1, "stall": 1, **request}


def done(**signals: int | None) -> Cycle:
    return {"cyc": 1, "stb": 1, "ack": 1, **signals}


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    rules = watch(
        {"reset": 1},
        {"cyc": 1},
        {"stb": 1},
        waiting(adr=4, we=1, dat_w=3),
        done(adr=4, we=1, dat_w=3),
        done(adr=8, dat_r=5, dat_w=9),
        {"cyc": 1, "stb": 1, "err": 1},
        {},
    )
    assert (rules.requests, rules.responses) == (3, 3)


def test_a_request_that_waits_is_counted_as_such() -> None:
    rules = watch(waiting(), waiting())
    assert (rules.requests, rules.responses) == (1, 0)


def test_a_reset_ends_a_cycle_and_what_is_not_written_may_change() -> None:
    assert watch(waiting(), {"reset": 1}, {}).responses == 0
    assert watch(waiting(dat_w=1), waiting(dat_w=2)).requests == 1


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"cyc": 1, "ack": 1}], "termination without CYC and STB"),
        ([{"stb": 1, "err": 1}], "termination without CYC and STB"),
        ([done(err=1)], "ACK and ERR are both high"),
        ([done(stall=1)], "STALL does not tell"),
        ([{"cyc": 1, "stb": 1}], "STALL does not tell"),
        ([waiting(), {"cyc": 1}], "given up"),
        ([waiting(adr=4), done(adr=8)], "request changed"),
        ([waiting(we=1, dat_w=4), done(we=1, dat_w=5)], "request changed"),
        ([waiting(sel=3), waiting(sel=1)], "request changed"),
        ([{"cyc": 1, "stb": 1, "ack": None}], "unknown bits"),
        ([done(dat_r=None)], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
