// SPDX-License-Identifier: Apache-2.0
// APB4 (ARM IHI 0024) at a completer: what a requester keeps is assumed, what ours keeps is proven.
//
// MAX_DELAY: cycles of ACCESS without PREADY, at most.
module port_properties #(
    parameter MAX_DELAY = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire apb_psel_i,
    input wire apb_penable_i,
    input wire [31:0] apb_paddr_i,
    input wire [2:0] apb_pprot_i,
    input wire apb_pwrite_i,
    input wire [31:0] apb_pwdata_i,
    input wire [3:0] apb_pstrb_i,
    input wire apb_pready_o,
    input wire [31:0] apb_prdata_o,
    input wire apb_pslverr_o
);
    reg ran = 1'b0;
    always @(posedge clk_i) ran <= rst_ni;

    wire access = apb_psel_i && apb_penable_i;
    wire [71:0] request = {apb_paddr_i, apb_pprot_i, apb_pwrite_i, apb_pwdata_i, apb_pstrb_i};
    reg last_select, last_access, last_ready;
    reg [71:0] last_request;
    reg [7:0] waited = 8'd0;
    always @(posedge clk_i) begin
        last_select <= apb_psel_i;
        last_access <= access;
        last_ready <= apb_pready_o;
        last_request <= request;
        waited <= rst_ni && access && !apb_pready_o ? waited + 8'd1 : 8'd0;
    end

    always @* begin
        // The requester: SETUP, then ACCESS with the same request until PREADY; no strobes in reads.
        // PENABLE without PSEL is another completer's.
        if (!rst_ni) assume (!apb_psel_i);
        if (apb_psel_i && !apb_pwrite_i) assume (apb_pstrb_i == 4'd0);
        if (rst_ni && ran && last_select && !(last_access && last_ready)) begin
            assume (access);
            assume (request == last_request);
        end else if (apb_psel_i) assume (!apb_penable_i);

        // The completer: nothing outside ACCESS; an end in time; an error only at an end.
        if (apb_pready_o) assert (access);
        if (apb_pslverr_o) assert (apb_pready_o);
        if (!rst_ni) assert (!apb_pready_o && !apb_pslverr_o);
        assert (waited <= MAX_DELAY);
        cover (rst_ni && apb_pready_o && apb_pslverr_o && waited != 0);
        cover (rst_ni && apb_pready_o && !apb_pslverr_o && apb_pwrite_i);
    end
endmodule
