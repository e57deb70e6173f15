# SPDX-License-Identifier: Apache-2.0
"""A checker of the rules that the coprocessor side of CV-X-IF 1.0 must hold."""

from collections.abc import Mapping

from pulsewright.sim.instructions.cv_x_if_rules import CvXIfRules


class CvXIfV1Rules(CvXIfRules):
    """As of version 0.2, and what differs.

    A commit is for its identifier and all older ones, a kill for it and all newer ones; the
    register interface is one transaction with the issue interface; source registers are asked for
    in accepted instructions only; a result names the hart that issued the instruction.

    id_bits: X_ID_WIDTH.
    """

    NEVER = ("compressed_resp_accept",)

    def __init__(self, id_bits: int) -> None:
        super().__init__()
        self._ids = 1 << id_bits
        self._harts: dict[int, int] = {}

    def check(self, signals: Mapping[str, int]) -> None:
        """A cycle out of reset: the values that the clock edge at its end samples."""
        assert signals["register_ready"] == signals["issue_ready"], (
            "the register interface is split from the issue interface"
        )
        if signals["issue_valid"] and signals["issue_ready"]:
            read = signals["issue_resp_register_read"]
            if signals["issue_resp_accept"]:
                valid = signals["register_rs_valid"] if signals["register_valid"] else 0
                assert read & ~valid == 0, "accepted without a source register that it reads"
                number = signals["issue_req_id"]
                assert number not in self.issued, f"id {number} is in flight already"
                self._harts[number] = signals["issue_req_hartid"]
            else:
                assert not read, "a rejected instruction reads source registers"
        super().check(signals)
        if signals["result_valid"]:
            hart = self._harts[signals["result_id"]]
            assert signals["result_hartid"] == hart, "the result is for another hart"

    def decided(self, signals: Mapping[str, int]) -> list[int]:
        """Those in flight up to the identifier, or from it on if it is a kill."""
        number, kill = signals["commit_id"], signals["commit_commit_kill"]
        return [
            issued
            for issued in self.issued
            if signals["commit_hartid"] == self._harts[issued]
            and (issued == number or self._is_newer(issued, number) == bool(kill))
        ]

    def _is_newer(self, one: int, other: int) -> bool:
        return 0 < (one - other) % self._ids < self._ids // 2
