// SPDX-License-Identifier: Apache-2.0
// Clock and reset of a SoC in Icarus. Arguments: +cycles=<limit> +image=<hex of the program>.
`timescale 1ns / 1ps
module soc_clock;
    reg clk = 1'b0, rst_n = 1'b1;
    integer limit, cycle;
    initial begin
        if (!$value$plusargs("cycles=%d", limit)) limit = 100000000;
        #5;
        for (cycle = 0; cycle < limit; cycle = cycle + 1) begin
            rst_n = cycle >= 3;
            #5 clk = 1'b1;
            #5 clk = 1'b0;
        end
        $display("\ncycle limit");
        $finish;
    end
    soc_picorv32 soc (
        .clk_i(clk),
        .rst_ni(rst_n)
    );
endmodule
