# SPDX-License-Identifier: Apache-2.0
"""What the tests of a run put side by side: rows by way, models, vectors, proofs, mutants.

Counted where the product does it, so that no test need say what it did. A way is what computed the
rows that were compared with the integer model.
"""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from functools import wraps
from typing import Any, NamedTuple

import pytest

from pulsewright.flow.steps import coverage
from pulsewright.flow.steps.coverage_result import CoverageResult
from pulsewright.hls_model.hls_cpp.emulator import Emulator
from pulsewright.sim import runner
from pulsewright.sim.bench_files import BenchFolder
from pulsewright.sim.coverage.points import PointKind
from pulsewright.sim.engines.run import WrittenEngines
from pulsewright.sim.formal import symbiyosys
from pulsewright.sim.mutants.cocotb_bench import CocotbBench
from pulsewright.sim.mutants.package_bench import PackageBench
from pulsewright.sim.soc import session
from pulsewright.sim.volume import program

# The property of a test's report.
COMPARED = "compared"


class Tally:
    """Of the tests of one process; a test takes what was counted up to its end."""

    def __init__(self) -> None:
        self.counts: Counter[str] = Counter()
        self.models: set[str] = set()

    def add(self, what: str, count: int = 1, models: Iterable[str] = ()) -> None:
        """Count `what`, found with models of these digests."""
        self.counts[what] += count
        self.models.update(models)

    def take(self) -> tuple[dict[str, int], list[str]]:
        """What was counted, which is counted anew from here."""
        taken = dict(self.counts), sorted(self.models)
        self.counts.clear()
        self.models.clear()
        return taken


def _count_after(
    patch: pytest.MonkeyPatch, owner: Any, name: str, count: Callable[..., None]
) -> None:
    """Call count(what it returned, *its arguments) whenever owner.name returns."""
    counted = getattr(owner, name)

    @wraps(counted)
    def call(*arguments: Any, **named: Any) -> Any:
        returned = counted(*arguments, **named)
        count(returned, *arguments, **named)
        return returned

    patch.setattr(owner, name, call)


def count_everything(tally: Tally, patch: pytest.MonkeyPatch) -> None:
    """Until `patch` is undone."""

    def bench(
        _: object,
        simulator: Any,
        top: object,
        benches: object,
        folder: Any,
        *__: object,
        **___: object,
    ) -> None:
        files = BenchFolder(folder)
        rows = sum(outcome.rows for outcome in files.outcomes().values())
        tally.add(f"rows of a cocotb bench on {simulator.value}", rows, [files.model().digest])

    def engines(
        outcomes: Any, written: WrittenEngines, simulator: Any, *_: object, **__: object
    ) -> None:
        digests = [engine.model.digest for engine in written.engines]
        rows = sum(outcome.results for outcome in outcomes)
        tally.add(f"rows of a plain bench on {simulator.value}", rows, digests)

    def kernel(results: Any, emulator: Emulator, *_: object, **__: object) -> None:
        tally.add("rows of the C++ kernel", len(results), [emulator.model.digest])

    def volume(result: program.VolumeResult, *_: object, **__: object) -> None:
        tally.add("vectors at full pace on verilator", result.vectors)

    def firmware(
        _: object, one: session.SocSession, __: str, physical: Any, *___: object, **____: object
    ) -> None:
        tally.add("rows of firmware in a SoC", len(physical), [one.model.digest])

    def proven(verdict: symbiyosys.Verdict, *_: object, **__: object) -> None:
        tally.add("proofs that hold" if verdict.holds else "proofs that a planted fault breaks")

    def covered(result: CoverageResult, *_: object, **__: object) -> None:
        for kind in PointKind:
            found = result.of(kind)
            counted = sum(one.points - one.constant for one in found)
            tally.add(f"points of kind {kind.value} that can be reached", counted)
            tally.add(f"points of kind {kind.value} reached", sum(one.by_any for one in found))
        for point in result.functional:
            tally.add("bins of the functional coverage", len(point.hits))
            tally.add("bins of it that were met", len(point.hits) - len(point.holes))

    def mutant(*_: object, **__: object) -> None:
        tally.add("mutants simulated")

    _count_after(patch, runner, "_simulate", bench)
    _count_after(patch, WrittenEngines, "run", engines)
    _count_after(patch, Emulator, "infer", kernel)
    _count_after(patch, program.VolumeResult, "model_validate_json", volume)
    _count_after(patch, session.SocSession, "run", firmware)
    _count_after(patch, symbiyosys, "Verdict", proven)
    _count_after(patch, coverage, "put_together", covered)
    for one in (PackageBench, CocotbBench):
        _count_after(patch, one, "verdict", mutant)


class Compared(NamedTuple):
    """What all tests of a run compared, by what they are."""

    counts: Counter[str]
    models: set[str]

    def add(self, counts: Mapping[str, int], models: Iterable[str]) -> None:
        """Take in what one test compared."""
        self.counts.update(counts)
        self.models.update(models)

    def lines(self) -> list[str]:
        """A table: what, and how many."""
        rows = [*sorted(self.counts.items()), ("different models", len(self.models))]
        return [f"{what:44}{count:>14,}" for what, count in rows if count]
