# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.verilog.unused_ports import without_unused_inputs

TOP = """\
module top(a, b, y);
  input [3:0] a;
  wire [3:0] a;
  input b;
  wire b;
  output y;
  wire y;
  middle middle (
    .a(a),
{connections}    .y(y)
  );
endmodule
"""
MIDDLE = """\

module middle({ports}y);
{declarations}  output y;
  wire y;
  inner inner (
    .a(a){connections}
  );
  assign y = {read};
endmodule
"""
INNER = """\

module inner(a{port});
  input [3:0] a;
  wire [3:0] a;
{declarations}  initial $display("%d", a);
endmodule
"""
A = "  input [3:0] a;\n  wire [3:0] a;\n"
B = "  input b;\n  wire b;\n"


def text(middle_has_b: bool, inner_has_b: bool, read: str = "a[0]") -> str:
    return (
        TOP.format(connections="    .b(b),\n" if middle_has_b else "")
        + MIDDLE.format(
            ports="a, b, " if middle_has_b else "a, ",
            declarations=A + B if middle_has_b else A,
            connections=",\n    .b(b)" if inner_has_b else "",
            read=read,
        )
        + INNER.format(port=", b" if inner_has_b else "", declarations=B if inner_has_b else "")
    )


def test_drops_an_unread_input_and_what_only_led_to_it() -> None:
    assert without_unused_inputs(text(middle_has_b=True, inner_has_b=True), "top") == text(
        middle_has_b=False, inner_has_b=False
    )


def test_keeps_an_input_that_another_reads() -> None:
    assert without_unused_inputs(
        text(middle_has_b=True, inner_has_b=True, read="b"), "top"
    ) == text(middle_has_b=True, inner_has_b=False, read="b")


def test_keeps_the_ports_of_the_top() -> None:
    once = without_unused_inputs(text(middle_has_b=False, inner_has_b=False), "top")
    assert once == text(middle_has_b=False, inner_has_b=False)
    assert "input b;" in once
