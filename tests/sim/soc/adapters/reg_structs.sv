// SPDX-License-Identifier: Apache-2.0
// From OBI to the register interface, as X-HEEP's peripherals are reached: one access at a time.
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
  output reg  obi_rvalid_o,
  input  wire obi_rready_i,
  output reg  [31:0] obi_rdata_o,
  output reg  obi_err_o,
  output reg  obi_rid_o
);
  reg valid, write;
  reg [31:0] addr, wdata;
  reg [3:0] wstrb;
  wire ready, error;
  wire [31:0] rdata;
  shim peripheral (
    .clk_i, .rst_ni, .irq_o, .event_o, .clock_enable_o,
    .reg_valid_i(valid), .reg_addr_i(addr), .reg_write_i(write), .reg_wdata_i(wdata),
    .reg_wstrb_i(wstrb), .reg_ready_o(ready), .reg_rdata_o(rdata), .reg_error_o(error));
  assign obi_gnt_o = !valid;
  always_ff @(posedge clk_i or negedge rst_ni)
    if (!rst_ni) {valid, obi_rvalid_o} <= 2'b0;
    else begin
      obi_rvalid_o <= valid && ready;
      if (valid && ready) {valid, obi_rdata_o, obi_err_o} <= {1'b0, rdata, error};
      if (obi_req_i && obi_gnt_o) begin
        {valid, write, addr, wdata, wstrb} <= {1'b1, obi_we_i, obi_addr_i, obi_wdata_i, obi_be_i};
        obi_rid_o <= obi_aid_i;
      end
    end
endmodule
