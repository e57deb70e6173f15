// SPDX-License-Identifier: Apache-2.0
// Structures as of register_interface/typedef.svh, which X-HEEP's reg_pkg follows.

package reg_pkg;
  typedef struct packed {
    logic [31:0] addr;
    logic        write;
    logic [31:0] wdata;
    logic [3:0]  wstrb;
    logic        valid;
  } reg_req_t;
  typedef struct packed {
    logic [31:0] rdata;
    logic        error;
    logic        ready;
  } reg_rsp_t;
endpackage

module shim (
  PORTS
);

  reg_pkg::reg_rsp_t response;
  reg_pkg::reg_req_t request;
  assign request = '{addr: reg_addr_i, write: reg_write_i, wdata: reg_wdata_i,
                     wstrb: reg_wstrb_i, valid: reg_valid_i};
  MODULE #(.reg_req_t(reg_pkg::reg_req_t), .reg_rsp_t(reg_pkg::reg_rsp_t)) i_coprocessor (
    .clk_i, .rst_ni, .reg_req_i(request), .reg_rsp_o(response), .irq_o, .event_o, .clock_enable_o);
  assign reg_ready_o = response.ready;
  assign reg_rdata_o = response.rdata;
  assign reg_error_o = response.error;
endmodule
