// SPDX-License-Identifier: Apache-2.0
// AXI4-Lite (ARM IHI 0022) at a subordinate: what a manager keeps is assumed, what ours keeps is
// proven.
//
// MAX_DELAY: cycles in which a complete request has no response and none stands in its way, at most.
module port_properties #(
    parameter MAX_DELAY = 0
) (
    input wire clk_i,
    input wire rst_ni,
    input wire s_axi_awvalid_i,
    input wire s_axi_awready_o,
    input wire [31:0] s_axi_awaddr_i,
    input wire [2:0] s_axi_awprot_i,
    input wire s_axi_wvalid_i,
    input wire s_axi_wready_o,
    input wire [31:0] s_axi_wdata_i,
    input wire [3:0] s_axi_wstrb_i,
    input wire s_axi_bvalid_o,
    input wire s_axi_bready_i,
    input wire [1:0] s_axi_bresp_o,
    input wire s_axi_arvalid_i,
    input wire s_axi_arready_o,
    input wire [31:0] s_axi_araddr_i,
    input wire [2:0] s_axi_arprot_i,
    input wire s_axi_rvalid_o,
    input wire s_axi_rready_i,
    input wire [31:0] s_axi_rdata_o,
    input wire [1:0] s_axi_rresp_o
);
    localparam EXOKAY = 2'b01;

    reg ran = 1'b0;
    always @(posedge clk_i) ran <= rst_ni;

    wire [34:0] aw = {s_axi_awaddr_i, s_axi_awprot_i};
    wire [35:0] w = {s_axi_wdata_i, s_axi_wstrb_i};
    wire [34:0] ar = {s_axi_araddr_i, s_axi_arprot_i};
    wire [33:0] r = {s_axi_rdata_o, s_axi_rresp_o};
    reg aw_held, w_held, b_held, ar_held, r_held;
    reg [34:0] last_aw, last_ar;
    reg [35:0] last_w;
    reg [33:0] last_r;
    reg [1:0] last_b;
    // Requests taken and not answered.
    reg [2:0] addresses = 3'd0, words = 3'd0, reads = 3'd0;
    reg [7:0] write_waited = 8'd0, read_waited = 8'd0;
    wire b_taken = s_axi_bvalid_o && s_axi_bready_i;
    wire r_taken = s_axi_rvalid_o && s_axi_rready_i;
    wire stands_still = (s_axi_bvalid_o && !s_axi_bready_i) || (s_axi_rvalid_o && !s_axi_rready_i);
    always @(posedge clk_i) begin
        aw_held <= s_axi_awvalid_i && !s_axi_awready_o;
        w_held <= s_axi_wvalid_i && !s_axi_wready_o;
        b_held <= s_axi_bvalid_o && !s_axi_bready_i;
        ar_held <= s_axi_arvalid_i && !s_axi_arready_o;
        r_held <= s_axi_rvalid_o && !s_axi_rready_i;
        last_aw <= aw;
        last_w <= w;
        last_b <= s_axi_bresp_o;
        last_ar <= ar;
        last_r <= r;
        addresses <= addresses + (s_axi_awvalid_i && s_axi_awready_o) - b_taken;
        words <= words + (s_axi_wvalid_i && s_axi_wready_o) - b_taken;
        reads <= reads + (s_axi_arvalid_i && s_axi_arready_o) - r_taken;
        write_waited <= addresses > s_axi_bvalid_o && words > s_axi_bvalid_o && !stands_still
            ? write_waited + 8'd1 : 8'd0;
        read_waited <= reads > s_axi_rvalid_o && !stands_still ? read_waited + 8'd1 : 8'd0;
        if (!rst_ni) begin
            addresses <= 3'd0;
            words <= 3'd0;
            reads <= 3'd0;
            write_waited <= 8'd0;
            read_waited <= 8'd0;
        end
    end

    always @* begin
        // The manager: no VALID in reset (A3.1.2), and none taken back or changed (A3.2.1).
        if (!rst_ni) assume (!s_axi_awvalid_i && !s_axi_wvalid_i && !s_axi_arvalid_i);
        if (rst_ni && ran) begin
            if (aw_held) assume (s_axi_awvalid_i && aw == last_aw);
            if (w_held) assume (s_axi_wvalid_i && w == last_w);
            if (ar_held) assume (s_axi_arvalid_i && ar == last_ar);
        end

        // The subordinate: the same of its channels, a response for each request and none without
        // (A3.3.1), none exclusive (B1.1.1), and all in time.
        if (!rst_ni) assert (!s_axi_bvalid_o && !s_axi_rvalid_o);
        if (rst_ni && ran) begin
            if (b_held) assert (s_axi_bvalid_o && s_axi_bresp_o == last_b);
            if (r_held) assert (s_axi_rvalid_o && r == last_r);
        end
        if (s_axi_bvalid_o) assert (s_axi_bresp_o != EXOKAY);
        if (s_axi_rvalid_o) assert (s_axi_rresp_o != EXOKAY);
        if (rst_ni && s_axi_bvalid_o) assert (addresses != 0 && words != 0);
        if (rst_ni && s_axi_rvalid_o) assert (reads != 0);
        assert (write_waited <= MAX_DELAY);
        assert (read_waited <= MAX_DELAY);
        // What is taken and not answered is kept, and shows: one in a buffer, one as a response.
        if (rst_ni && ran) begin
            assert (addresses == !s_axi_awready_o + s_axi_bvalid_o);
            assert (words == !s_axi_wready_o + s_axi_bvalid_o);
            assert (reads == !s_axi_arready_o + s_axi_rvalid_o);
        end
        cover (rst_ni && s_axi_bvalid_o && s_axi_rvalid_o && write_waited == 0);
        cover (rst_ni && words == 2 && reads == 2);
    end
endmodule
