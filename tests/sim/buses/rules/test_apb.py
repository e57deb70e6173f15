# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.apb import ApbSignature
from pulsewright.sim.buses.rules.apb import ApbRules
from pulsewright.sim.buses.rules.bus_rules import BusRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(ApbSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(ApbRules(), SIGNALS, *trace)


def setup(**request: int) -> Cycle:
    return {"psel": 1, **request}


def access(ready: int = 1, **signals: int | None) -> Cycle:
    return {"psel": 1, "penable": 1, "pready": ready, **signals}


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    write = {"paddr": 8, "pwrite": 1, "pwdata": 5, "pstrb": 15}
    rules = watch(
        {"reset": 1},
        {"penable": 1},
        setup(**write),
        access(0, **write),
        access(0, **write),
        access(**write),
        setup(paddr=4),
        access(paddr=4, prdata=7, pslverr=1),
        {},
    )
    assert (rules.requests, rules.responses) == (2, 2)


def test_a_transfer_that_waits_is_counted_as_such() -> None:
    rules = watch(setup(), access(0))
    assert (rules.requests, rules.responses) == (1, 0)


def test_a_reset_ends_a_transfer() -> None:
    assert watch(setup(), access(0), {"reset": 1}, {}).responses == 0


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([setup(pready=1)], "PREADY is high outside ACCESS"),
        ([{"pready": 1}], "PREADY is high outside ACCESS"),
        ([setup(), access(0, pslverr=1)], "PSLVERR is high without PREADY"),
        ([access()], "ACCESS without SETUP"),
        ([setup(), access(), access()], "ACCESS without SETUP"),
        ([setup(), setup()], "SETUP lasts longer"),
        ([setup(), access(0), {}], "given up"),
        ([setup(), {}], "given up"),
        ([setup(paddr=4), access(paddr=8)], "request changed"),
        ([setup(pwrite=1), access(0, pwrite=1), access(0, pwrite=1, pwdata=1)], "request changed"),
        ([setup(pstrb=1)], "PSTRB is high in a read"),
        ([setup(), {"psel": 1, "penable": 1, "pready": None}], "unknown bits"),
        ([setup(), access(prdata=None)], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
