# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.verilog.expressions import Expression, Operation
from pulsewright.rtl.verilog.parsed_module import Register
from pulsewright.rtl.verilog.register_text import register_text

WIDTHS = {"q": 8, "d": 8, "e": 8, "c": 1, "f": 1, "low": 4}


def choice(condition: Expression, chosen: Expression, other: Expression) -> Operation:
    return Operation("?:", (condition, chosen, other))


def text(value: Expression, reset: bool = False) -> list[str]:
    register = Register("q", "clk", value, "rst" if reset else None, "8'h00")
    lines = register_text(register, WIDTHS)
    edges = "posedge clk, posedge rst" if reset else "posedge clk"
    assert lines[0].startswith(f"  always @({edges})")
    return [line.removeprefix("    ") for line in lines[1:]]


@pytest.mark.parametrize(
    ("value", "written"),
    [
        ("d", ["q <= d;"]),
        (choice("c", "d", "q"), ["if (c) q <= d;"]),
        (choice("c", "q", "d"), ["if (~c) q <= d;"]),
        (choice(Operation("~", ("c",)), "q", "d"), ["if (c) q <= d;"]),
        (choice("c", "d", "e"), ["if (c) q <= d;", "else q <= e;"]),
        (choice("c", "d", choice("f", "e", "q")), ["if (c) q <= d;", "else if (f) q <= e;"]),
        (choice("c", choice("f", "d", "q"), "q"), ["if (c & f) q <= d;"]),
        # The else belongs to the outer one.
        (
            choice("c", choice("f", "d", "q"), "e"),
            ["if (c) begin", "  if (f) q <= d;", "end", "else q <= e;"],
        ),
    ],
)
def test_a_register_that_keeps_its_value_is_not_assigned(
    value: Expression, written: list[str]
) -> None:
    assert text(value) == written
    first, *others = written
    assert text(value, reset=True) == ["if (rst) q <= 8'h00;", f"else {first}", *others]


def test_parts_are_loaded_by_themselves() -> None:
    value = Operation("{}", (choice("c", "low", "q[7:4]"), choice("f", "low", "q[3:0]")))
    loads = ["if (c) q[7:4] <= low;", "if (f) q[3:0] <= low;"]
    assert text(value) == [*loads, *text(value)[2:]]
    assert register_text(Register("q", "clk", value), WIDTHS)[-1] == "  end"
    assert text(value, reset=True) == [
        "if (rst) q <= 8'h00;",
        "else begin",
        *(f"  {load}" for load in loads),
        "end",
    ]


def test_a_part_that_stays_is_not_assigned() -> None:
    value = Operation("{}", ("q[7:4]", choice("f", "low", "q[3:0]")))
    assert text(value) == ["if (f) q[3:0] <= low;"]
