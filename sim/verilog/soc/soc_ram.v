// SPDX-License-Identifier: Apache-2.0
// RAM with an instruction port and a data port, both answered in the next cycle.
module soc_ram #(
    parameter WORDS = 131072
) (
    input             clk_i,
    input             instr_req_i,
    input      [31:0] instr_addr_i,
    output reg [31:0] instr_rdata_o,
    input             data_req_i,
    input             data_we_i,
    input      [ 3:0] data_be_i,
    input      [31:0] data_addr_i,
    input      [31:0] data_wdata_i,
    output reg [31:0] data_rdata_o
);
    localparam INDEX_BITS = $clog2(WORDS);

    reg [31:0] words[0:WORDS-1];
    reg [8*512-1:0] image;
    integer i;
    initial begin
        for (i = 0; i < WORDS; i = i + 1) words[i] = 32'd0;
        if ($value$plusargs("image=%s", image)) $readmemh(image, words);
    end

    wire [INDEX_BITS-1:0] instr_index = instr_addr_i[INDEX_BITS+1:2];
    wire [INDEX_BITS-1:0] data_index = data_addr_i[INDEX_BITS+1:2];
    always @(posedge clk_i) begin
        if (instr_req_i) instr_rdata_o <= words[instr_index];
        if (data_req_i && !data_we_i) data_rdata_o <= words[data_index];
        if (data_req_i && data_we_i) begin
            if (data_be_i[0]) words[data_index][7:0] <= data_wdata_i[7:0];
            if (data_be_i[1]) words[data_index][15:8] <= data_wdata_i[15:8];
            if (data_be_i[2]) words[data_index][23:16] <= data_wdata_i[23:16];
            if (data_be_i[3]) words[data_index][31:24] <= data_wdata_i[31:24];
        end
    end
endmodule
