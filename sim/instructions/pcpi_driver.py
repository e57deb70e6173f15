# SPDX-License-Identifier: Apache-2.0
"""A core on PCPI: presents an instruction until it is answered, or gives it up."""

from typing import Any

from pulsewright.sim.instructions.pcpi_rules import PcpiRules
from pulsewright.sim.instructions.reference import Instruction, InstructionReference
from pulsewright.sim.instructions.stepped_clock import SteppedClock

OUTPUTS = ("wr", "wait", "ready")
# PicoRV32 takes an instruction for an illegal one after so many cycles without `wait`.
GIVEN_UP_AFTER = 16


class PcpiDriver:
    """One instruction after the other.

    longest_wait: clock cycles without an answer after which a test fails instead of hanging.
    """

    def __init__(
        self, dut: Any, reference: InstructionReference, longest_wait: int, gated: bool = False
    ) -> None:
        self.dut = dut
        self.longest_wait = longest_wait
        self.clock = SteppedClock(dut, gated)
        self.rules = PcpiRules(lambda word: reference.operation(word) is not None)
        self.signals: dict[str, int] = {}

    async def cycle(self, instruction: Instruction | None) -> dict[str, int]:
        """One clock cycle; the signals at its end."""
        presented = instruction or Instruction(0)
        dut = self.dut
        dut.pcpi_valid_i.value = int(instruction is not None)
        dut.pcpi_insn_i.value = presented.word
        dut.pcpi_rs1_i.value = presented.rs1
        dut.pcpi_rs2_i.value = presented.rs2

        def sample() -> None:
            self.signals = {name: int(getattr(dut, f"pcpi_{name}_o").value) for name in OUTPUTS}
            self.signals["rd"] = int(dut.pcpi_rd_o.value) if self.signals["ready"] else 0
            seen = {**self.signals, "valid": int(instruction is not None), "insn": presented.word}
            in_reset = not bool(dut.rst_ni.value)
            (self.rules.reset if in_reset else self.rules.check)(seen)

        await self.clock.cycle(sample)
        return self.signals

    async def reset(self) -> None:
        """Two cycles of reset."""
        gated, self.clock.gated = self.clock.gated, False
        self.dut.rst_ni.value = 0
        await self.idle(2)
        self.dut.rst_ni.value = 1
        self.clock.gated = gated

    async def idle(self, cycles: int) -> None:
        """No instruction."""
        for _ in range(cycles):
            await self.cycle(None)

    async def execute(self, instruction: Instruction) -> tuple[int | None, int]:
        """The value of rd (None if nobody answers) and the cycles from the first to the answer."""
        silent = 0
        for cycle in range(self.longest_wait):
            signals = await self.cycle(instruction)
            if signals["ready"]:
                await self.cycle(None)
                return signals["rd"], cycle
            silent = 0 if signals["wait"] else silent + 1
            if silent == GIVEN_UP_AFTER:
                await self.cycle(None)
                return None, cycle
        raise AssertionError(f"no answer to {instruction} after {self.longest_wait} cycles")
