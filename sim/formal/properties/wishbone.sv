// SPDX-License-Identifier: Apache-2.0
// Wishbone B4, classic standard cycles, at a slave with synchronous termination: what a master
// keeps is assumed, what ours keeps is proven.
//
// MAX_DELAY: cycles of a request without an answer, at most.
module port_properties #(
    parameter MAX_DELAY = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire wb_cyc_i,
    input wire wb_stb_i,
    input wire wb_we_i,
    input wire [31:0] wb_adr_i,
    input wire [31:0] wb_dat_i,
    input wire [3:0] wb_sel_i,
    input wire wb_ack_o,
    input wire wb_err_o,
    input wire wb_stall_o,
    input wire [31:0] wb_dat_o
);
    reg ran = 1'b0;
    always @(posedge clk_i) ran <= rst_ni;

    wire request = wb_cyc_i && wb_stb_i;
    wire answer = wb_ack_o || wb_err_o;
    wire [68:0] fields = {wb_we_i, wb_adr_i, wb_dat_i, wb_sel_i};
    reg last_request, last_answer;
    reg [68:0] last_fields;
    reg [7:0] waited = 8'd0;
    always @(posedge clk_i) begin
        last_request <= request;
        last_answer <= answer;
        last_fields <= fields;
        waited <= rst_ni && request && !answer ? waited + 8'd1 : 8'd0;
    end

    always @* begin
        // The master: no cycle in reset; a request stays as it is until its answer.
        if (!rst_ni) assume (!wb_cyc_i && !wb_stb_i);
        if (rst_ni && ran && last_request && !last_answer) begin
            assume (request);
            assume (fields == last_fields);
        end

        // The slave: one answer for a request, for one cycle, in time, and none without (rule 3.35).
        assert (!(wb_ack_o && wb_err_o));
        if (answer) assert (request);
        if (!rst_ni) assert (!answer);
        if (rst_ni && ran && last_answer) assert (!answer);
        if (request && rst_ni) assert (wb_stall_o == !answer);
        assert (waited <= MAX_DELAY);
        cover (rst_ni && wb_err_o && waited > 2);
        cover (rst_ni && wb_ack_o && wb_we_i);
    end
endmodule
