// SPDX-License-Identifier: Apache-2.0
// Interfaces of PULPissimo v3 and v4, whose APB has no strobes.

interface XBAR_TCDM_BUS;
  logic req, wen, gnt, r_opc, r_valid;
  logic [31:0] add, wdata, r_rdata;
  logic [3:0] be;
  modport Master(output req, add, wen, wdata, be, input gnt, r_rdata, r_opc, r_valid);
endinterface

interface APB_BUS #(
  parameter int unsigned APB_ADDR_WIDTH = 32, parameter int unsigned APB_DATA_WIDTH = 32);
  logic [APB_ADDR_WIDTH-1:0] paddr;
  logic [APB_DATA_WIDTH-1:0] pwdata, prdata;
  logic pwrite, psel, penable, pready, pslverr;
  modport Master(output paddr, pwdata, pwrite, psel, penable, input prdata, pready, pslverr);
  modport Slave(input paddr, pwdata, pwrite, psel, penable, output prdata, pready, pslverr);
endinterface

module shim (
  PORTS
);

  XBAR_TCDM_BUS masters[3:0]();
  APB_BUS slave();
  logic [1:0] evt;
  MODULE #(.N_MASTER_PORT(4), .ID_WIDTH(2)) i_fc_hwpe (
    .clk_i, .rst_ni, .test_mode_i(1'b0), .hwacc_xbar_master(masters), .hwacc_cfg_slave(slave),
    .evt_o(evt), .busy_o(clock_enable_o));
  assign slave.psel = apb_psel_i;
  assign slave.penable = apb_penable_i;
  assign slave.pwrite = apb_pwrite_i;
  assign slave.paddr = 32'h1A10_C000 | apb_paddr_i;
  assign slave.pwdata = apb_pwdata_i;
  assign apb_pready_o = slave.pready;
  assign apb_prdata_o = slave.prdata;
  assign apb_pslverr_o = slave.pslverr;
  // The slot has no place for the level, which the bench looks at all the same.
  assign irq_o = i_fc_hwpe.i_coprocessor.irq_o;
  assign event_o = evt[0];
  always @(posedge clk_i)
    if (masters[0].req | masters[3].req | evt[1]) $fatal(1, "the slot is not idle");
endmodule
