# SPDX-License-Identifier: Apache-2.0
from collections import Counter
from collections.abc import Iterable

from pulsewright.flow.steps.coverage_result import CoverageChoice, CoverageResult, Hole, Reached
from pulsewright.flow.steps.coverage_summary import MeasuredDesign, of_design, spans, summary
from pulsewright.flow.steps.mutation_result import BenchKind
from pulsewright.sim.coverage.points import Counts, Point, PointKind
from pulsewright.synth.mutants.mutant import Part

JOBS, ENGINE = "top_coprocessor_job_queue", "top_coprocessor_engine"
VERILOG = [
    f"module {JOBS} (input wire clk);",
    "  reg [3:0] count;",
    "  if (full) count <= 0;",
    "endmodule",
    "",
    f"module {ENGINE} (input wire clk);",
    "  wire other;",
    "endmodule",
]
BOTH = (BenchKind.PACKAGE, BenchKind.COCOTB)


def toggle(signal: str, module: str = JOBS, line: int = 2) -> Point:
    return Point(PointKind.TOGGLE, module, line, 5, signal)


CHANGES = [toggle(f"count[{bit}]:{way}") for bit in range(4) for way in ("0->1", "1->0")]
LINE = Point(PointKind.LINE, JOBS, 3, 1, "if")
OTHER = toggle("other:0->1", ENGINE, 7)
NOTHING = dict.fromkeys([*CHANGES, LINE, OTHER], 0)
# The bit 3 is never moved; 2 by the second bench alone, and up alone.
COUNTS = {
    BenchKind.PACKAGE: Counter(NOTHING | dict.fromkeys(CHANGES[:4], 2)),
    BenchKind.COCOTB: Counter(NOTHING | {CHANGES[0]: 1, CHANGES[4]: 9, OTHER: 1}),
}


def design(constant: Iterable[tuple[str, str, int]] = ((JOBS, "count", 3),)) -> MeasuredDesign:
    return MeasuredDesign("top", VERILOG, COUNTS, frozenset(constant), {"jobs": {"a": 1, "b": 0}})


def named(one: MeasuredDesign, top: str, lines_before: int) -> MeasuredDesign:
    """The same under another name, and further down in its file; nothing was reached."""

    def moved(point: Point) -> Point:
        module = point.module.replace("top", top)
        return point._replace(module=module, line=point.line + lines_before)

    return one._replace(
        top=top,
        verilog=["// header"] * lines_before + [line.replace("top", top) for line in one.verilog],
        counts={
            bench: Counter(dict.fromkeys(map(moved, found), 0))
            for bench, found in one.counts.items()
        },
        constant=frozenset((module.replace("top", top), *bit) for module, *bit in one.constant),
    )


def test_benches_are_put_together_and_constants_are_set_aside() -> None:
    found = summary([design()])
    assert found.reached == (
        Reached(
            part=Part.ENGINE,
            kind=PointKind.TOGGLE,
            points=1,
            constant=0,
            by=dict(zip(BOTH, (0, 1), strict=True)),
            by_any=1,
        ),
        Reached(
            part=Part.JOBS,
            kind=PointKind.LINE,
            points=1,
            constant=0,
            by=dict(zip(BOTH, (0, 0), strict=True)),
            by_any=0,
        ),
        Reached(
            part=Part.JOBS,
            kind=PointKind.TOGGLE,
            points=8,
            constant=2,
            by=dict(zip(BOTH, (4, 2), strict=True)),
            by_any=5,
        ),
    )
    common = {"part": Part.JOBS, "module": JOBS, "points": 1}
    assert found.holes == (
        Hole(
            kind=PointKind.TOGGLE,
            line=2,
            what="count, bit 2",
            statement="reg [3:0] count;",
            **common,
        ),
        Hole(kind=PointKind.LINE, line=3, what="if", statement="if (full) count <= 0;", **common),
    )
    assert [(one.name, one.hits) for one in found.functional] == [("jobs", {"a": 1, "b": 0})]
    choice = CoverageChoice(rows=4, seed=0, benches=BOTH)
    result = CoverageResult(choice=choice, made_from={}, **found._asdict())
    assert result.share(PointKind.TOGGLE) == 6 / 7
    assert result.share(PointKind.LINE) == 0
    assert result.share(PointKind.BRANCH) is None


def test_a_constant_that_changed_is_counted() -> None:
    """At the start of a simulation, which is no fault of the bench."""
    *_, toggles = summary([design({(JOBS, "count", 0)})]).reached
    assert (toggles.constant, toggles.by_any) == (0, 5)


def test_modules_that_designs_share_count_once() -> None:
    """Whatever the designs are called, and wherever the module stands."""
    one = design()
    other = named(one, "another", 3)
    for designs in ([one, other], [other, one]):
        found = summary(designs)
        assert [
            (reached.part, reached.kind, reached.points, reached.by_any)
            for reached in found.reached
        ] == [
            (Part.ENGINE, PointKind.TOGGLE, 1, 1),
            (Part.JOBS, PointKind.LINE, 1, 0),
            (Part.JOBS, PointKind.TOGGLE, 8, 5),
        ]
        first = designs[0].verilog
        assert [first[hole.line - 1].strip() for hole in found.holes] == [
            "reg [3:0] count;",
            "if (full) count <= 0;",
        ]
        assert dict(found.functional[0].hits) == {"a": 2, "b": 0}


def test_modules_of_another_text_count_beside_each_other() -> None:
    other = named(design(), "another", 0)
    changed = [line.replace("(full)", "(empty)") for line in other.verilog]
    found = summary([design(), other._replace(verilog=changed)])
    assert [reached.points for reached in found.reached] == [1, 2, 16]
    assert {hole.module for hole in found.holes} == {JOBS, JOBS.replace("top", "another")}


def test_a_bit_is_constant_if_it_is_so_in_every_design() -> None:
    """What one of them can move is left to be reached."""
    other = named(design(()), "another", 0)
    *_, toggles = summary([design(), other]).reached
    assert (toggles.points, toggles.constant) == (8, 0)
    *_, toggles = summary([design(), named(design(), "another", 0)]).reached
    assert (toggles.points, toggles.constant) == (8, 2)


def test_points_of_a_bench_are_none_of_the_design() -> None:
    points = [toggle("a:0->1", name) for name in ("top", JOBS, "top_tb", "top_attachment", "x")]
    counts: Counts = Counter(dict.fromkeys(points, 1))
    assert [point.module for point in of_design(counts, "top")] == ["top", JOBS, "top_attachment"]


def test_numbers_in_few_words() -> None:
    assert spans([3]) == "3"
    assert spans([0, 1, 4, 8, 9, 10]) == "0 to 1, 4, 8 to 10"


def test_constants_of_modules_with_parameters_are_nobodys() -> None:
    foreign = ("$paramod$0\\memory", "word", 0)
    assert summary([design([foreign, (JOBS, "count", 3)])]) == summary([design()])
