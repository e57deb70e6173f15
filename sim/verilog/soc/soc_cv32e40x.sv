// SPDX-License-Identifier: Apache-2.0
// CV32E40X with the platform. On its X interface is the coprocessor (SOC_INSTRUCTION), or the
// dot-product unit of the software baseline (SOC_DOT4), or nothing.
module soc_cv32e40x (
    input clk_i,
    input rst_ni
);
    localparam int ID_WIDTH = 4;

    wire instr_req, data_req, data_gnt, data_rvalid, data_we, data_err, platform_irq, coprocessor_irq;
    wire [31:0] instr_addr, instr_rdata, data_addr, data_wdata, data_rdata;
    wire [3:0] data_be;
    wire clock_enable_o;
    reg instr_rvalid;
    always_ff @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) instr_rvalid <= 1'b0;
        else instr_rvalid <= instr_req;

    if_xif #(.X_NUM_RS(2), .X_ID_WIDTH(ID_WIDTH)) xif ();

    cv32e40x_with_x_if #(
`ifdef SOC_INSTRUCTION
        .X_EXT(1),
`elsif SOC_DOT4
        .X_EXT(1),
`else
        .X_EXT(0),
`endif
        .X_ID_WIDTH(ID_WIDTH),
        .BOOT_ADDR(32'h80)
    ) core (
        .clk_i,
        .rst_ni,
        .instr_req_o(instr_req),
        .instr_addr_o(instr_addr),
        .instr_rvalid_i(instr_rvalid),
        .instr_rdata_i(instr_rdata),
        .data_req_o(data_req),
        .data_gnt_i(data_gnt),
        .data_we_o(data_we),
        .data_be_o(data_be),
        .data_addr_o(data_addr),
        .data_wdata_o(data_wdata),
        .data_rvalid_i(data_rvalid),
        .data_rdata_i(data_rdata),
        .data_err_i(data_err),
        .irq_i({20'd0, platform_irq || coprocessor_irq, 11'd0}),
        .xif
    );

    soc_platform platform (
        .clk_i,
        .rst_ni,
        .instr_req_i(instr_req),
        .instr_addr_i(instr_addr),
        .instr_rdata_o(instr_rdata),
        .req_i(data_req),
        .gnt_o(data_gnt),
        .we_i(data_we),
        .be_i(data_be),
        .addr_i(data_addr),
        .wdata_i(data_wdata),
        .rvalid_o(data_rvalid),
        .rdata_o(data_rdata),
        .err_o(data_err),
        .irq_o(platform_irq)
    );

`ifdef SOC_INSTRUCTION
    pulsewright_if_xif coprocessor (
        .clk_i,
        .rst_ni,
        .irq_o(coprocessor_irq),
        .event_o(),
        .clock_enable_o,
        .xif_compressed(xif),
        .xif_issue(xif),
        .xif_commit(xif),
        .xif_mem(xif),
        .xif_mem_result(xif),
        .xif_result(xif)
    );
`else
    assign coprocessor_irq = 1'b0;
    assign clock_enable_o = 1'b0;
    assign xif.compressed_ready = 1'b1;
    assign xif.compressed_resp = '0;
    assign xif.mem_valid = 1'b0;
    assign xif.mem_req = '0;
`ifdef SOC_DOT4
    soc_dot4 #(.ID_WIDTH(ID_WIDTH)) dot4 (
        .clk_i,
        .rst_ni,
        .issue_valid_i(xif.issue_valid),
        .issue_instr_i(xif.issue_req.instr),
        .issue_id_i(xif.issue_req.id),
        .issue_rs_i(xif.issue_req.rs),
        .issue_rs_valid_i(xif.issue_req.rs_valid),
        .issue_ready_o(xif.issue_ready),
        .issue_accept_o(xif.issue_resp.accept),
        .result_valid_o(xif.result_valid),
        .result_ready_i(xif.result_ready),
        .result_id_o(xif.result.id),
        .result_data_o(xif.result.data),
        .result_rd_o(xif.result.rd),
        .commit_valid_i(xif.commit_valid),
        .commit_id_i(xif.commit.id),
        .commit_kill_i(xif.commit.commit_kill)
    );
    assign xif.issue_resp.writeback = xif.issue_resp.accept;
    assign xif.result.we = 1'b1;
`else
    assign xif.issue_ready = 1'b1;
    assign xif.issue_resp.accept = 1'b0;
    assign xif.issue_resp.writeback = 1'b0;
    assign xif.result_valid = 1'b0;
    assign xif.result.id = '0;
    assign xif.result.data = '0;
    assign xif.result.rd = '0;
    assign xif.result.we = 1'b0;
`endif
    assign xif.issue_resp.dualwrite = 1'b0;
    assign xif.issue_resp.dualread = '0;
    assign xif.issue_resp.loadstore = 1'b0;
    assign xif.issue_resp.ecswrite = 1'b0;
    assign xif.issue_resp.exc = 1'b0;
    assign xif.result.ecsdata = '0;
    assign xif.result.ecswe = '0;
    assign xif.result.exc = 1'b0;
    assign xif.result.exccode = '0;
    assign xif.result.err = 1'b0;
    assign xif.result.dbg = 1'b0;
`endif
endmodule
