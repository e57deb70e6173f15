// SPDX-License-Identifier: Apache-2.0
// From OBI to APB, as PULPissimo's slot is reached: one transfer at a time.
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
  reg psel, penable, pwrite;
  reg [31:0] paddr, pwdata;
  reg [3:0] pstrb;
  wire pready, pslverr;
  wire [31:0] prdata;
  shim slot (
    .clk_i, .rst_ni, .irq_o, .event_o, .clock_enable_o,
    .apb_psel_i(psel), .apb_penable_i(penable), .apb_paddr_i(paddr), .apb_pprot_i(3'b0),
    .apb_pwrite_i(pwrite), .apb_pwdata_i(pwdata), .apb_pstrb_i(pstrb),
    .apb_pready_o(pready), .apb_prdata_o(prdata), .apb_pslverr_o(pslverr));
  assign obi_gnt_o = !psel;
  always_ff @(posedge clk_i or negedge rst_ni)
    if (!rst_ni) {psel, penable, obi_rvalid_o} <= 3'b0;
    else begin
      obi_rvalid_o <= penable && pready;
      if (psel) penable <= !(penable && pready);
      if (penable && pready) {psel, obi_rdata_o, obi_err_o} <= {1'b0, prdata, pslverr};
      if (obi_req_i && obi_gnt_o) begin
        {psel, pwrite, paddr, pwdata} <= {1'b1, obi_we_i, obi_addr_i, obi_wdata_i};
        pstrb <= obi_we_i ? obi_be_i : 4'b0;
        obi_rid_o <= obi_aid_i;
      end
    end
endmodule
