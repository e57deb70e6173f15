// SPDX-License-Identifier: Apache-2.0
// What every core sees: RAM, the interconnect, and on it the coprocessor (module pulsewright_obi) if
// it is memory-mapped, and the memristive device if the program needs one. irq_o is the coprocessor's
// interrupt, as it comes.
module soc_platform (
    input         clk_i,
    input         rst_ni,
    input         instr_req_i,
    input  [31:0] instr_addr_i,
    output [31:0] instr_rdata_o,
    input         req_i,
    output        gnt_o,
    input         we_i,
    input  [ 3:0] be_i,
    input  [31:0] addr_i,
    input  [31:0] wdata_i,
    output        rvalid_o,
    output [31:0] rdata_o,
    output        err_o,
    output        irq_o
);
    wire ram_req, memristor_req, coprocessor_req, coprocessor_gnt, coprocessor_rvalid;
    wire coprocessor_err, memristor_err;
    wire [31:0] ram_rdata, memristor_rdata, coprocessor_rdata;

    soc_ram ram (
        .clk_i(clk_i),
        .instr_req_i(instr_req_i),
        .instr_addr_i(instr_addr_i),
        .instr_rdata_o(instr_rdata_o),
        .data_req_i(ram_req),
        .data_we_i(we_i),
        .data_be_i(be_i),
        .data_addr_i(addr_i),
        .data_wdata_i(wdata_i),
        .data_rdata_o(ram_rdata)
    );

    soc_fabric #(
`ifdef SOC_MEMRISTOR
        .MEMRISTOR(1),
`endif
`ifdef SOC_BUS
        .COPROCESSOR(1)
`else
        .COPROCESSOR(0)
`endif
    ) fabric (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .req_i(req_i),
        .gnt_o(gnt_o),
        .we_i(we_i),
        .be_i(be_i),
        .addr_i(addr_i),
        .wdata_i(wdata_i),
        .rvalid_o(rvalid_o),
        .rdata_o(rdata_o),
        .err_o(err_o),
        .ram_req_o(ram_req),
        .ram_rdata_i(ram_rdata),
        .memristor_req_o(memristor_req),
        .memristor_rdata_i(memristor_rdata),
        .memristor_err_i(memristor_err),
        .coprocessor_req_o(coprocessor_req),
        .coprocessor_gnt_i(coprocessor_gnt),
        .coprocessor_rvalid_i(coprocessor_rvalid),
        .coprocessor_rdata_i(coprocessor_rdata),
        .coprocessor_err_i(coprocessor_err),
        .instr_req_i(instr_req_i)
    );

`ifdef SOC_BUS
    pulsewright_obi coprocessor (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .irq_o(irq_o),
        .event_o(),
        .clock_enable_o(),
        .obi_req_i(coprocessor_req),
        .obi_gnt_o(coprocessor_gnt),
        .obi_addr_i(addr_i),
        .obi_we_i(we_i),
        .obi_be_i(be_i),
        .obi_wdata_i(wdata_i),
        .obi_aid_i(1'b0),
        .obi_rvalid_o(coprocessor_rvalid),
        .obi_rready_i(1'b1),
        .obi_rdata_o(coprocessor_rdata),
        .obi_err_o(coprocessor_err),
        .obi_rid_o()
    );
`else
    assign coprocessor_gnt = 1'b1;
    assign coprocessor_rvalid = 1'b0;
    assign coprocessor_rdata = 32'd0;
    assign coprocessor_err = 1'b0;
    assign irq_o = 1'b0;
`endif

`ifdef SOC_MEMRISTOR
    // Room for any number of devices; a shorter image leaves the rest as it is.
    memristor #(
        .FILE("memristor.hex"),
        .WORDS(1 << 18)
    ) device (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .req_i(memristor_req),
        .we_i(we_i),
        .addr_i(addr_i[11:0]),
        .wdata_i(wdata_i),
        .rdata_o(memristor_rdata),
        .err_o(memristor_err)
    );
`else
    assign memristor_rdata = 32'd0;
    assign memristor_err = 1'b0;
`endif
endmodule
