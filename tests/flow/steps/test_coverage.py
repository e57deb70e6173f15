# SPDX-License-Identifier: Apache-2.0
from collections import Counter

from pulsewright.flow.steps.coverage import of_design, spans, summary
from pulsewright.flow.steps.coverage_result import CoverageChoice, CoverageResult, Hole, Reached
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.sim.coverage.points import Point, PointKind
from pulsewright.synth.mutants.mutant import Part

JOBS, ENGINE = "top_coprocessor_job_queue", "top_coprocessor_engine"
VERILOG = ["reg [3:0] count;", "if (full) count <= 0;", "wire other;"]


def toggle(signal: str, module: str = JOBS, line: int = 1) -> Point:
    return Point(PointKind.TOGGLE, module, line, 5, signal)


CHANGES = [toggle(f"count[{bit}]:{way}") for bit in range(4) for way in ("0->1", "1->0")]
LINE = Point(PointKind.LINE, JOBS, 2, 1, "if")
OTHER = toggle("other:0->1", ENGINE, 3)
NOTHING = dict.fromkeys([*CHANGES, LINE, OTHER], 0)
# The bit 3 is never moved; 2 by the second bench alone, and up alone.
COUNTS = {
    BenchKind.PACKAGE: Counter(NOTHING | dict.fromkeys(CHANGES[:4], 2)),
    BenchKind.COCOTB: Counter(NOTHING | {CHANGES[0]: 1, CHANGES[4]: 9, OTHER: 1}),
}


def test_benches_are_put_together_and_constants_are_set_aside() -> None:
    found = summary(COUNTS, frozenset({(JOBS, "count", 3)}), VERILOG)
    both = (BenchKind.PACKAGE, BenchKind.COCOTB)
    assert found["reached"] == (
        Reached(
            part=Part.ENGINE,
            kind=PointKind.TOGGLE,
            points=1,
            constant=0,
            by=dict(zip(both, (0, 1), strict=True)),
            by_any=1,
        ),
        Reached(
            part=Part.JOBS,
            kind=PointKind.LINE,
            points=1,
            constant=0,
            by=dict(zip(both, (0, 0), strict=True)),
            by_any=0,
        ),
        Reached(
            part=Part.JOBS,
            kind=PointKind.TOGGLE,
            points=8,
            constant=2,
            by=dict(zip(both, (4, 2), strict=True)),
            by_any=5,
        ),
    )
    hole = Hole(
        part=Part.JOBS, kind=PointKind.TOGGLE, module=JOBS, line=1, what="count, bit 2", points=1
    )
    line = Hole(part=Part.JOBS, kind=PointKind.LINE, module=JOBS, line=2, what="if", points=1)
    assert found["holes"] == (hole, line)
    choice = CoverageChoice(rows=4, seed=0, benches=both)
    result = CoverageResult.model_validate({"choice": choice, "made_from": {}, **found})
    assert result.share(PointKind.TOGGLE) == 6 / 7
    assert result.share(PointKind.LINE) == 0
    assert result.share(PointKind.BRANCH) is None


def test_a_constant_that_changed_is_counted() -> None:
    """At the start of a simulation, which is no fault of the bench."""
    found = summary(COUNTS, frozenset({(JOBS, "count", 0)}), VERILOG)
    *_, toggles = found["reached"]
    assert isinstance(toggles, Reached)
    assert (toggles.constant, toggles.by_any) == (0, 5)


def test_points_of_a_bench_are_none_of_the_design() -> None:
    points = [toggle("a:0->1", name) for name in ("top", JOBS, "top_tb", "top_attachment", "x")]
    counts = {BenchKind.PACKAGE: Counter(dict.fromkeys(points, 1))}
    modules = [point.module for point in of_design(counts, "top")[BenchKind.PACKAGE]]
    assert modules == ["top", JOBS, "top_attachment"]


def test_numbers_in_few_words() -> None:
    assert spans([3]) == "3"
    assert spans([0, 1, 4, 8, 9, 10]) == "0 to 1, 4, 8 to 10"
