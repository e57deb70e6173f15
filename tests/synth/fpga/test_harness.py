# SPDX-License-Identifier: Apache-2.0
import subprocess
from pathlib import Path

from pulsewright.synth.fpga.harness import HARNESS, Port, ports_of, serial_harness

PORTS = [
    Port("clk_i", is_input=True, bits=1),
    Port("rst_ni", is_input=True, bits=1),
    Port("a_i", is_input=True, bits=3),
    Port("b_i", is_input=True, bits=2),
    Port("sum_o", is_input=False, bits=4),
    Port("equal_o", is_input=False, bits=1),
]
DESIGN = """
module design_under_test (
    input clk_i, input rst_ni, input [2:0] a_i, input [1:0] b_i,
    output [3:0] sum_o, output equal_o
);
    assign sum_o = a_i + b_i;
    assign equal_o = a_i == b_i;
endmodule
"""
BENCH = """
module bench;
    reg clk = 0, rst = 1, scan = 0, load = 0;
    wire out;
    reg [4:0] given = {2'd3, 3'd6}, got;
    integer i;
    serial_harness dut (.clk_i(clk), .rst_ni(rst), .scan_i(scan), .load_i(load), .scan_o(out));
    task tick; begin #1 clk = 1; #1 clk = 0; end endtask
    initial begin
        for (i = 4; i >= 0; i = i - 1) begin scan = given[i]; tick; end
        // The pins have a flip-flop each.
        load = 1; tick; load = 0; tick;
        for (i = 4; i >= 0; i = i - 1) begin got[i] = out; tick; end
        $display("sum %0d equal %0d", got[3:0], got[4]);
    end
endmodule
"""


def test_what_is_scanned_in_reaches_the_ports_and_comes_out(tmp_path: Path) -> None:
    text = serial_harness("design_under_test", PORTS)
    (tmp_path / "all.v").write_text(text + DESIGN + BENCH)
    subprocess.run(
        ["iverilog", "-g2005", "-Wall", "-o", "all.vvp", "all.v"], cwd=tmp_path, check=True
    )
    run = subprocess.run(
        ["vvp", "-n", "all.vvp"], cwd=tmp_path, check=True, capture_output=True, text=True
    )
    assert run.stdout.strip() == "sum 9 equal 0"
    assert text.startswith(f"module {HARNESS} (")


def test_ports_are_those_of_the_netlist() -> None:
    module = {
        "ports": {
            "a_i": {"direction": "input", "bits": [2, 3]},
            "y_o": {"direction": "output", "bits": [4]},
        }
    }
    assert ports_of(module) == [
        Port("a_i", is_input=True, bits=2),
        Port("y_o", is_input=False, bits=1),
    ]
