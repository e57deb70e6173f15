# SPDX-License-Identifier: Apache-2.0
"""Designs of which every cell can be counted by hand."""

from pulsewright.rtl.clock_gate_text import CLOCK_GATE, CLOCK_GATE_TEXT

# A registered 8-bit counter, and the registered product of two inputs.
COUNTER = """
module counter (input clk_i, input rst_ni, input enable_i, output reg [7:0] count_o);
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) count_o <= 8'd0;
        else if (enable_i) count_o <= count_o + 8'd1;
endmodule
"""
# The same on a clock that stops while it does not count.
GATED_COUNTER = f"""
module gated_counter (input clk_i, input rst_ni, input enable_i, output reg [7:0] count_o);
    wire clock;
    {CLOCK_GATE} gate (.clk_i(clk_i), .enable_i(enable_i), .clk_o(clock));
    always @(posedge clock, negedge rst_ni)
        if (!rst_ni) count_o <= 8'd0;
        else count_o <= count_o + 8'd1;
endmodule
{CLOCK_GATE_TEXT}"""
PRODUCT = """
module product (
    input clk_i, input rst_ni, input [15:0] a_i, input [15:0] b_i, output reg [31:0] product_o
);
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) product_o <= 32'd0;
        else product_o <= a_i * b_i;
endmodule
"""
# More flip-flops than an HX8K has; in a chain of all of them Yosys would exhaust its stack.
DELAY_LINE = """
module delay_line (input clk_i, input rst_ni, input [99:0] data_i, output [99:0] data_o);
    reg [8999:0] line;
    assign data_o = line[8999:8900];
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) line <= 9000'd0;
        else line <= {line, data_i};
endmodule
"""
