# SPDX-License-Identifier: Apache-2.0
"""The rule checker on traces written by hand: it must be able to fail."""

import pytest

from pulsewright.rtl.attachments.cv_x_if import CvXIfSignature
from pulsewright.sim.instructions.cv_x_if_rules import NEVER, CvXIfRules

Cycle = dict[str, int]
QUIET: Cycle = dict.fromkeys(CvXIfSignature().members, 0) | {"compressed_ready": 1}
RD = 9


def play(*trace: Cycle) -> CvXIfRules:
    rules = CvXIfRules()
    for cycle in trace:
        assert cycle.keys() <= QUIET.keys()
        rules.check(QUIET | cycle)
    return rules


def issued(number: int, accept: int = 1, ready: int = 1, writeback: int | None = None) -> Cycle:
    return {
        "issue_valid": 1,
        "issue_ready": ready,
        "issue_req_id": number,
        "issue_req_instr": RD << 7,
        "issue_resp_accept": accept,
        "issue_resp_writeback": accept if writeback is None else writeback,
    }


def commit(number: int, kill: int = 0) -> Cycle:
    return {"commit_valid": 1, "commit_id": number, "commit_commit_kill": kill}


def result(number: int, data: int = 5, ready: int = 1, rd: int = RD, we: int = 1) -> Cycle:
    return {
        "result_valid": 1,
        "result_ready": ready,
        "result_id": number,
        "result_data": data,
        "result_rd": rd,
        "result_we": we,
    }


def test_a_trace_that_keeps_the_rules_is_counted() -> None:
    rules = play(
        issued(1, ready=0),
        issued(1),
        issued(2, accept=0) | commit(1),
        commit(2, kill=1),
        result(1, ready=0),
        result(1, ready=0),
        result(1),
        issued(3) | commit(3, kill=1),
        issued(3),
        {},
        # Flushed without a kill, and its id used again.
        issued(3) | commit(3),
        result(3),
    )
    assert (rules.accepted, rules.committed, rules.killed, rules.results) == (4, 2, 1, 2)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([result(1)], "not here"),
        ([issued(1), result(1)], "before its commit"),
        ([issued(1) | commit(1) | result(1)], "before its commit"),
        ([issued(1), commit(1, kill=1), result(1)], "not here"),
        ([issued(1), commit(1), result(2)], "not here"),
        ([issued(1), commit(1), result(1), result(1)], "not here"),
        ([issued(1, ready=0), commit(1), result(1)], "not here"),
        ([issued(1, accept=0), commit(1), result(1)], "not here"),
        ([issued(1), commit(1), result(1, ready=0), {}], "retracted"),
        ([issued(1), commit(1), result(1, 5, ready=0), result(1, 6)], "result changed"),
        ([issued(1), commit(1), result(1, rd=8)], "rd and we"),
        ([issued(1), commit(1), result(1, we=0)], "rd and we"),
        ([issued(1, accept=0, writeback=1)], "writeback for a rejected"),
        ([{"compressed_valid": 1, "compressed_ready": 0}], "waits for ever"),
        *(([{name: 1}], name) for name in NEVER),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        play(*trace)


def test_a_reset_ends_what_was_going_on() -> None:
    rules = CvXIfRules()
    rules.check(QUIET | issued(1) | commit(1))
    rules.check(QUIET | result(1, ready=0))
    rules.reset(QUIET)
    rules.check(QUIET)
    with pytest.raises(AssertionError, match="not here"):
        rules.check(QUIET | result(1))
    with pytest.raises(AssertionError, match="high in reset"):
        rules.reset(QUIET | result(1))
