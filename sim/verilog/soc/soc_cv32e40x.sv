// SPDX-License-Identifier: Apache-2.0
// CV32E40X with the platform. On its X interface is the coprocessor (SOC_INSTRUCTION), or the
// dot-product unit of the software baseline (SOC_DOT4), or nothing.
module soc_cv32e40x (
    input clk_i,
    input rst_ni
);
    localparam int ID_WIDTH = 4;

    wire instr_req, data_req, data_gnt, data_rvalid, data_we, data_err, irq, event_o;
    wire [31:0] instr_addr, instr_rdata, data_addr, data_wdata, data_rdata;
    wire [3:0] data_be;
    wire clock_enable_o;
    reg instr_rvalid;
    always_ff @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) instr_rvalid <= 1'b0;
        else instr_rvalid <= instr_req;

    if_xif #(.X_NUM_RS(2), .X_ID_WIDTH(ID_WIDTH)) xif ();

    cv32e40x_core #(
`ifdef SOC_INSTRUCTION
        .X_EXT(1),
`elsif SOC_DOT4
        .X_EXT(1),
`else
        .X_EXT(0),
`endif
        .X_NUM_RS(2),
        .X_ID_WIDTH(ID_WIDTH)
    ) core (
        .clk_i,
        .rst_ni,
        .scan_cg_en_i(1'b0),
        .boot_addr_i(32'h80),
        .dm_exception_addr_i(32'h0),
        .dm_halt_addr_i(32'h0),
        .mhartid_i(32'h0),
        .mimpid_patch_i(4'h0),
        .mtvec_addr_i(32'h0),
        .instr_req_o(instr_req),
        .instr_gnt_i(1'b1),
        .instr_rvalid_i(instr_rvalid),
        .instr_addr_o(instr_addr),
        .instr_memtype_o(),
        .instr_prot_o(),
        .instr_dbg_o(),
        .instr_rdata_i(instr_rdata),
        .instr_err_i(1'b0),
        .data_req_o(data_req),
        .data_gnt_i(data_gnt),
        .data_rvalid_i(data_rvalid),
        .data_addr_o(data_addr),
        .data_be_o(data_be),
        .data_we_o(data_we),
        .data_wdata_o(data_wdata),
        .data_memtype_o(),
        .data_prot_o(),
        .data_dbg_o(),
        .data_atop_o(),
        .data_rdata_i(data_rdata),
        .data_err_i(data_err),
        .data_exokay_i(1'b1),
        .mcycle_o(),
        .xif_compressed_if(xif),
        .xif_issue_if(xif),
        .xif_commit_if(xif),
        .xif_mem_if(xif),
        .xif_mem_result_if(xif),
        .xif_result_if(xif),
        .irq_i({20'd0, irq, 11'd0}),
        .wu_wfe_i(1'b0),
        .clic_irq_i(1'b0),
        .clic_irq_id_i(5'h0),
        .clic_irq_level_i(8'h0),
        .clic_irq_priv_i(2'h0),
        .clic_irq_shv_i(1'b0),
        .fencei_flush_req_o(),
        .fencei_flush_ack_i(1'b1),
        .debug_req_i(1'b0),
        .debug_havereset_o(),
        .debug_running_o(),
        .debug_halted_o(),
        .fetch_enable_i(1'b1),
        .core_sleep_o()
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
        .event_i(event_o),
        .irq_o(irq)
    );

`ifdef SOC_INSTRUCTION
    pulsewright_x_if coprocessor (
        .clk_i,
        .rst_ni,
        .event_o,
        .clock_enable_o,
        .x_compressed_valid_i(xif.compressed_valid),
        .x_compressed_ready_o(xif.compressed_ready),
        .x_compressed_req_instr_i(xif.compressed_req.instr),
        .x_compressed_req_mode_i(xif.compressed_req.mode),
        .x_compressed_req_id_i(xif.compressed_req.id),
        .x_compressed_resp_instr_o(xif.compressed_resp.instr),
        .x_compressed_resp_accept_o(xif.compressed_resp.accept),
        .x_issue_valid_i(xif.issue_valid),
        .x_issue_ready_o(xif.issue_ready),
        .x_issue_req_instr_i(xif.issue_req.instr),
        .x_issue_req_mode_i(xif.issue_req.mode),
        .x_issue_req_id_i(xif.issue_req.id),
        .x_issue_req_rs_i(xif.issue_req.rs),
        .x_issue_req_rs_valid_i(xif.issue_req.rs_valid),
        .x_issue_req_ecs_i(xif.issue_req.ecs),
        .x_issue_req_ecs_valid_i(xif.issue_req.ecs_valid),
        .x_issue_resp_accept_o(xif.issue_resp.accept),
        .x_issue_resp_writeback_o(xif.issue_resp.writeback),
        .x_issue_resp_dualwrite_o(xif.issue_resp.dualwrite),
        .x_issue_resp_dualread_o(xif.issue_resp.dualread),
        .x_issue_resp_loadstore_o(xif.issue_resp.loadstore),
        .x_issue_resp_ecswrite_o(xif.issue_resp.ecswrite),
        .x_issue_resp_exc_o(xif.issue_resp.exc),
        .x_commit_valid_i(xif.commit_valid),
        .x_commit_id_i(xif.commit.id),
        .x_commit_commit_kill_i(xif.commit.commit_kill),
        .x_mem_valid_o(xif.mem_valid),
        .x_mem_ready_i(xif.mem_ready),
        .x_mem_req_id_o(xif.mem_req.id),
        .x_mem_req_addr_o(xif.mem_req.addr),
        .x_mem_req_mode_o(xif.mem_req.mode),
        .x_mem_req_we_o(xif.mem_req.we),
        .x_mem_req_size_o(xif.mem_req.size),
        .x_mem_req_be_o(xif.mem_req.be),
        .x_mem_req_attr_o(xif.mem_req.attr),
        .x_mem_req_wdata_o(xif.mem_req.wdata),
        .x_mem_req_last_o(xif.mem_req.last),
        .x_mem_req_spec_o(xif.mem_req.spec),
        .x_mem_resp_exc_i(xif.mem_resp.exc),
        .x_mem_resp_exccode_i(xif.mem_resp.exccode),
        .x_mem_resp_dbg_i(xif.mem_resp.dbg),
        .x_mem_result_valid_i(xif.mem_result_valid),
        .x_mem_result_id_i(xif.mem_result.id),
        .x_mem_result_rdata_i(xif.mem_result.rdata),
        .x_mem_result_err_i(xif.mem_result.err),
        .x_mem_result_dbg_i(xif.mem_result.dbg),
        .x_result_valid_o(xif.result_valid),
        .x_result_ready_i(xif.result_ready),
        .x_result_id_o(xif.result.id),
        .x_result_data_o(xif.result.data),
        .x_result_rd_o(xif.result.rd),
        .x_result_we_o(xif.result.we),
        .x_result_ecsdata_o(xif.result.ecsdata),
        .x_result_ecswe_o(xif.result.ecswe),
        .x_result_exc_o(xif.result.exc),
        .x_result_exccode_o(xif.result.exccode),
        .x_result_err_o(xif.result.err),
        .x_result_dbg_o(xif.result.dbg)
    );
`else
    assign event_o = 1'b0;
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
