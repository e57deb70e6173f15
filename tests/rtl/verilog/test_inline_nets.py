# SPDX-License-Identifier: Apache-2.0
import re

import pytest

from pulsewright.rtl.verilog.inline_nets import inline_nets
from pulsewright.rtl.verilog.interface import ModuleInterface
from pulsewright.rtl.verilog.module_text import module_text
from pulsewright.rtl.verilog.parsed_module import parsed_modules

WIDTHS = {"a": 1, "b": 1, "c": 1, "v": 4, "w": 4, "y": 1, "z": 4, "long": 8}


def inlined(*statements: str, nets: dict[str, int]) -> list[str]:
    """The assignments that are left of those in a module with these names and nets."""
    declared = {**WIDTHS, **nets}
    lines = [
        f"  wire {f'[{width - 1}:0] ' if width > 1 else ''}{name};"
        for name, width in declared.items()
    ]
    lines += [f"  assign {statement};" for statement in statements]
    text = "\n".join(("module m(q);", *lines, "endmodule", ""))
    (module,) = parsed_modules(text)
    inline_nets(module)
    written = module_text(module, {"m": ModuleInterface()})
    left = re.findall(r"assign (.*?);", written, re.DOTALL)
    declared_nets = set(re.findall(r"wire .*?(net_\d+);", written))
    assert declared_nets == {one.split(" = ")[0] for one in left if one.startswith("net_")}
    return left


@pytest.mark.parametrize(
    ("statements", "nets", "left"),
    [
        (["net_1 = a & b", "y = net_1 | c"], {"net_1": 1}, ["y = (a & b) | c"]),
        # A net that two read stays one, but for a complement.
        (
            ["net_1 = a & b", "y = net_1 | c", "z = { 3'h0, net_1 }"],
            {"net_1": 1},
            ["net_1 = a & b", "y = net_1 | c", "z = {3'h0, net_1}"],
        ),
        (
            ["net_1 = ~ a", "y = net_1 | c", "z = { 3'h0, net_1 }"],
            {"net_1": 1},
            ["y = ~a | c", "z = {3'h0, ~a}"],
        ),
        # A name is kept, whoever reads it.
        (["b = a & c", "y = b | c"], {}, ["b = a & c", "y = b | c"]),
        # A sum of 4 bits may not become one of 8, and no sum can be cut.
        (
            ["net_1 = v + w", "long = net_1 + 8'h00"],
            {"net_1": 4},
            ["net_1 = v + w", "long = net_1 + 8'h00"],
        ),
        (
            ["net_1 = v + w", "y = net_1[3]"],
            {"net_1": 4},
            ["net_1 = v + w", "y = net_1[3]"],
        ),
        # A bit that is shifted to the right is one of several.
        (
            ["net_1 = v >> a", "z = net_1 ? w : 4'h0"],
            {"net_1": 1},
            ["net_1 = v >> a", "z = net_1 ? w : 4'h0"],
        ),
        (["net_1 = v + w", "y = net_1 == 4'h3"], {"net_1": 4}, ["y = (v + w) == 4'h3"]),
        (["net_1 = v + w", "long = { net_1, v }"], {"net_1": 4}, ["long = {v + w, v}"]),
        # A comparison has one bit wherever it stands.
        (["net_1 = v == w", "y = net_1 & a"], {"net_1": 1}, ["y = (v == w) & a"]),
        # The sign of a product would be lost beside others.
        (
            ["net_1 = $signed(v) * $signed(w)", "z = net_1 & v"],
            {"net_1": 4},
            ["net_1 = $signed(v) * $signed(w)", "z = net_1 & v"],
        ),
        (["net_1 = $signed(v) * $signed(w)", "z = net_1"], {"net_1": 4},
         ["z = $signed(v) * $signed(w)"]),
        (
            ["net_1 = v + w", "z = $signed(net_1) * $signed(v)"],
            {"net_1": 4},
            ["net_1 = v + w", "z = $signed(net_1) * $signed(v)"],
        ),
    ],
)  # fmt: skip
def test_a_value_stands_where_it_cannot_change(
    statements: list[str], nets: dict[str, int], left: list[str]
) -> None:
    assert inlined(*statements, nets=nets) == left


def test_what_would_be_too_long_to_read_stays_a_net() -> None:
    many = [f"net_{i} = net_{i - 1} {'&' if i % 2 else '|'} b" for i in range(1, 40)]
    left = inlined("net_0 = a & b", *many, "y = net_39", nets={f"net_{i}": 1 for i in range(40)})
    assert 1 < len(left) < 10
    assert max(map(len, left)) < 300


def test_a_row_of_one_operator_and_a_choice_among_many_have_any_length() -> None:
    row = [f"net_{i} = net_{i - 1} & b" for i in range(1, 30)]
    assert (
        len(inlined("net_0 = a & b", *row, "y = net_29", nets={f"net_{i}": 1 for i in range(30)}))
        == 1
    )
    chain = [f"net_{i} = a ? v : net_{i - 1}" for i in range(1, 30)]
    assert (
        len(
            inlined(
                "net_0 = a ? v : w", *chain, "z = net_29", nets={f"net_{i}": 4 for i in range(30)}
            )
        )
        == 1
    )
