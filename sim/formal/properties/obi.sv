// SPDX-License-Identifier: Apache-2.0
// OBI 1.6 at a subordinate: what a manager keeps is assumed, what ours keeps is proven.
//
// MAX_DELAY: cycles of a granted request without a response, if none before it waits for the
// manager, at most. ID_BITS: of aid and rid. PATIENCE: cycles that a response waits for the manager,
// at most; 0 for any number. Induction needs it, since what is kept behind a response does not show.
module port_properties #(
    parameter MAX_DELAY = 0,
    parameter ID_BITS = 1,
    parameter PATIENCE = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire obi_req_i,
    input wire obi_gnt_o,
    input wire [31:0] obi_addr_i,
    input wire obi_we_i,
    input wire [3:0] obi_be_i,
    input wire [31:0] obi_wdata_i,
    input wire [ID_BITS - 1:0] obi_aid_i,
    input wire obi_rvalid_o,
    input wire obi_rready_i,
    input wire [31:0] obi_rdata_o,
    input wire obi_err_o,
    input wire [ID_BITS - 1:0] obi_rid_o
);
    reg ran = 1'b0;
    always @(posedge clk_i) ran <= rst_ni;

    wire granted = obi_req_i && obi_gnt_o;
    wire taken = obi_rvalid_o && obi_rready_i;
    wire [68 + ID_BITS:0] request = {obi_addr_i, obi_we_i, obi_be_i, obi_wdata_i, obi_aid_i};
    wire [32 + ID_BITS:0] response = {obi_rdata_o, obi_err_o, obi_rid_o};
    reg request_held, response_held;
    reg [68 + ID_BITS:0] last_request;
    reg [32 + ID_BITS:0] last_response;
    // Identifiers of the requests that are granted and not answered, the oldest first.
    reg [1:0] open = 2'd0;
    reg [ID_BITS - 1:0] first_id, second_id;
    reg [7:0] waited = 8'd0, held = 8'd0;
    wire [1:0] left = open - taken;
    always @(posedge clk_i) begin
        request_held <= obi_req_i && !obi_gnt_o;
        response_held <= obi_rvalid_o && !obi_rready_i;
        last_request <= request;
        last_response <= response;
        open <= left + granted;
        if (taken) first_id <= second_id;
        if (granted && left == 0) first_id <= obi_aid_i;
        if (granted && left != 0) second_id <= obi_aid_i;
        held <= rst_ni && obi_rvalid_o && !obi_rready_i ? held + 8'd1 : 8'd0;
        waited <= open != 0 && !obi_rvalid_o ? waited + 8'd1 : 8'd0;
        if (!rst_ni) begin
            open <= 2'd0;
            waited <= 8'd0;
        end
    end

    always @* begin
        // The manager: no request in reset; one stays as it is until its grant (R-3.1).
        if (!rst_ni) assume (!obi_req_i);
        if (rst_ni && ran && request_held) begin
            assume (obi_req_i);
            assume (request == last_request);
        end

        if (PATIENCE != 0) assume (held <= PATIENCE);

        // The subordinate: no response in reset (R-2.2), without a request (R-5), taken back or
        // changed (R-4.1), out of order or of another identifier, or late.
        if (!rst_ni) assert (!obi_rvalid_o);
        if (rst_ni && ran && response_held) begin
            assert (obi_rvalid_o);
            assert (response == last_response);
        end
        if (rst_ni && obi_rvalid_o) begin
            assert (open != 0);
            assert (obi_rid_o == first_id);
        end
        assert (waited <= MAX_DELAY);
        // Two requests are open at most, and show.
        if (rst_ni && ran) begin
            assert (open <= 2);
            if (open == 0) assert (obi_gnt_o && !obi_rvalid_o);
            if (open == 1) assert (obi_gnt_o == obi_rvalid_o);
            if (open == 2) assert (!obi_gnt_o && obi_rvalid_o);
        end
        cover (rst_ni && obi_rvalid_o && open == 2 && first_id != second_id);
        cover (rst_ni && obi_rvalid_o && obi_err_o && obi_we_i);
    end
endmodule
