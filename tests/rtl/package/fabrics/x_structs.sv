// SPDX-License-Identifier: Apache-2.0
// Structures as of core_v_xif_pkg in CVE2, whose operands are an unpacked array.

package core_v_xif_pkg;
  typedef logic [31:0] hartid_t;
  typedef logic [2:0] id_t;
  typedef struct packed {
    logic [31:0] instr;
    hartid_t     hartid;
    id_t         id;
  } x_issue_req_t;
  typedef struct packed {
    logic       accept;
    logic       writeback;
    logic [1:0] register_read;
  } x_issue_resp_t;
  typedef struct {
    hartid_t     hartid;
    id_t         id;
    logic [31:0] rs [1:0];
    logic [1:0]  rs_valid;
  } x_register_t;
  typedef struct packed {
    hartid_t hartid;
    id_t     id;
    logic    commit_kill;
  } x_commit_t;
  typedef struct packed {
    hartid_t     hartid;
    id_t         id;
    logic [31:0] data;
    logic [4:0]  rd;
    logic        we;
  } x_result_t;
endpackage

module shim (
  PORTS
);

  import core_v_xif_pkg::*;
  x_issue_req_t request;
  x_issue_resp_t response;
  x_register_t operands;
  x_commit_t commit;
  x_result_t result;
  MODULE #(
    .x_issue_req_t(x_issue_req_t), .x_issue_resp_t(x_issue_resp_t), .x_register_t(x_register_t),
    .x_commit_t(x_commit_t), .x_result_t(x_result_t)
  ) i_coprocessor (
    .clk_i, .rst_ni, .irq_o, .event_o, .clock_enable_o,
    .x_issue_valid_i, .x_issue_ready_o, .x_issue_req_i(request), .x_issue_resp_o(response),
    .x_register_valid_i, .x_register_ready_o, .x_register_i(operands),
    .x_commit_valid_i, .x_commit_i(commit),
    .x_result_valid_o, .x_result_ready_i, .x_result_o(result));
  assign request = '{instr: x_issue_req_instr_i, hartid: x_issue_req_hartid_i,
                     id: x_issue_req_id_i};
  assign operands.hartid = x_register_hartid_i;
  assign operands.id = x_register_id_i;
  assign operands.rs[0] = x_register_rs_i[31:0];
  assign operands.rs[1] = x_register_rs_i[63:32];
  assign operands.rs_valid = x_register_rs_valid_i;
  assign commit = '{hartid: x_commit_hartid_i, id: x_commit_id_i,
                    commit_kill: x_commit_commit_kill_i};
  assign x_issue_resp_accept_o = response.accept;
  assign x_issue_resp_writeback_o = response.writeback;
  assign x_issue_resp_register_read_o = response.register_read;
  assign x_result_hartid_o = result.hartid;
  assign x_result_id_o = result.id;
  assign x_result_data_o = result.data;
  assign x_result_rd_o = result.rd;
  assign x_result_we_o = result.we;
  assign x_compressed_ready_o = 1'b1;
  assign x_compressed_resp_instr_o = '0;
  assign x_compressed_resp_accept_o = 1'b0;
endmodule
