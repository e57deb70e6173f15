# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.verilog.expressions import one_line
from pulsewright.rtl.verilog.join_parts import join_parts
from pulsewright.rtl.verilog.parsed_module import Assign, parsed_modules


def joined(*statements: str) -> dict[str, str]:
    text = "\n".join(
        (
            "module m(q);",
            *(f"  wire [7:0] {name};" for name in ("a", "net_1")),
            *(f"  assign {statement};" for statement in statements),
            "endmodule",
            "",
        )
    )
    (module,) = parsed_modules(text)
    join_parts(module)
    return {s.target: one_line(s.value) for s in module.statements if isinstance(s, Assign)}


def test_parts_of_a_net_become_one_value() -> None:
    parts = ["net_1[3:1] = a[6:4]", "net_1[7:4] = a[3:0]", "net_1[0] = a[7]"]
    assert joined(*parts) == {"net_1": "{a[3:0], a[6:4], a[7]}"}


def test_a_net_with_a_part_that_something_else_drives_stays_in_parts() -> None:
    parts = {"net_1[3:0]": "a[6:3]", "net_1[7]": "a[0]"}
    assert joined(*(f"{target} = {value}" for target, value in parts.items())) == parts


def test_a_named_vector_stays_as_it_was_written() -> None:
    parts = {"a[3:0]": "net_1[3:0]", "a[7:4]": "net_1[7:4]"}
    assert joined(*(f"{target} = {value}" for target, value in parts.items())) == parts
