# SPDX-License-Identifier: Apache-2.0
from pulsewright.flow.report.code_coverage_tables import hole_table, reached_table
from pulsewright.flow.steps.coverage_result import CoverageChoice, CoverageResult
from pulsewright.flow.steps.coverage_summary import summary
from pulsewright.flow.steps.mutation_result import BenchKind
from tests.flow.steps.test_coverage_summary import JOBS, VERILOG, design

RESULT = CoverageResult.model_validate(
    {
        "choice": CoverageChoice(rows=4, seed=0, benches=(BenchKind.PACKAGE, BenchKind.COCOTB)),
        "made_from": {},
        **summary([design()])._asdict(),
    }
)


def test_parts_then_all_of_them() -> None:
    table = reached_table("tiny", RESULT)
    assert [row[:2] for row in table.rows] == [
        ("engine", "toggle"),
        ("jobs", "line"),
        ("jobs", "toggle"),
        ("all", "line"),
        ("all", "toggle"),
    ]
    assert table.rows[-1][2:] == (9, 2, 4, 3, 6 / 7)
    assert table.rows[3][2:] == (1, 0, 0, 0, 0.0)


def test_holes_have_their_statements() -> None:
    table = hole_table("tiny", RESULT)
    assert table.rows == [
        ("jobs", "toggle", JOBS, "count, bit 2", 1, 2, VERILOG[1].strip()),
        ("jobs", "line", JOBS, "if", 1, 3, VERILOG[2].strip()),
    ]
