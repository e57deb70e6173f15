// SPDX-License-Identifier: Apache-2.0
// Packed dot product for the software baseline, on the X interface (custom-1, R-type):
// rd = sum of the 4 products of the bytes of rs1 (funct3 0: signed, 1: unsigned) and rs2 (signed).
// The result of an instruction is offered in the cycle after its issue, and two may be here, so that
// the core waits as little as it can: one instruction a cycle.
module soc_dot4 #(
    parameter int ID_WIDTH = 4
) (
    input                     clk_i,
    input                     rst_ni,
    input                     issue_valid_i,
    input      [        31:0] issue_instr_i,
    input      [ID_WIDTH-1:0] issue_id_i,
    input      [   1:0][31:0] issue_rs_i,
    input      [         1:0] issue_rs_valid_i,
    output                    issue_ready_o,
    output                    issue_accept_o,
    output                    result_valid_o,
    input                     result_ready_i,
    output     [ID_WIDTH-1:0] result_id_o,
    output     [        31:0] result_data_o,
    output     [         4:0] result_rd_o,
    input                     commit_valid_i,
    input      [ID_WIDTH-1:0] commit_id_i,
    input                     commit_kill_i
);
    wire ours = issue_instr_i[6:0] == 7'h2B && issue_instr_i[31:25] == 7'd0 &&
        issue_instr_i[14:13] == 2'd0;
    assign issue_accept_o = ours;

    // Slot 0 holds the older instruction. One leaves when the core takes its result, kills it, or
    // issues its number again, as it does after flushing it from its decoder without saying so.
    reg [1:0] held;
    reg [ID_WIDTH-1:0] ids[2];
    reg [31:0] sums[2];
    reg [4:0] destinations[2];
    wire [1:0] stays;
    genvar slot;
    for (slot = 0; slot < 2; slot = slot + 1) begin : gen_stays
        wire killed = commit_valid_i && commit_kill_i && commit_id_i == ids[slot];
        wire repeated = issue_valid_i && ours && issue_id_i == ids[slot];
        wire answered = slot == 0 && result_valid_o && result_ready_i;
        assign stays[slot] = held[slot] && !killed && !repeated && !answered;
    end
    assign issue_ready_o = !ours || (stays != 2'b11 && issue_rs_valid_i == 2'b11);
    wire taken = issue_valid_i && issue_ready_o && ours;
    assign result_valid_o = held[0];
    assign result_id_o = ids[0];
    assign result_data_o = sums[0];
    assign result_rd_o = destinations[0];

    reg signed [31:0] sum;
    integer lane;
    always_comb begin
        sum = 32'sd0;
        for (lane = 0; lane < 4; lane = lane + 1)
            sum = sum + 32'($signed({issue_rs_i[0][8*lane+7] & ~issue_instr_i[12],
                                     issue_rs_i[0][8*lane+:8]}) *
                            $signed(issue_rs_i[1][8*lane+:8]));
    end
    wire shifts = !stays[0];
    wire [1:0] kept = shifts ? {1'b0, stays[1]} : stays;
    always_ff @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) held <= 2'b00;
        else held <= taken ? {kept[0], 1'b1} | kept : kept;
    always_ff @(posedge clk_i) begin
        if (shifts) begin
            ids[0] <= ids[1];
            sums[0] <= sums[1];
            destinations[0] <= destinations[1];
        end
        if (taken) begin
            ids[kept[0]] <= issue_id_i;
            sums[kept[0]] <= sum;
            destinations[kept[0]] <= issue_instr_i[11:7];
        end
    end
endmodule
