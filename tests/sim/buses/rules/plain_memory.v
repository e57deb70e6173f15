// SPDX-License-Identifier: Apache-2.0
// Sixteen words behind OBI, written by hand and by none of the generators. Grants every second
// cycle. With EARLY defined it answers in the cycle of the grant, with FORGETFUL it drops a
// response that is not taken, with CHANGES it changes one.
module plain_memory (
  input             clk,
  input             rst_n,
  input             mem_req,
  output            mem_gnt,
  input      [5:0]  mem_addr,
  input             mem_we,
  input      [3:0]  mem_be,
  input      [31:0] mem_wdata,
  output            mem_rvalid,
  input             mem_rready,
  output     [31:0] mem_rdata
);
  reg [31:0] words[0:15];
  reg        turn, full;
  reg [31:0] answer;
  integer    i;

  wire granted = mem_req & mem_gnt;
  assign mem_gnt = turn & (~full | mem_rready);
`ifdef EARLY
  assign mem_rvalid = full | granted;
`else
  assign mem_rvalid = full;
`endif
`ifdef CHANGES
  assign mem_rdata = answer ^ {31'b0, turn};
`else
  assign mem_rdata = answer;
`endif

  always @(posedge clk or negedge rst_n)
    if (!rst_n) begin
      turn <= 1'b0;
      full <= 1'b0;
      answer <= 32'b0;
      for (i = 0; i < 16; i = i + 1) words[i] <= 32'b0;
    end else begin
      turn <= ~turn;
`ifdef FORGETFUL
      full <= granted;
`else
      full <= granted | (full & ~mem_rready);
`endif
      if (granted) begin
        answer <= words[mem_addr[5:2]];
        for (i = 0; i < 4; i = i + 1)
          if (mem_we & mem_be[i]) words[mem_addr[5:2]][8*i +: 8] <= mem_wdata[8*i +: 8];
      end
    end
endmodule
