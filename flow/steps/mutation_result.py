# SPDX-License-Identifier: Apache-2.0
"""What planted faults showed: each of them with the verdict of each bench, and scores by part."""

from collections.abc import Sequence
from enum import StrEnum
from typing import NamedTuple

from pydantic import BaseModel, ConfigDict, JsonValue

from pulsewright.sim.mutants.verdict import Verdict
from pulsewright.synth.mutants.mutant import Mutant, Part


class BenchKind(StrEnum):
    """PACKAGE: the plain Verilog bench of the package, on Icarus. COCOTB: ours, on Verilator."""

    PACKAGE = "package"
    COCOTB = "cocotb"


class MutationChoice(BaseModel):
    """What was asked for.

    mutants: at most, in `parts`. seed: of the choice and of the rows. rows: drawn, of the cocotb
    benches. jobs: simulations beside each other.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    mutants: int
    seed: int
    rows: int
    jobs: int
    benches: tuple[BenchKind, ...]
    parts: tuple[Part, ...] = tuple(Part)


class JudgedMutant(BaseModel):
    """equivalent: no bench saw it, and it is proven to change nothing."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    mutant: Mutant
    verdicts: dict[BenchKind, Verdict]
    equivalent: bool


class Score(NamedTuple):
    """Of a bench and a part, or all parts. counted: mutants that are not proven equivalent."""

    counted: int
    detected: int

    @property
    def share(self) -> float | None:
        """Detected of those that are counted; None if there are none."""
        return self.detected / self.counted if self.counted else None


class MutationResult(BaseModel):
    """All faults, in the order of their numbers. made_from: digests of the Verilog and the code."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    choice: MutationChoice
    made_from: dict[str, JsonValue]
    mutants: tuple[JudgedMutant, ...]

    def of(self, part: Part | None) -> Sequence[JudgedMutant]:
        """Those of a part; of all parts if it is None."""
        return [one for one in self.mutants if part is None or one.mutant.part is part]

    def score(self, kind: BenchKind, part: Part | None = None) -> Score:
        """Of a bench."""
        counted = [one for one in self.of(part) if not one.equivalent]
        seen = [one for one in counted if one.verdicts[kind] is not Verdict.SURVIVED]
        return Score(len(counted), len(seen))

    def survivors(self, kind: BenchKind) -> Sequence[Mutant]:
        """Faults that the bench did not see and that are not proven to change nothing."""
        return [
            one.mutant
            for one in self.mutants
            if not one.equivalent and one.verdicts[kind] is Verdict.SURVIVED
        ]
