# SPDX-License-Identifier: Apache-2.0
"""The rules on traces written by hand: they must be able to fail."""

import pytest

from pulsewright.rtl.attachments.obi import ObiSignature
from pulsewright.sim.buses.rules.bus_rules import BusRules
from pulsewright.sim.buses.rules.obi_manager import ObiManagerRules
from tests.sim.buses.rules.traces import Cycle, play

SIGNALS = tuple(ObiSignature().members)


def watch(*trace: Cycle) -> BusRules:
    return play(ObiManagerRules(), SIGNALS, *trace)


def read(address: int = 4, granted: int = 0, be: int = 15, aid: int = 0) -> Cycle:
    return {"req": 1, "gnt": granted, "addr": address, "be": be, "aid": aid, "wdata": None}


def write(data: int = 7, granted: int = 0, be: int = 15) -> Cycle:
    return read(granted=granted, be=be) | {"we": 1, "wdata": data}


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    watched = watch(
        {"reset": 1},
        {},
        {"gnt": 1},
        read(),
        read(granted=1),
        write(granted=1),
        *(write(granted=1, be=be) for be in (1, 2, 4, 8, 3, 6, 12, 7, 14)),
        read(granted=1, be=5),
        read(),
        {"reset": 1},
        {},
    )
    assert watched.requests == 12


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([read(), {}], "R-3.1.2"),
        ([read(4), read(8)], "R-3.1.1"),
        ([read(), read(be=3)], "R-3.1.1"),
        ([read(), read(aid=1)], "R-3.1.1"),
        ([read(), write()], "R-3.1.1"),
        ([write(1), write(2)], "R-3.1.1"),
        ([read(be=0)], "R-7: no byte"),
        ([write(be=5)], "R-7: the bytes 0b101 "),
        ([write(be=9)], "have a gap"),
        ([write(be=13)], "have a gap"),
        ([write() | {"wdata": None}], "unknown bits"),
        ([read() | {"gnt": None}], "unknown bits"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        watch(*trace)
