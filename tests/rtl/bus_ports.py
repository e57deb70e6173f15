# SPDX-License-Identifier: Apache-2.0
"""Ports of every bus and their widths, written down from the standards, not from our code."""

INPUTS_OF_BUSES = {
    "obi": {
        "obi_req_i": 1,
        "obi_addr_i": 32,
        "obi_we_i": 1,
        "obi_be_i": 4,
        "obi_wdata_i": 32,
        "obi_aid_i": 1,
        "obi_rready_i": 1,
    },
    "apb": {
        "apb_psel_i": 1,
        "apb_penable_i": 1,
        "apb_paddr_i": 32,
        "apb_pprot_i": 3,
        "apb_pwrite_i": 1,
        "apb_pwdata_i": 32,
        "apb_pstrb_i": 4,
    },
    "hwpe_periph": {
        "periph_req_i": 1,
        "periph_add_i": 32,
        "periph_wen_i": 1,
        "periph_be_i": 4,
        "periph_data_i": 32,
        "periph_id_i": 1,
    },
    "axi_lite": {
        "s_axi_awvalid_i": 1,
        "s_axi_awaddr_i": 32,
        "s_axi_awprot_i": 3,
        "s_axi_wvalid_i": 1,
        "s_axi_wdata_i": 32,
        "s_axi_wstrb_i": 4,
        "s_axi_bready_i": 1,
        "s_axi_arvalid_i": 1,
        "s_axi_araddr_i": 32,
        "s_axi_arprot_i": 3,
        "s_axi_rready_i": 1,
    },
    "wishbone": {
        "wb_cyc_i": 1,
        "wb_stb_i": 1,
        "wb_we_i": 1,
        "wb_adr_i": 32,
        "wb_sel_i": 4,
        "wb_dat_i": 32,
    },
}
OUTPUTS_OF_BUSES = {
    "obi": {
        "obi_gnt_o": 1,
        "obi_rvalid_o": 1,
        "obi_rdata_o": 32,
        "obi_err_o": 1,
        "obi_rid_o": 1,
    },
    "apb": {"apb_pready_o": 1, "apb_prdata_o": 32, "apb_pslverr_o": 1},
    "hwpe_periph": {
        "periph_gnt_o": 1,
        "periph_r_data_o": 32,
        "periph_r_valid_o": 1,
        "periph_r_id_o": 1,
    },
    "axi_lite": {
        "s_axi_awready_o": 1,
        "s_axi_wready_o": 1,
        "s_axi_bvalid_o": 1,
        "s_axi_bresp_o": 2,
        "s_axi_arready_o": 1,
        "s_axi_rvalid_o": 1,
        "s_axi_rdata_o": 32,
        "s_axi_rresp_o": 2,
    },
    "wishbone": {"wb_dat_o": 32, "wb_ack_o": 1, "wb_err_o": 1, "wb_stall_o": 1},
}
