# SPDX-License-Identifier: Apache-2.0
"""A core on the CORE-V eXtension interface 0.2: issues, commits or kills, and takes results."""

import random
from dataclasses import dataclass
from typing import Any

from amaranth.lib.wiring import Out
from cocotb.triggers import Timer

from pulsewright.rtl.attachments.registry import instruction_attachment_class
from pulsewright.sim.instructions.cv_x_if_rules import CvXIfRules
from pulsewright.sim.instructions.reference import Instruction
from pulsewright.sim.instructions.stepped_clock import SteppedClock

Range = tuple[int, int]


@dataclass(frozen=True)
class Pace:
    """Cycles that the core lets pass, each drawn from a range (lowest, highest).

    operands: until rs_valid. commit: from the issue to the commit, 0 in the same cycle.
    result: with result_ready low. before: idle, before the issue.
    """

    operands: Range = (0, 0)
    commit: Range = (1, 1)
    result: Range = (0, 0)
    before: Range = (0, 0)


class CvXIfDriver:
    """One instruction after the other, each with the next id.

    longest_wait: clock cycles without an answer after which a test fails instead of hanging.
    id_bits: X_ID_WIDTH of the device. ATTACHMENT: whose ports it drives.
    """

    ATTACHMENT = "cv_x_if"

    def __init__(self, dut: Any, longest_wait: int, gated: bool = False, seed: int = 0) -> None:
        self.dut = dut
        self.longest_wait = longest_wait
        self.clock = SteppedClock(dut, gated)
        self.draw = random.Random(seed)
        # Of the present instruction, and of the newest that the core has issued to anyone.
        self.number = self.newest = 0
        self.signals: dict[str, int] = {}
        kind = instruction_attachment_class(self.ATTACHMENT)
        members = kind.SIGNATURE().members.items()
        self._inputs = [name for name, member in members if member.flow is Out]
        self._handles = {name: getattr(dut, port) for name, port in kind.verilog_ports().items()}
        self.id_bits = len(self._handles["issue_req_id"])
        self.rules = self.new_rules()

    def new_rules(self) -> CvXIfRules:
        """The checker of this version."""
        return CvXIfRules()

    def request(
        self, instruction: Instruction, rs1: int, rs2: int, rs_valid: int
    ) -> dict[str, int]:
        """Inputs that present an instruction with the present number."""
        return {
            "issue_valid": 1,
            "issue_req_instr": instruction.word,
            "issue_req_id": self.number,
            "issue_req_mode": 3,
            "issue_req_rs": rs2 << 32 | rs1,
            "issue_req_rs_valid": rs_valid,
        }

    def commit(self, killed: bool) -> dict[str, int]:
        """Inputs that decide on the instruction with the present number."""
        return {
            "commit_valid": 1,
            "commit_id": self.number,
            "commit_commit_kill": int(killed),
        }

    def presented(self, instruction: Instruction) -> dict[str, int]:
        """The same with all operands."""
        return self.request(instruction, instruction.rs1, instruction.rs2, 0b11)

    def decision(self) -> dict[str, int]:
        """Inputs that commit the present instruction and no other."""
        newest = self.newest
        decision = {**self.commit(killed=False), "commit_id": self.number}
        self.newest = newest
        return decision

    def numbers_beside(self, bit: int) -> int:
        """Go on to the next identifier; another one, which differs from it in this bit alone."""
        self.number = (self.newest + 1) % (1 << self.id_bits)
        self.newest = self.number ^ 1 << bit
        return self.newest

    async def taken_result(self, early: bool, **inputs: int) -> int:
        """The value of rd, when it has come and was taken. early: `result_ready` is high before.

        inputs: that stay as they are.
        """
        ready = early
        for _ in range(self.longest_wait):
            signals = await self.cycle(None, **inputs, result_ready=int(ready))
            if signals["result_valid"]:
                if ready:
                    return signals["result_data"]
                ready = True
        raise AssertionError(f"no result after {self.longest_wait} cycles")

    async def cycle(
        self, when_taken: dict[str, int] | None = None, **inputs: int
    ) -> dict[str, int]:
        """One clock cycle with these inputs, all others low; the signals at its end.

        when_taken: further inputs if `issue_ready` is high, which does not depend on them.
        """
        for name in self._inputs:
            self._handles[name].value = inputs.get(name, 0)
        if when_taken:
            await Timer(1, unit="ps")
            if bool(self._handles["issue_ready"].value):
                for name, value in when_taken.items():
                    self._handles[name].value = value
        await self.clock.cycle(self._sample)
        return self.signals

    def _sample(self) -> None:
        in_reset = not bool(self.dut.rst_ni.value)
        self.signals = {
            name: int(handle.value)
            for name, handle in self._handles.items()
            # Data of a result that is not there may be anything.
            if name != "result_data" or bool(self._handles["result_valid"].value)
        }
        (self.rules.reset if in_reset else self.rules.check)(self.signals)

    async def reset(self) -> None:
        """Two cycles of reset."""
        gated, self.clock.gated = self.clock.gated, False
        self.dut.rst_ni.value = 0
        for _ in range(2):
            await self.cycle()
        self.dut.rst_ni.value = 1
        self.clock.gated = gated

    async def idle(self, cycles: int) -> None:
        """Nothing asked."""
        for _ in range(cycles):
            await self.cycle()

    async def execute(
        self, instruction: Instruction, pace: Pace = Pace(), killed: bool = False
    ) -> tuple[int | None, int]:
        """The value of rd and the cycles from the issue to the result.

        The value is None for an instruction that was rejected or killed.
        """
        self.number = self.newest = (self.newest + 1) % (1 << self.id_bits)
        await self.idle(self.draw.randint(*pace.before))
        commit_after = self.draw.randint(*pace.commit)
        commit = self.commit(killed)
        accepted = await self._issue(instruction, pace, commit if commit_after == 0 else {})
        passed = 1
        if commit_after:
            await self.idle(commit_after - 1)
            await self.cycle(None, **commit)
            passed = commit_after + 1
        if not accepted or killed:
            return None, passed
        not_ready = self.draw.randint(*pace.result)
        arrived: int | None = None
        for cycle in range(passed, passed + self.longest_wait):
            signals = await self.cycle(result_ready=int(not_ready <= 0 and arrived is not None))
            if signals["result_valid"]:
                arrived = cycle if arrived is None else arrived
                if signals["result_ready"]:
                    return signals["result_data"], arrived
                not_ready -= 1
        raise AssertionError(f"no result of {instruction} after {self.longest_wait} cycles")

    async def _issue(self, instruction: Instruction, pace: Pace, commit: dict[str, int]) -> bool:
        """Present the instruction until it is taken; true if it was accepted."""
        arrival = [self.draw.randint(*pace.operands) for _ in range(2)]
        for cycle in range(self.longest_wait):
            rs1_valid, rs2_valid = (cycle >= a for a in arrival)
            rs1 = instruction.rs1 if rs1_valid else ~instruction.rs1 & 0xFFFF_FFFF
            rs2 = instruction.rs2 if rs2_valid else ~instruction.rs2 & 0xFFFF_FFFF
            request = self.request(instruction, rs1, rs2, rs2_valid << 1 | rs1_valid)
            signals = await self.cycle(commit, **request)
            if signals["issue_ready"]:
                return bool(signals["issue_resp_accept"])
        raise AssertionError(f"{instruction} is never taken")
