# SPDX-License-Identifier: Apache-2.0
"""What benches reached in the Verilog, as tables."""

from collections.abc import Sequence

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, words
from pulsewright.flow.steps.coverage_result import CoverageResult, Reached
from pulsewright.sim.coverage.points import PointKind


def _percent(value: JsonValue) -> str:
    return f"{100 * value:.1f} %" if isinstance(value, float) else "-"


def reached_table(name: str, result: CoverageResult) -> ResultTable:
    """Points by part and kind, and what each bench reached. name: of what was measured."""
    benches = result.choice.benches
    rows = [_row(one.part.value, [one], result) for one in result.reached]
    rows += [_row("all", result.of(kind), result) for kind in PointKind if result.of(kind)]
    return ResultTable(
        "code_coverage",
        f"{name}: what the benches reach in the coprocessor's Verilog",
        (
            words("part", "part"),
            words("kind", "of"),
            Column("points", "points"),
            Column("constant", "constants of the design"),
            *(Column(f"{kind.value}_reached", f"{kind.value} bench reaches") for kind in benches),
            Column("share", "together, of the rest", _percent),
        ),
        rows,
        "A toggle is a bit that goes up, or down; a bit that Yosys finds constant is not counted.",
    )


def _row(part: str, found: Sequence[Reached], result: CoverageResult) -> tuple[JsonValue, ...]:
    points, constant = sum(one.points for one in found), sum(one.constant for one in found)
    by_any, counted = sum(one.by_any for one in found), points - constant
    return (
        part,
        found[0].kind.value,
        points,
        constant,
        *(sum(one.by[kind] for one in found) for kind in result.choice.benches),
        by_any / counted if counted else None,
    )


def hole_table(name: str, result: CoverageResult) -> ResultTable:
    """What no bench reached, with its line. name: of what was measured."""
    return ResultTable(
        "holes",
        f"{name}: what no bench reaches, constants left out",
        (
            words("part", "part"),
            words("kind", "of"),
            words("module", "module"),
            words("what", "what"),
            Column("points", "points"),
            Column("line", "line"),
            words("statement", "statement"),
        ),
        [
            (
                one.part.value,
                one.kind.value,
                one.module.removeprefix(f"{name}_"),
                one.what,
                one.points,
                one.line,
                one.statement,
            )
            for one in result.holes
        ],
    )


def functional_table(name: str, result: CoverageResult) -> ResultTable:
    """Cover points of the cocotb benches, and their bins that nothing met. name: the recipe's."""
    return ResultTable(
        "functional_coverage",
        f"{name}: what the cocotb benches drive",
        (
            words("point", "point"),
            Column("bins", "bins"),
            Column("met", "met"),
            words("holes", "not met"),
        ),
        [
            (
                one.name.replace("_", " "),
                len(one.hits),
                len(one.hits) - len(one.holes),
                "; ".join(one.holes),
            )
            for one in result.functional
        ],
    )
