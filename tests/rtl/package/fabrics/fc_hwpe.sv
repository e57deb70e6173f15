// SPDX-License-Identifier: Apache-2.0
// Interfaces of PULPissimo v5. The slot lies at 0x1A10_C000, and its decoder leaves the whole
// address on the bus.

interface XBAR_TCDM_BUS;
  logic req, wen, gnt, r_opc, r_valid;
  logic [31:0] add, wdata, r_rdata;
  logic [3:0] be;
  modport Master(output req, add, wen, wdata, be, input gnt, r_rdata, r_opc, r_valid);
endinterface

interface APB #(parameter int unsigned ADDR_WIDTH = 32, parameter int unsigned DATA_WIDTH = 32);
  logic [ADDR_WIDTH-1:0] paddr;
  logic [2:0] pprot;
  logic psel, penable, pwrite, pready, pslverr;
  logic [DATA_WIDTH-1:0] pwdata, prdata;
  logic [DATA_WIDTH/8-1:0] pstrb;
  modport Master(output paddr, pprot, psel, penable, pwrite, pwdata, pstrb,
                 input pready, prdata, pslverr);
  modport Slave(input paddr, pprot, psel, penable, pwrite, pwdata, pstrb,
                output pready, prdata, pslverr);
endinterface

module shim (
  PORTS
);

  XBAR_TCDM_BUS masters[3:0]();
  APB slave();
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

  assign slave.pstrb = apb_pstrb_i;
  assign slave.pprot = apb_pprot_i;
endmodule
