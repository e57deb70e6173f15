# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.rtl.verilog.expressions import one_line
from pulsewright.rtl.verilog.narrow_sums import narrow_sums
from pulsewright.rtl.verilog.parsed_module import Assign, parsed_modules

WIDTHS = {"a": 4, "b": 4, "y": 4, "z": 4, "bit": 1, "net_1": 5, "net_2": 6}


def narrowed(*statements: str) -> dict[str, str]:
    """Value by target of what is left of the assignments."""
    lines = [
        f"  wire {f'[{width - 1}:0] ' if width > 1 else ''}{name};"
        for name, width in WIDTHS.items()
    ]
    lines += [f"  assign {statement};" for statement in statements]
    (module,) = parsed_modules("\n".join(("module m(q);", *lines, "endmodule", "")))
    narrow_sums(module)
    return {s.target: one_line(s.value) for s in module.statements if isinstance(s, Assign)}


@pytest.mark.parametrize(
    ("statements", "left"),
    [
        # A count, which wraps.
        (
            ["net_1 = { 1'h0, a } + 5'h11", "y = net_1[3:0]"],
            {"net_1": "a + 4'h1", "y": "net_1"},
        ),
        (
            ["net_1 = { a[3], a } - { 4'h0, bit }", "y = net_1[3:0]"],
            {"net_1": "a - {3'h0, bit}", "y": "net_1"},
        ),
        # A sum of sums.
        (
            [
                "net_1 = { 1'h0, a } + { 1'h0, b }",
                "net_2 = { 1'h0, net_1 } - 6'h01",
                "y = net_2[3:0]",
            ],
            {"net_1": "a + b", "net_2": "net_1 - 4'h1", "y": "net_2"},
        ),
        # Somebody reads the carry.
        (
            ["net_1 = { 1'h0, a } + 5'h01", "y = net_1[3:0]", "bit = net_1[4]"],
            {"net_1": "{1'h0, a} + 5'h01", "y": "net_1[3:0]", "bit": "net_1[4]"},
        ),
        # Only the upper bits are read.
        (
            ["net_1 = { 1'h0, a } + 5'h01", "y = net_1[4:1]"],
            {"net_1": "{1'h0, a} + 5'h01", "y": "net_1[4:1]"},
        ),
        # A product is not cut.
        (["net_1 = a * b", "y = net_1[3:0]"], {"net_1": "a * b", "y": "net_1[3:0]"}),
        # A named sum whose upper bits have no name and no reader.
        (
            ["{ net_1[4], y } = { 1'h0, a } + { 1'h0, b }", "net_1[3:0] = y"],
            {"y": "a + b"},
        ),
        (
            ["{ net_1[4], y } = { 1'h0, a } + 5'h01", "net_1[3:0] = y", "bit = net_1[4]"],
            {"{ net_1[4], y }": "{1'h0, a} + 5'h01", "net_1[3:0]": "y", "bit": "net_1[4]"},
        ),
    ],
)  # fmt: skip
def test_upper_bits_go_if_nobody_reads_them(statements: list[str], left: dict[str, str]) -> None:
    assert narrowed(*statements) == left
