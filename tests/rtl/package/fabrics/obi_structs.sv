// SPDX-License-Identifier: Apache-2.0
// Structures as of obi/typedef.svh of pulp-platform/obi: a member may be left out by a define.
// Identifiers are the bench's, which compares each response's with its request's.

package soc_pkg;
  typedef struct packed {
    logic [31:0] addr;
    logic        we;
    logic [3:0]  be;
    logic [31:0] wdata;
`ifndef NO_ID
    logic [2:0]  aid;
`endif
    logic        a_optional;
  } a_chan_t;
  typedef struct packed {
    logic [31:0] rdata;
`ifndef NO_ID
    logic [2:0]  rid;
`endif
`ifndef NO_ERR
    logic        err;
`endif
    logic        r_optional;
  } r_chan_t;
  typedef struct packed {
    a_chan_t a;
    logic    req;
`ifndef NO_RREADY
    logic    rready;
`endif
  } user_obi_req_t;
  typedef struct packed {
    r_chan_t r;
    logic    gnt;
    logic    rvalid;
  } user_obi_rsp_t;
endpackage

// The place for peripherals of a user, with structures for ports.
module user_domain (
  input  logic clk_i, rst_ni,
  input  soc_pkg::user_obi_req_t user_obi_req_i,
  output soc_pkg::user_obi_rsp_t user_obi_rsp_o,
  output logic irq_o, event_o, clock_enable_o
);
  NAME_obi_structs #(
    .obi_req_t(soc_pkg::user_obi_req_t), .obi_rsp_t(soc_pkg::user_obi_rsp_t),
`ifdef NO_ID
    .UseId(1'b0),
`endif
`ifdef NO_ERR
    .UseErr(1'b0),
`endif
`ifdef NO_RREADY
    .UseRReady(1'b0)
`else
    .UseRReady(1'b1)
`endif
  ) i_coprocessor (
    .clk_i, .rst_ni, .obi_req_i(user_obi_req_i), .obi_rsp_o(user_obi_rsp_o), .irq_o, .event_o,
    .clock_enable_o);
endmodule

module shim (
  PORTS
);

  soc_pkg::user_obi_req_t request;
  soc_pkg::user_obi_rsp_t response;
  user_domain i_user (
    .clk_i, .rst_ni, .user_obi_req_i(request), .user_obi_rsp_o(response), .irq_o, .event_o,
    .clock_enable_o);
  always_comb begin
    request = '0;
    request.req = obi_req_i;
    request.a.addr = obi_addr_i;
    request.a.we = obi_we_i;
    request.a.be = obi_be_i;
    request.a.wdata = obi_wdata_i;
`ifndef NO_ID
    request.a.aid = obi_aid_i;
`endif
`ifndef NO_RREADY
    request.rready = obi_rready_i;
`endif
  end
  assign obi_gnt_o = response.gnt;
  assign obi_rvalid_o = response.rvalid;
  assign obi_rdata_o = response.r.rdata;
`ifdef NO_ERR
  assign obi_err_o = 1'b0;
`else
  assign obi_err_o = response.r.err;
`endif
`ifdef NO_ID
  assign obi_rid_o = '0;
`else
  assign obi_rid_o = response.r.rid;
`endif
endmodule
