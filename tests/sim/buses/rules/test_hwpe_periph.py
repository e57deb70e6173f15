# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.hwpe_periph import HwpePeriphSignature
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.hwpe_periph import HwpePeriphRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(HwpePeriphSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(HwpePeriphRules(), SIGNALS, *trace)


def grant(number: int = 0) -> Cycle:
    return {"req": 1, "gnt": 1, "id": number}


def response(number: int = 0, data: int | None = 0) -> Cycle:
    return {"r_valid": 1, "r_id": number, "r_data": data}


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    rules = watch(
        {"reset": 1},
        {"gnt": 1},
        {"req": 1},
        grant(1),
        {},
        grant(0) | response(1),
        response(0) | {"gnt": 1},
        {"gnt": 1},
    )
    assert (rules.requests, rules.responses) == (2, 2)


def test_an_outstanding_request_is_counted_as_such() -> None:
    rules = watch(grant(), {}, {})
    assert (rules.requests, rules.responses) == (1, 0)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"reset": 1, **response()}], "high in reset"),
        ([{"reset": 1, "r_valid": None}], "high in reset"),
        ([response()], "response without a request"),
        ([{"req": 1}, response()], "response without a request"),
        ([grant() | response()], "response without a request"),
        ([grant(), response(), response()], "response without a request"),
        ([grant(), {"reset": 1}, response()], "response without a request"),
        ([grant(1), response(0)], "r_id does not mirror id"),
        ([grant(), {"gnt": 1}], "a grant while an access is in flight"),
        ([grant(), grant()], "a grant while an access is in flight"),
        ([{"gnt": None}], "unknown bits"),
        ([grant(), response(data=None)], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
