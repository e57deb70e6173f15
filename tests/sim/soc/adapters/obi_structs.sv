// SPDX-License-Identifier: Apache-2.0
// The user domain of the package's test in the place of the memory-mapped coprocessor.
module pulsewright_obi (
  input  wire clk_i, rst_ni,
  output wire irq_o, event_o, clock_enable_o,
  input  wire obi_req_i,
  output wire obi_gnt_o,
  input  wire [31:0] obi_addr_i,
  input  wire obi_we_i,
  input  wire [3:0] obi_be_i,
  input  wire [31:0] obi_wdata_i,
  input  wire obi_aid_i,
  output wire obi_rvalid_o,
  input  wire obi_rready_i,
  output wire [31:0] obi_rdata_o,
  output wire obi_err_o,
  output wire obi_rid_o
);
  wire [2:0] rid;
  shim user (.*, .obi_aid_i({2'b0, obi_aid_i}), .obi_rid_o(rid));
  assign obi_rid_o = rid[0];
endmodule
