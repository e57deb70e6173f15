// SPDX-License-Identifier: Apache-2.0
// Ibex with the platform; its configuration is the `maxperf` of ibex_configs.yaml.
module soc_ibex (
    input clk_i,
    input rst_ni
);
    wire instr_req, data_req, data_gnt, data_rvalid, data_we, data_err, irq;
    wire [31:0] instr_addr, instr_rdata, data_addr, data_wdata, data_rdata;
    wire [3:0] data_be;
    reg instr_rvalid;
    always_ff @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) instr_rvalid <= 1'b0;
        else instr_rvalid <= instr_req;

    ibex_top #(
        .RV32M(ibex_pkg::RV32MSingleCycle),
        .RV32B(ibex_pkg::RV32BNone),
        .RegFile(ibex_pkg::RegFileFF),
        .BranchTargetALU(1'b1),
        .WritebackStage(1'b1)
    ) core (
        .clk_i,
        .rst_ni,
        .test_en_i(1'b0),
        .ram_cfg_i('0),
        .hart_id_i(32'd0),
        .boot_addr_i(32'd0),
        .instr_req_o(instr_req),
        .instr_gnt_i(1'b1),
        .instr_rvalid_i(instr_rvalid),
        .instr_addr_o(instr_addr),
        .instr_rdata_i(instr_rdata),
        .instr_rdata_intg_i(7'd0),
        .instr_err_i(1'b0),
        .data_req_o(data_req),
        .data_gnt_i(data_gnt),
        .data_rvalid_i(data_rvalid),
        .data_we_o(data_we),
        .data_be_o(data_be),
        .data_addr_o(data_addr),
        .data_wdata_o(data_wdata),
        .data_wdata_intg_o(),
        .data_rdata_i(data_rdata),
        .data_rdata_intg_i(7'd0),
        .data_err_i(data_err),
        .irq_software_i(1'b0),
        .irq_timer_i(1'b0),
        .irq_external_i(irq),
        .irq_fast_i(15'd0),
        .irq_nm_i(1'b0),
        .scramble_key_valid_i(1'b0),
        .scramble_key_i('0),
        .scramble_nonce_i('0),
        .scramble_req_o(),
        .debug_req_i(1'b0),
        .crash_dump_o(),
        .double_fault_seen_o(),
        .fetch_enable_i(ibex_pkg::IbexMuBiOn),
        .alert_minor_o(),
        .alert_major_internal_o(),
        .alert_major_bus_o(),
        .core_sleep_o(),
        .scan_rst_ni(rst_ni)
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
        .irq_o(irq)
    );
endmodule
