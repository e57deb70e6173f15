// SPDX-License-Identifier: Apache-2.0
// The interface of hwpe-ctrl in pulp_cluster. Identifiers are the bench's, with more bits above them.

interface hwpe_ctrl_intf_periph (input logic clk);
  parameter int unsigned ID_WIDTH = 1;
  logic req, gnt, wen, r_valid;
  logic [31:0] add, data, r_data;
  logic [3:0] be;
  logic [ID_WIDTH-1:0] id, r_id;
  modport master(output req, add, wen, be, data, id, input gnt, r_data, r_valid, r_id);
  modport slave(input req, add, wen, be, data, id, output gnt, r_data, r_valid, r_id);
endinterface

module shim (
  PORTS
);

  hwpe_ctrl_intf_periph #(.ID_WIDTH(5)) periph(.clk(clk_i));
  logic [3:0][1:0] evt;
  MODULE #(.N_CORES(4), .ID_WIDTH(5)) i_hwpe (
    .clk_i, .rst_ni, .test_mode_i(1'b0), .evt_o(evt), .busy_o(clock_enable_o), .periph(periph));
  assign periph.req = periph_req_i;
  assign periph.add = periph_add_i;
  assign periph.wen = periph_wen_i;
  assign periph.be = periph_be_i;
  assign periph.data = periph_data_i;
  assign periph.id = {4'hA, periph_id_i};
  assign periph_gnt_o = periph.gnt;
  assign periph_r_data_o = periph.r_data;
  assign periph_r_valid_o = periph.r_valid;
  assign periph_r_id_o = periph.r_id[0];
  // The slot has no place for the level, which the bench looks at all the same.
  assign irq_o = i_hwpe.i_coprocessor.irq_o;
  assign event_o = evt[3][0];
  always @(posedge clk_i) begin
    if (periph.r_valid && periph.r_id[4:1] != 4'hA) $fatal(1, "r_id is not the id");
    if (evt != {4{1'b0, event_o}}) $fatal(1, "a core has another event");
  end
endmodule
