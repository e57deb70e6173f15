// SPDX-License-Identifier: Apache-2.0
// The interface if_xif of CV32E40X.

interface if_xif #(parameter int X_NUM_RS = 2, parameter int X_ID_WIDTH = 4);
  typedef logic [X_ID_WIDTH-1:0] id_t;
  typedef struct packed { logic [15:0] instr; logic [1:0] mode; id_t id; } x_compressed_req_t;
  typedef struct packed { logic [31:0] instr; logic accept; } x_compressed_resp_t;
  typedef struct packed {
    logic [31:0] instr; logic [1:0] mode; id_t id; logic [X_NUM_RS-1:0][31:0] rs;
    logic [X_NUM_RS-1:0] rs_valid; logic [5:0] ecs; logic ecs_valid;
  } x_issue_req_t;
  typedef struct packed {
    logic accept, writeback, dualwrite; logic [2:0] dualread; logic loadstore, ecswrite, exc;
  } x_issue_resp_t;
  typedef struct packed { id_t id; logic commit_kill; } x_commit_t;
  typedef struct packed {
    id_t id; logic [31:0] addr; logic [1:0] mode; logic we; logic [2:0] size; logic [3:0] be;
    logic [1:0] attr; logic [31:0] wdata; logic last, spec;
  } x_mem_req_t;
  typedef struct packed { logic exc; logic [5:0] exccode; logic dbg; } x_mem_resp_t;
  typedef struct packed { id_t id; logic [31:0] rdata; logic err, dbg; } x_mem_result_t;
  typedef struct packed {
    id_t id; logic [31:0] data; logic [4:0] rd; logic [0:0] we; logic [5:0] ecsdata;
    logic [2:0] ecswe; logic exc; logic [5:0] exccode; logic err, dbg;
  } x_result_t;
  logic compressed_valid, compressed_ready, issue_valid, issue_ready, commit_valid, mem_valid,
        mem_ready, mem_result_valid, result_valid, result_ready;
  x_compressed_req_t compressed_req;
  x_compressed_resp_t compressed_resp;
  x_issue_req_t issue_req;
  x_issue_resp_t issue_resp;
  x_commit_t commit;
  x_mem_req_t mem_req;
  x_mem_resp_t mem_resp;
  x_mem_result_t mem_result;
  x_result_t result;
  modport coproc_compressed(input compressed_valid, compressed_req,
                            output compressed_ready, compressed_resp);
  modport coproc_issue(input issue_valid, issue_req, output issue_ready, issue_resp);
  modport coproc_commit(input commit_valid, commit);
  modport coproc_mem(output mem_valid, mem_req, input mem_ready, mem_resp);
  modport coproc_mem_result(input mem_result_valid, mem_result);
  modport coproc_result(output result_valid, result, input result_ready);
endinterface

module shim (
  PORTS
);

  if_xif #(.X_NUM_RS(2), .X_ID_WIDTH(3)) xif();
  MODULE i_coprocessor (
    .clk_i, .rst_ni, .irq_o, .event_o, .clock_enable_o, .xif_compressed(xif), .xif_issue(xif),
    .xif_commit(xif), .xif_mem(xif), .xif_mem_result(xif), .xif_result(xif));
  always_comb begin
    xif.compressed_valid = x_compressed_valid_i;
    xif.compressed_req = '{instr: x_compressed_req_instr_i, mode: x_compressed_req_mode_i,
                           id: x_compressed_req_id_i};
    xif.issue_valid = x_issue_valid_i;
    xif.issue_req = '{instr: x_issue_req_instr_i, mode: x_issue_req_mode_i, id: x_issue_req_id_i,
                      rs: x_issue_req_rs_i, rs_valid: x_issue_req_rs_valid_i,
                      ecs: x_issue_req_ecs_i, ecs_valid: x_issue_req_ecs_valid_i};
    xif.commit_valid = x_commit_valid_i;
    xif.commit = '{id: x_commit_id_i, commit_kill: x_commit_commit_kill_i};
    xif.mem_ready = 1'b0;
    xif.mem_resp = '0;
    xif.mem_result_valid = 1'b0;
    xif.mem_result = '0;
    xif.result_ready = x_result_ready_i;
  end
  assign x_issue_ready_o = xif.issue_ready;
  assign x_issue_resp_accept_o = xif.issue_resp.accept;
  assign x_result_valid_o = xif.result_valid;
  assign x_result_data_o = xif.result.data;
  assign x_result_rd_o = xif.result.rd;
  assign x_result_id_o = xif.result.id;
  always @(posedge clk_i)
    if (xif.mem_valid | xif.result.exc) $fatal(1, "a memory access or an exception");
endmodule
