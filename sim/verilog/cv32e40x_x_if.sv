// SPDX-License-Identifier: Apache-2.0
// CV32E40X with the coprocessor in its wrapper (module pulsewright_if_xif) on its X interface; the
// memories are ports.
module cv32e40x_x_if (
    input         clk_i,
    input         rst_ni,
    output        irq_o,
    output        event_o,
    output        clock_enable_o,
    output        instr_req_o,
    output [31:0] instr_addr_o,
    input         instr_rvalid_i,
    input  [31:0] instr_rdata_i,
    output        data_req_o,
    output        data_we_o,
    output [ 3:0] data_be_o,
    output [31:0] data_addr_o,
    output [31:0] data_wdata_o,
    input         data_rvalid_i,
    input  [31:0] data_rdata_i
);
    localparam int ID_WIDTH = 4;

    if_xif #(.X_NUM_RS(2), .X_ID_WIDTH(ID_WIDTH)) xif ();

    cv32e40x_with_x_if #(
        .X_ID_WIDTH(ID_WIDTH),
        .MTVEC_ADDR(32'h800)
    ) core (
        .clk_i,
        .rst_ni,
        .instr_req_o,
        .instr_addr_o,
        .instr_rvalid_i,
        .instr_rdata_i,
        .data_req_o,
        .data_gnt_i(1'b1),
        .data_we_o,
        .data_be_o,
        .data_addr_o,
        .data_wdata_o,
        .data_rvalid_i,
        .data_rdata_i,
        .data_err_i(1'b0),
        .irq_i(32'h0),
        .xif
    );

    pulsewright_if_xif coprocessor (
        .clk_i,
        .rst_ni,
        .irq_o,
        .event_o,
        .clock_enable_o,
        .xif_compressed(xif),
        .xif_issue(xif),
        .xif_commit(xif),
        .xif_mem(xif),
        .xif_mem_result(xif),
        .xif_result(xif)
    );
endmodule
