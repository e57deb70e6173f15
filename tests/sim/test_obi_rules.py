# SPDX-License-Identifier: Apache-2.0
"""The rule checker on traces written by hand: it must be able to fail."""

from collections.abc import Coroutine, Generator
from types import SimpleNamespace
from typing import Any

import pytest

from sim import obi_rules
from sim.obi_rules import ObiRuleChecker

SIGNALS = {
    "rst_ni": 1,
    "obi_req_i": 0,
    "obi_gnt_o": 0,
    "obi_aid_i": 0,
    "obi_rvalid_o": 0,
    "obi_rready_i": 0,
    "obi_rdata_o": 0,
    "obi_err_o": 0,
    "obi_rid_o": 0,
}
Cycle = dict[str, int]


class Clock:
    """Awaits one cycle of the trace."""

    def __await__(self) -> Generator[None, None, None]:
        yield


async def at_once() -> None:
    pass


@pytest.fixture
def watch(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Plays a trace of cycles, each the signals that are not zero, to a checker."""
    started: list[Coroutine[Any, Any, None]] = []
    monkeypatch.setattr(obi_rules, "RisingEdge", lambda signal: Clock())
    monkeypatch.setattr(obi_rules, "ReadOnly", at_once)
    monkeypatch.setattr(obi_rules, "cocotb", SimpleNamespace(start_soon=started.append))

    def play(*trace: Cycle) -> ObiRuleChecker:
        dut = SimpleNamespace(clk_i=None)
        checker = ObiRuleChecker(dut)
        (process,) = started
        process.send(None)
        try:
            for cycle in trace:
                assert cycle.keys() <= SIGNALS.keys()
                for name, value in (SIGNALS | cycle).items():
                    setattr(dut, name, SimpleNamespace(value=value))
                process.send(None)
        finally:
            process.close()
        return checker

    return play


def grant(aid: int = 0) -> Cycle:
    return {"obi_req_i": 1, "obi_gnt_o": 1, "obi_aid_i": aid}


def response(rid: int = 0, data: int = 0, ready: int = 1, err: int = 0) -> Cycle:
    return {
        "obi_rvalid_o": 1,
        "obi_rid_o": rid,
        "obi_rdata_o": data,
        "obi_rready_i": ready,
        "obi_err_o": err,
    }


def test_a_trace_that_keeps_the_rules_is_counted(watch: Any) -> None:
    checker = watch(
        {"rst_ni": 0},
        {},
        {"obi_req_i": 1},
        grant(aid=1),
        grant(aid=0) | response(rid=1, data=5),
        response(rid=0, data=7, ready=0),
        response(rid=0, data=7, ready=0),
        response(rid=0, data=7),
        {},
    )
    assert (checker.requests, checker.responses) == (2, 2)


def test_an_outstanding_request_is_counted_as_such(watch: Any) -> None:
    checker = watch(grant(), {}, {})
    assert (checker.requests, checker.responses) == (1, 0)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([{"rst_ni": 0, **response()}], "high in reset"),
        ([response()], "response without a request"),
        ([{"obi_req_i": 1}, response()], "response without a request"),
        ([grant() | response()], "response without a request"),
        ([grant(), response(), response()], "response without a request"),
        ([grant(), {"rst_ni": 0}, response()], "response without a request"),
        ([grant(aid=1), response(rid=0)], "rid does not mirror aid"),
        ([grant(aid=1), grant(aid=0), response(rid=0)], "rid does not mirror aid"),
        ([grant(), response(ready=0), {}], "retracted"),
        ([grant(), response(data=1, ready=0), response(data=2)], "response changed"),
        ([grant(), response(err=0, ready=0), response(err=1)], "response changed"),
    ],
)
def test_a_broken_rule_fails(watch: Any, trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
