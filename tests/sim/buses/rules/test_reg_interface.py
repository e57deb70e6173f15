# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.reg_interface import RegInterfaceSignature
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.reg_interface import RegInterfaceRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(RegInterfaceSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(RegInterfaceRules(), SIGNALS, *trace)


def waiting(**request: int) -> Cycle:
    return {"valid": 1, **request}


def done(**signals: int | None) -> Cycle:
    return {"valid": 1, "ready": 1, **signals}


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    rules = watch(
        {"reset": 1},
        {"addr": 4},
        waiting(addr=4, write=1, wdata=3, wstrb=15),
        done(addr=4, write=1, wdata=3, wstrb=15),
        done(addr=8, rdata=5),
        done(error=1),
        {},
    )
    assert (rules.requests, rules.responses) == (3, 3)


def test_an_access_that_waits_is_counted_as_such() -> None:
    rules = watch(waiting(), waiting())
    assert (rules.requests, rules.responses) == (1, 0)


def test_a_reset_ends_an_access_and_what_is_not_written_may_change() -> None:
    assert watch(waiting(), {"reset": 1}, {}).responses == 0
    assert watch(waiting(wdata=1, wstrb=1), waiting(wdata=2, wstrb=0)).requests == 1


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"ready": 1}], "READY is high without VALID"),
        ([waiting(error=1)], "ERROR is high without READY"),
        ([{"error": 1}], "ERROR is high without READY"),
        ([waiting(), {}], "given up"),
        ([waiting(addr=4), done(addr=8)], "request changed"),
        ([waiting(write=1), waiting(write=0)], "request changed"),
        ([waiting(write=1, wdata=4), done(write=1, wdata=5)], "request changed"),
        ([waiting(write=1, wstrb=3), waiting(write=1, wstrb=1)], "request changed"),
        ([{"valid": 1, "ready": None}], "unknown bits"),
        ([done(rdata=None)], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
