# SPDX-License-Identifier: Apache-2.0
"""A checker of the rules that the coprocessor side of the CORE-V eXtension interface must hold."""

from collections.abc import Mapping
from dataclasses import dataclass

RESULT = ("result_id", "result_data", "result_rd", "result_we")
NEVER: tuple[str, ...] = (
    "issue_resp_dualwrite",
    "issue_resp_dualread",
    "issue_resp_loadstore",
    "issue_resp_ecswrite",
    "issue_resp_exc",
    "compressed_resp_accept",
    "mem_valid",
    "result_ecswe",
    "result_exc",
    "result_err",
    "result_dbg",
)


@dataclass
class Issued:
    """An instruction that was accepted: what its result has to name, and whether it may come."""

    rd: int
    writeback: int
    committed: bool = False


class CvXIfRules:
    """Of version 0.2. Told the signals of every clock cycle; a broken rule is an AssertionError.

    Checked: a rejected instruction has no writeback; a result belongs to an accepted and committed
    instruction, with its id, rd and write enable, and comes once; a killed instruction has none;
    a result that waits is neither retracted nor changed; nothing that the coprocessor never uses.

    accepted, committed, killed, results: what there was so far. NEVER: signals that stay low.
    """

    NEVER = NEVER

    def __init__(self) -> None:
        self.accepted = self.committed = self.killed = self.results = 0
        self.issued: dict[int, Issued] = {}
        self._held: tuple[int, ...] | None = None

    def reset(self, signals: Mapping[str, int]) -> None:
        """A cycle of reset, which ends whatever was going on."""
        assert not signals["result_valid"], "result_valid is high in reset"
        self.issued.clear()
        self._held = None

    def check(self, signals: Mapping[str, int]) -> None:
        """A cycle out of reset: the values that the clock edge at its end samples."""
        for name in self.NEVER:
            assert not signals[name], f"{name} is high"
        if signals["compressed_valid"]:
            assert signals["compressed_ready"], "a compressed instruction waits for ever"
        if signals["issue_valid"] and signals["issue_ready"]:
            writeback = signals["issue_resp_writeback"]
            if signals["issue_resp_accept"]:
                # The same id once more: the core flushed the one that waited under it.
                self.issued[signals["issue_req_id"]] = Issued(
                    signals["issue_req_instr"] >> 7 & 31, writeback
                )
                self.accepted += 1
            else:
                assert not writeback, "writeback for a rejected instruction"
        self._check_result(signals)
        if signals["commit_valid"]:
            for number in self.decided(signals):
                self._decide(number, kill=bool(signals["commit_commit_kill"]))

    def decided(self, signals: Mapping[str, int]) -> list[int]:
        """Identifiers of the instructions that a commit is meant for."""
        return [signals["commit_id"]]

    def _decide(self, number: int, kill: bool) -> None:
        issued = self.issued.get(number)
        if issued is None or issued.committed:
            return
        if kill:
            del self.issued[number]
            self.killed += 1
        else:
            issued.committed = True
            self.committed += 1

    def _check_result(self, signals: Mapping[str, int]) -> None:
        if not signals["result_valid"]:
            assert self._held is None, "result_valid was retracted"
            return
        result = tuple(signals[name] for name in RESULT)
        assert self._held in (None, result), f"the result changed: {self._held} to {result}"
        number, _, rd, write_enable = result
        issued = self.issued.get(number)
        assert issued is not None, f"a result for id {number}, which is not here"
        assert issued.committed, f"a result for id {number} before its commit"
        assert (rd, write_enable) == (issued.rd, issued.writeback), (
            f"rd and we {(rd, write_enable)}, issued with {(issued.rd, issued.writeback)}"
        )
        self._held = result
        if signals["result_ready"]:
            del self.issued[number]
            self._held = None
            self.results += 1
