# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.obi import ObiSignature
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.obi import ObiRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(ObiSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(ObiRules(), SIGNALS, *trace)


def grant(aid: int = 0) -> Cycle:
    return {"req": 1, "gnt": 1, "aid": aid}


def response(rid: int = 0, data: int = 0, ready: int = 1, err: int = 0) -> Cycle:
    return {
        "rvalid": 1,
        "rid": rid,
        "rdata": data,
        "rready": ready,
        "err": err,
    }


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    checker = watch(
        {"reset": 1},
        {},
        {"req": 1},
        grant(aid=1),
        grant(aid=0) | response(rid=1, data=5),
        response(rid=0, data=7, ready=0),
        response(rid=0, data=7, ready=0),
        response(rid=0, data=7),
        {},
    )
    assert (checker.requests, checker.responses) == (2, 2)


def test_an_outstanding_request_is_counted_as_such() -> None:
    checker = watch(grant(), {}, {})
    assert (checker.requests, checker.responses) == (1, 0)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"reset": 1, **response()}], "high in reset"),
        ([response()], "response without a request"),
        ([{"req": 1}, response()], "response without a request"),
        ([grant() | response()], "response without a request"),
        ([grant(), response(), response()], "response without a request"),
        ([grant(), {"reset": 1}, response()], "response without a request"),
        ([grant(aid=1), response(rid=0)], "rid does not mirror aid"),
        ([grant(aid=1), grant(aid=0), response(rid=0)], "rid does not mirror aid"),
        ([grant(), response(ready=0), {}], "retracted"),
        ([grant(), response(data=1, ready=0), response(data=2)], "response changed"),
        ([grant(), response(err=0, ready=0), response(err=1)], "response changed"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
