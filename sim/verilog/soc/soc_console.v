// SPDX-License-Identifier: Apache-2.0
// Words of the test bench, from 0x1000_0000 on: console, exit, cycles, fault, and accesses of RAM,
// fetches and data together. accesses_i: of this cycle.
module soc_console (
    input             clk_i,
    input             rst_ni,
    input             req_i,
    input             we_i,
    input      [ 4:2] addr_i,
    input      [31:0] wdata_i,
    output reg [31:0] rdata_o,
    input      [ 1:0] accesses_i,
    output reg [ 2:0] fault_o,
    output reg        fault_set_o
);
    localparam CONSOLE = 3'd0, EXIT = 3'd1, CYCLE = 3'd2, FAULT = 3'd4, ACCESSES = 3'd5;

    reg [31:0] cycles, accesses;
    always @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) begin
            cycles <= 32'd0;
            accesses <= 32'd0;
            fault_o <= 3'd0;
            fault_set_o <= 1'b0;
            rdata_o <= 32'd0;
        end else begin
            cycles <= cycles + 32'd1;
            accesses <= accesses + {30'd0, accesses_i};
            fault_set_o <= 1'b0;
            if (req_i && we_i && addr_i == FAULT) begin
                fault_o <= wdata_i[2:0];
                fault_set_o <= 1'b1;
            end
            rdata_o <= addr_i == CYCLE ? cycles : addr_i == ACCESSES ? accesses : 32'd0;
        end

    always @(posedge clk_i)
        if (rst_ni && req_i && we_i) begin
            if (addr_i == CONSOLE) $write("%c", wdata_i[7:0]);
            if (addr_i == EXIT) begin
                $display("\nexit %0d cycles %0d", wdata_i, cycles);
                $finish;
            end
        end
endmodule
