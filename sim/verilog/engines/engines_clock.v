// SPDX-License-Identifier: Apache-2.0
// Clock and reset of the checked engines in Icarus. Argument: +cycles=<limit>.
`timescale 1ns / 1ps
module engines_clock;
    reg clk = 1'b0, rst_n = 1'b1;
    integer limit, cycle;
    wire done;
    initial begin
        if (!$value$plusargs("cycles=%d", limit)) limit = 1000000;
        #5;
        for (cycle = 0; cycle < limit && done !== 1'b1; cycle = cycle + 1) begin
            rst_n = cycle >= 3;
            #5 clk = 1'b1;
            #5 clk = 1'b0;
        end
        $finish;
    end
    checked_engines engines (
        .clk_i(clk),
        .rst_ni(rst_n),
        .done_o(done)
    );
endmodule
