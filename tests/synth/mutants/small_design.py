# SPDX-License-Identifier: Apache-2.0
"""A counter whose parts are named as those of a coprocessor, with a gate that changes nothing."""

TOP = "mine_obi"
VERILOG = """\
module mine_obi (
  input wire clk_i,
  input wire rst_ni,
  input wire enable_i,
  output wire [3:0] count_o,
  output wire same_o
);
  mine_obi_attachment attachment (
    .enable(enable_i), .also(count_o[0]), .same(same_o));
  mine_obi_coprocessor_registers registers (
    .clk(clk_i), .rst(~rst_ni), .enable(enable_i), .count(count_o));
endmodule

module mine_obi_attachment (input wire enable, input wire also, output wire same);
  wire both;
  assign both = enable & also;
  assign same = enable | both;
endmodule

module mine_obi_coprocessor_registers (
  input wire clk, input wire rst, input wire enable, output reg [3:0] count);
  always @(posedge clk, posedge rst)
    if (rst) count <= 4'h0;
    else if (enable) count <= count + 4'h1;
endmodule
"""

# Passes on the design, and looks at the counter alone.
BENCH = """\
module bench;
  reg clk = 0, rst_n = 0;
  wire [3:0] count;
  wire same;
  integer failures = 0, cycle;
  mine_obi dut (.clk_i(clk), .rst_ni(rst_n), .enable_i(1'b1), .count_o(count), .same_o(same));
  initial begin
    #5 clk = 1; #5 clk = 0; rst_n = 1;
    for (cycle = 1; cycle < 20; cycle = cycle + 1) begin
      #5 clk = 1; #5 clk = 0;
      if (count !== cycle[3:0]) failures = failures + 1;
    end
    if (failures == 0) $display("PASS");
    else $display("FAIL");
    $finish;
  end
endmodule
"""
