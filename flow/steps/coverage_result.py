# SPDX-License-Identifier: Apache-2.0
"""What benches reached: points by part and kind, and the holes."""

from collections.abc import Sequence

from pydantic import BaseModel, ConfigDict, JsonValue

from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.sim.coverage.points import PointKind
from pulsewright.synth.mutants.mutant import Part


class CoverageChoice(BaseModel):
    """What was asked for. rows: drawn, of the cocotb benches. seed: of the rows."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    rows: int
    seed: int
    benches: tuple[BenchKind, ...]


class Reached(BaseModel):
    """Points of one kind in one part.

    constant: toggles of bits that are constants of the design, which no bench can reach. by:
    reached by each bench. by_any: by any of them.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: Part
    kind: PointKind
    points: int
    constant: int
    by: dict[BenchKind, int]
    by_any: int


class Hole(BaseModel):
    """What no bench reached, and is no constant.

    what: its kind, or a signal and its bits. statement: the line of the Verilog.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    part: Part
    kind: PointKind
    module: str
    line: int
    what: str
    statement: str
    points: int


class FunctionalPoint(BaseModel):
    """One cover point of the cocotb benches. hits: how often each of its bins was met."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: str
    hits: dict[str, int]

    @property
    def holes(self) -> Sequence[str]:
        """Bins that nothing met."""
        return [name for name, hits in self.hits.items() if not hits]


class CoverageResult(BaseModel):
    """made_from: digests of the Verilog, the bench and the code.

    functional: cover points of the cocotb benches, none if they did not run or have none.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    choice: CoverageChoice
    made_from: dict[str, JsonValue]
    reached: tuple[Reached, ...]
    holes: tuple[Hole, ...]
    functional: tuple[FunctionalPoint, ...] = ()

    def of(self, kind: PointKind) -> Sequence[Reached]:
        """Of all parts."""
        return [one for one in self.reached if one.kind is kind]

    def share(self, kind: PointKind) -> float | None:
        """Reached by any bench, of what is no constant; None if there are no such points."""
        counted = sum(one.points - one.constant for one in self.of(kind))
        return sum(one.by_any for one in self.of(kind)) / counted if counted else None

    @property
    def functional_share(self) -> float | None:
        """Bins of all cover points that were met; None if there are none."""
        hits = [hits for point in self.functional for hits in point.hits.values()]
        return sum(hit > 0 for hit in hits) / len(hits) if hits else None
