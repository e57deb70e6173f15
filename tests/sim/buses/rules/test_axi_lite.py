# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.axi_lite import AxiLiteSignature
from pulsewright.sim.buses.rules.axi_lite import AxiLiteRules
from pulsewright.sim.buses.rules.bus_rules import BusRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(AxiLiteSignature().members)
AW: Cycle = {"awvalid": 1, "awready": 1}
W: Cycle = {"wvalid": 1, "wready": 1}
AR: Cycle = {"arvalid": 1, "arready": 1}
B: Cycle = {"bvalid": 1, "bready": 1}
R: Cycle = {"rvalid": 1, "rready": 1}


def watch(*trace: Cycle) -> BusRules:
    return play(AxiLiteRules(), SIGNALS, *trace)


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    rules = watch(
        {"reset": 1},
        # Nobody looks at a payload that is not valid.
        {"awaddr": None, "wdata": None, "rdata": None, "awready": 1},
        {"wvalid": 1, "wdata": 3},
        W | {"wdata": 3},
        AW | AR,
        {"bvalid": 1, "bresp": 2} | R | AW,
        B | {"bresp": 2} | W,
        B | AR,
        {"rvalid": 1, "rdata": 7},
        R | {"rdata": 7},
        {},
    )
    assert (rules.requests, rules.responses) == (4, 4)


def test_outstanding_requests_are_counted_as_such() -> None:
    rules = watch(AW, AW | W | AR, {})
    assert (rules.requests, rules.responses) == (3, 0)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"reset": 1, "bvalid": 1}], "valid in reset"),
        ([{"reset": 1, "rvalid": None}], "valid in reset"),
        ([B], "bvalid before aw"),
        ([AW, B], "bvalid before w"),
        ([W, B], "bvalid before aw"),
        ([AW | W | B], "bvalid before aw"),
        ([AW | W, B, B], "bvalid before aw"),
        ([R], "rvalid before ar"),
        ([AR | R], "rvalid before ar"),
        ([AR, R, R], "rvalid before ar"),
        ([AR, {"reset": 1}, R], "rvalid before ar"),
        ([AR, {"rvalid": 1}, {}], "rvalid was retracted"),
        ([AW | W, {"bvalid": 1}, {}], "bvalid was retracted"),
        ([{"awvalid": 1}, {}], "awvalid was retracted"),
        ([AR, {"rvalid": 1, "rdata": 1}, R | {"rdata": 2}], "r payload changed"),
        ([AW | W, {"bvalid": 1}, B | {"bresp": 2}], "b payload changed"),
        ([{"wvalid": 1, "wdata": 1}, W], "w payload changed"),
        ([AR, R | {"rresp": 3}], "rresp is 3"),
        ([AW | W, B | {"bresp": 1}], "bresp is 1"),
        ([{"arready": None}], "unknown bits"),
        ([AR, R | {"rdata": None}], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
