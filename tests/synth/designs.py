# SPDX-License-Identifier: Apache-2.0
"""Designs of which every cell can be counted by hand."""

# A registered 8-bit counter, and the registered product of two inputs.
COUNTER = """
module counter (input clk_i, input rst_ni, input enable_i, output reg [7:0] count_o);
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) count_o <= 8'd0;
        else if (enable_i) count_o <= count_o + 8'd1;
endmodule
"""
PRODUCT = """
module product (
    input clk_i, input rst_ni, input [15:0] a_i, input [15:0] b_i, output reg [31:0] product_o
);
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) product_o <= 32'd0;
        else product_o <= a_i * b_i;
endmodule
"""
