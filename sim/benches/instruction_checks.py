# SPDX-License-Identifier: Apache-2.0
"""What the benches of all instruction attachments check alike."""

import time
from dataclasses import dataclass
from typing import Any, Protocol

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.sim.bench_files import BenchFolder, BenchOutcome
from pulsewright.sim.instructions.reference import Instruction
from pulsewright.sim.instructions.rows import InstructionRows

PROGRESS_ROWS = 100
# Of a reset in mid-instruction after the instruction's start, in cycles.
LONGEST_DELAY = 80


class InstructionDriver(Protocol):
    """What plays the core: (value of rd, cycles) of an instruction."""

    clock: Any

    async def reset(self) -> None:
        """Reset the coprocessor."""

    async def execute(self, instruction: Instruction) -> tuple[int | None, int]:
        """Execute one instruction."""


@dataclass(frozen=True)
class CheckedRows:
    """outcome: of the comparison. cycles: that one instruction or another took."""

    outcome: BenchOutcome
    cycles: frozenset[int]

    def verify(self, longest: int, folded: FoldedEngine) -> None:
        """No row may differ, and the cycles must be those of the formula."""
        assert self.outcome.mismatches == 0, self.outcome.first_mismatch
        # What an incremental engine does not compute again takes no cycles.
        assert max(self.cycles) == longest, self.cycles
        assert folded.incremental or self.cycles == {longest}, self.cycles


async def start_coprocessor(
    driver: InstructionDriver, rows: InstructionRows, folded: FoldedEngine
) -> None:
    """Reset the coprocessor, and load its weights if they are reloadable."""
    await driver.reset()
    for store in rows.weight_stores(folded):
        await driver.execute(store)


async def infer_rows(
    driver: InstructionDriver, rows: InstructionRows, folder: BenchFolder
) -> CheckedRows:
    """One instruction an inference, on all rows."""
    scoreboard = rows.scoreboard()
    cycles: set[int] = set()
    started = time.perf_counter()
    for row, instruction in enumerate(rows.infers()):
        value, passed = await driver.execute(instruction)
        scoreboard.check([rows.result(value)])
        cycles.add(passed)
        if row % PROGRESS_ROWS == 0:
            folder.report_progress(row)
    scoreboard.finish()
    outcome = scoreboard.outcome(
        clock_cycles=driver.clock.cycles, seconds=time.perf_counter() - started
    )
    return CheckedRows(outcome, frozenset(cycles))
