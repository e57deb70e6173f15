# SPDX-License-Identifier: Apache-2.0
"""The rule checker on traces written by hand: it must be able to fail."""

import pytest

from pulsewright.rtl.attachments.cv_x_if_v1 import CvXIfV1Signature
from pulsewright.sim.instructions.cv_x_if_v1_rules import CvXIfV1Rules

Cycle = dict[str, int]
QUIET: Cycle = dict.fromkeys(CvXIfV1Signature().members, 0) | {"compressed_ready": 1}
RD = 9


def play(*trace: Cycle) -> CvXIfV1Rules:
    rules = CvXIfV1Rules(id_bits=3)
    for cycle in trace:
        assert cycle.keys() <= QUIET.keys()
        rules.check(QUIET | cycle)
    return rules


def issued(number: int, accept: int = 1, hart: int = 0, **others: int) -> Cycle:
    return {
        "issue_valid": 1,
        "issue_ready": 1,
        "register_valid": 1,
        "register_ready": 1,
        "register_rs_valid": 3,
        "issue_req_id": number,
        "issue_req_hartid": hart,
        "issue_req_instr": RD << 7,
        "issue_resp_accept": accept,
        "issue_resp_writeback": accept,
        "issue_resp_register_read": 3 * accept,
        **others,
    }


def commit(number: int, kill: int = 0, hart: int = 0) -> Cycle:
    return {
        "commit_valid": 1,
        "commit_id": number,
        "commit_hartid": hart,
        "commit_commit_kill": kill,
    }


def result(number: int, hart: int = 0) -> Cycle:
    return {
        "result_valid": 1,
        "result_ready": 1,
        "result_id": number,
        "result_hartid": hart,
        "result_rd": RD,
        "result_we": 1,
    }


def test_a_decision_is_for_all_older_or_all_newer_instructions() -> None:
    rules = play(issued(6), issued(7), issued(0), commit(7), result(6), result(7))
    assert (rules.accepted, rules.committed, rules.killed, rules.results) == (3, 2, 0, 2)
    rules = play(issued(6), issued(7), issued(0), commit(7, kill=1), commit(6), result(6))
    assert (rules.committed, rules.killed, rules.results) == (1, 2, 1)


def test_another_hart_decides_on_its_own_instructions() -> None:
    rules = play(issued(1, hart=4), commit(1, kill=1, hart=5), commit(2, hart=4), result(1, hart=4))
    assert (rules.committed, rules.killed, rules.results) == (1, 0, 1)


@pytest.mark.parametrize(
    ("trace", "message"),
    [
        ([issued(1, register_ready=0)], "split from the issue interface"),
        ([issued(1, register_rs_valid=1)], "without a source register"),
        ([issued(1, register_valid=0)], "without a source register"),
        ([issued(1, accept=0, issue_resp_register_read=1)], "rejected instruction reads"),
        ([issued(1), issued(1)], "in flight already"),
        ([issued(1), commit(0), result(1)], "before its commit"),
        ([issued(1), commit(0, kill=1), result(1)], "which is not here"),
        ([issued(1, hart=2), commit(1, hart=2), result(1, hart=3)], "another hart"),
        ([{"compressed_resp_accept": 1}], "compressed_resp_accept is high"),
    ],
)
def test_a_broken_rule_fails(trace: list[Cycle], message: str) -> None:
    with pytest.raises(AssertionError, match=message):
        play(*trace)
