# SPDX-License-Identifier: Apache-2.0
"""The rule checker on traces written by hand: it must be able to fail."""

import pytest

from pulsewright.sim.instructions.pcpi_rules import PcpiRules

OURS, FOREIGN = 0x0B, 0x33
Cycle = dict[str, int]
QUIET: Cycle = dict.fromkeys(("valid", "insn", "wr", "wait", "ready"), 0)


def play(*trace: Cycle) -> PcpiRules:
    rules = PcpiRules(lambda word: word == OURS)
    for cycle in trace:
        rules.check(QUIET | cycle)
    return rules


def shown(insn: int = OURS, wait: int = 1, ready: int = 0, wr: int | None = None) -> Cycle:
    return {
        "valid": 1,
        "insn": insn,
        "wait": wait,
        "ready": ready,
        "wr": ready if wr is None else wr,
    }


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    foreign = shown(FOREIGN, wait=0)
    assert play({}, shown(), shown(ready=1), {}, foreign, shown(ready=1), {}).taken == 2


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([shown(wait=0)], "wait is low"),
        ([shown(), shown(wait=0)], "wait is low"),
        ([shown(ready=1), shown(ready=1)], "was answered"),
        ([shown(ready=1, wr=0)], "wr and ready"),
        ([shown(wr=1)], "wr and ready"),
        ([shown(FOREIGN)], "wait is high"),
        ([shown(FOREIGN, wait=0, ready=1, wr=0)], "ready is high"),
        ([shown(FOREIGN, wait=0, wr=1)], "wr is high"),
        ([{"ready": 1}], "ready is high"),
        ([{"wait": 1}], "wait is high"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        play(*trace)


def test_a_reset_ends_what_was_going_on() -> None:
    rules = play(shown(ready=1))
    rules.reset(QUIET)
    rules.check(QUIET | shown(ready=1))
    with pytest.raises(AssertionError, match="high in reset"):
        rules.reset(QUIET | shown(ready=1))
