# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.verilog.operand_widths import explicit_widths


def cell(kind: str, signed: int, widths: tuple[int, int, int], a: str, b: str) -> str:
    return (
        f"  cell ${kind} $5\n"
        f"    parameter \\A_SIGNED {signed}\n"
        f"    parameter \\B_SIGNED {signed}\n"
        f"    parameter \\A_WIDTH {widths[0]}\n"
        f"    parameter \\B_WIDTH {widths[1]}\n"
        f"    parameter \\Y_WIDTH {widths[2]}\n"
        f"    connect \\A {a}\n"
        f"    connect \\B {b}\n"
        "    connect \\Y $1\n"
        "  end\n"
    )


@pytest.mark.parametrize(
    ("before", "after"),
    [
        (  # The sign in front of both operands of a sum.
            cell("add", 1, (2, 3, 4), "\\a", "\\b [2:0]"),
            cell("add", 0, (4, 4, 4), "{ \\a [1] \\a [1] \\a }", "{ \\b [2:0] [2] \\b [2:0] }"),
        ),
        (  # Zeros where there is no sign.
            cell("sub", 0, (2, 4, 4), "\\a", "\\b"),
            cell("sub", 0, (4, 4, 4), "{ 2'00 \\a }", "\\b"),
        ),
        (  # Constants, and those of which Amaranth leaves nothing.
            cell("add", 1, (2, 4, 4), "2'10", "\\b"),
            cell("add", 0, (4, 4, 4), "4'1110", "\\b"),
        ),
        (
            cell("eq", 0, (3, 0, 1), "\\a", "{  }"),
            cell("eq", 0, (3, 3, 1), "\\a", "3'000"),
        ),
        (  # An order depends on the sign.
            cell("lt", 1, (3, 2, 1), "\\a", "2'01"),
            cell("lt", 1, (3, 3, 1), "\\a", "3'001"),
        ),
    ],
)
def test_extends_the_narrower_operands(before: str, after: str) -> None:
    assert explicit_widths(f"module x\n{before}end\n") == f"module x\n{after}end\n"


@pytest.mark.parametrize(
    "text",
    [
        cell("mul", 1, (8, 9, 17), "\\a", "\\b"),
        cell("add", 0, (8, 8, 4), "\\a", "\\b"),
        cell("and", 0, (8, 8, 8), "\\a", "\\b"),
    ],
)
def test_leaves_other_cells_alone(text: str) -> None:
    assert explicit_widths(text) == text
