# SPDX-License-Identifier: Apache-2.0
import random
import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.verilog.expressions import (
    LINE,
    Expression,
    Operation,
    in_lines,
    one_line,
    parsed,
)

NAMES = {"a": 0b1011, "b": 0b0110, "c": 0b1101}
BINARY = ("&", "|", "^", "+", "-")
COMPARED = ("==", "!=", "<", ">=")


@pytest.mark.parametrize(
    ("yosys", "written"),
    [
        ("a", "a"),
        ("~ a", "~a"),
        ("| a[3:0]", "|a[3:0]"),
        ("a & b", "a & b"),
        ("{ a, b[1:0] } == 6'h00", "{a, b[1:0]} == 6'h00"),
        ("a ? { b, c } : 8'h00", "a ? {b, c} : 8'h00"),
        ("$signed(a) * $signed({ 1'h0, b })", "$signed(a) * $signed({ 1'h0, b })"),
        ("{ a[3], a[3], a[3], a }", "{{3{a[3]}}, a}"),
    ],
)
def test_what_yosys_writes_stays_what_it_is(yosys: str, written: str) -> None:
    assert one_line(parsed(yosys)) == written


def test_what_it_does_not_write_is_refused() -> None:
    with pytest.raises(ValueError, match="not an expression of Yosys"):
        parsed("a ? b : c ? d : e")


@pytest.mark.parametrize(
    ("expression", "written"),
    [
        (Operation("&", (Operation("&", ("a", "b")), "c")), "a & b & c"),
        (Operation("&", (Operation("|", ("a", "b")), "c")), "(a | b) & c"),
        (Operation("-", ("a", Operation("-", ("b", "c")))), "a - (b - c)"),
        (Operation("&", ("a", Operation("~", ("b",)))), "a & ~b"),
        (Operation("~", (Operation("~", ("b",)),)), "~(~b)"),
        (Operation("|", ("a", Operation("|1", ("b",)))), "a | (|b)"),
        (Operation("|1", (Operation("|", ("a", "b")),)), "|(a | b)"),
        (Operation("?:", ("a", "b", Operation("?:", ("c", "a", "b")))), "a ? b : c ? a : b"),
        (Operation("?:", ("a", Operation("?:", ("c", "a", "b")), "b")), "a ? (c ? a : b) : b"),
    ],
)
def test_brackets_stand_where_they_are_needed(expression: Expression, written: str) -> None:
    assert one_line(expression) == written


def drawn(draw: random.Random, depth: int) -> Expression:
    """An expression of 4 bits."""
    if depth == 0 or draw.random() < 0.1:
        return draw.choice([*NAMES, "4'h9"])
    kind = draw.randrange(4)
    if kind == 0:
        return Operation(draw.choice(BINARY), (drawn(draw, depth - 1), drawn(draw, depth - 1)))
    if kind == 1:
        condition = Operation(
            draw.choice(COMPARED), (drawn(draw, depth - 1), drawn(draw, depth - 1))
        )
        return Operation("?:", (condition, drawn(draw, depth - 1), drawn(draw, depth - 1)))
    if kind == 2:
        return Operation("~", (drawn(draw, depth - 1),))
    bit = Operation(draw.choice(["|1", "&1", "^1"]), (drawn(draw, depth - 1),))
    return Operation("{}", (bit, bit, "1'h0", bit))


def value(expression: Expression) -> int:
    """Of an expression of `drawn`, by the rules of Verilog."""
    if isinstance(expression, str):
        return NAMES[expression] if expression in NAMES else int(expression[3:], 16)
    operator, operands = expression
    values = [value(one) for one in operands]
    if operator == "{}":
        return sum(bit << 3 - i for i, bit in enumerate(values))
    if operator == "?:":
        return values[1] if values[0] else values[2]
    if len(values) == 1:
        bits = bin(values[0]).count("1")
        return {"~": ~values[0] & 15, "|1": bits > 0, "&1": bits == 4, "^1": bits % 2}[operator]
    a, b = values
    return {
        "&": a & b, "|": a | b, "^": a ^ b, "+": a + b & 15, "-": a - b & 15,
        "==": a == b, "!=": a != b, "<": a < b, ">=": a >= b,
    }[operator]  # fmt: skip


@pytest.mark.parametrize("count", [50, pytest.param(150, marks=pytest.mark.regression)])
def test_the_text_means_the_expression_on_one_line_and_on_many(count: int, tmp_path: Path) -> None:
    draw = random.Random(0)
    expressions = [drawn(draw, draw.randrange(1, 9)) for _ in range(count)]
    declared = "".join(f"  wire [3:0] {name} = 4'd{number};\n" for name, number in NAMES.items())
    checks = ""
    for i, expression in enumerate(expressions):
        lines = in_lines(expression, 12, "    ")
        for j, text in enumerate((one_line(expression), "\n".join(lines))):
            declared += f"  wire [3:0] w{i}_{j} = {text};\n"
            checks += f'    $display("%d", w{i}_{j});\n'
    source, program = tmp_path / "bench.v", tmp_path / "bench"
    source.write_text(
        f"module bench;\n{declared}  initial begin\n    #1;\n{checks}  end\nendmodule\n"
    )
    subprocess.run(["iverilog", "-g2005", "-o", program, source], check=True)
    run = subprocess.run(["vvp", "-n", program], capture_output=True, text=True, check=True)
    expected = [number for one in expressions for number in (value(one), value(one))]
    assert [int(line) for line in run.stdout.split()] == expected


def test_long_concatenations_fill_lines() -> None:
    lines = in_lines(Operation("{}", tuple(f"name_{i}" for i in range(40))), 20, "    ")
    assert (lines[0], lines[-1]) == ("{", "    }")
    assert 1 < len(lines[1:-1]) < 8
    assert all(len(line) <= LINE for line in lines)
