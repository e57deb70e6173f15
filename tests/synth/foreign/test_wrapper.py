# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.foreign.wrapper import (
    DEFERRED,
    DEFERRED_SYSTEM,
    WRAPPER,
    wrapped_design,
)
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.targets import ICE40
from pulsewright.synth.tools.logged_run import ToolError

# A reset of the other level, a port with one of our names, and a module that makes no sense alone.
THEIRS = """
module theirs #(parameter WIDTH = 8) (
    input clk, input reset, input [WIDTH-1:0] rst_ni, output reg [WIDTH-1:0] sum
);
    always @(posedge clk, posedge reset)
        if (reset) sum <= 0;
        else sum <= sum + rst_ni;
endmodule
module unused #(parameter WIDTH = 0) (input [WIDTH-1:0] a, output b);
    assign b = a[WIDTH:WIDTH+1];
endmodule
"""


def test_a_design_with_other_names_is_mapped_as_it_is(tmp_path: Path) -> None:
    wrapped = wrapped_design(THEIRS, "theirs", DEFERRED, None, tmp_path)
    assert f"module {WRAPPER}" in wrapped.text
    assert ".\\clk (clk_i), .\\reset (rst_ni), .\\rst_ni (port_0), .\\sum (port_1)" in wrapped.text
    device = ICE40.device(None)
    found = map_design(wrapped.text, WRAPPER, "sum", ICE40, device, tmp_path, wrapped.reading)
    assert (found.design, found.flip_flops) == ("sum", 8)
    assert found.luts >= 8


def test_system_verilog_is_read_as_such(tmp_path: Path) -> None:
    text = "module newer (input logic clk, output logic q); always_ff @(posedge clk) q <= !q; "
    text += "endmodule"
    with pytest.raises(ToolError):
        wrapped_design(text, "newer", DEFERRED, None, tmp_path)
    assert wrapped_design(text, "newer", DEFERRED_SYSTEM, None, tmp_path).reading == DEFERRED_SYSTEM


def test_what_has_no_clock_is_refused_with_what_it_has(tmp_path: Path) -> None:
    text = "module odd (input tick, input [3:0] a, output reg b); "
    text += "always @(posedge tick) b <= ^a; endmodule"
    with pytest.raises(PulsewrightError, match="odd: no input is called as clocks are, and its in"):
        wrapped_design(text, "odd", DEFERRED, None, tmp_path)
    with pytest.raises(PulsewrightError, match="--clock 'a', and its inputs of one bit are tick;"):
        wrapped_design(text, "odd", DEFERRED, "a", tmp_path)
    assert ".\\tick (clk_i)" in wrapped_design(text, "odd", DEFERRED, "tick", tmp_path).text


def test_pads_that_lead_both_ways_are_refused(tmp_path: Path) -> None:
    text = "module pad (input clk, inout p); assign p = clk ? 1'b0 : 1'bz; endmodule"
    with pytest.raises(PulsewrightError, match="port 'p' of pad is inout; give a design whose po"):
        wrapped_design(text, "pad", DEFERRED, None, tmp_path)
