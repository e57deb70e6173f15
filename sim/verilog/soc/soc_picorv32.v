// SPDX-License-Identifier: Apache-2.0
// PicoRV32 with the platform. RAM answers without a wait cycle through the look-ahead port; other
// accesses go through the interconnect. The core has no bus errors: a refused read gives all ones.
module soc_picorv32 (
    input clk_i,
    input rst_ni
);
    wire trap, mem_valid, mem_ready, mem_la_read;
    wire [31:0] mem_addr, mem_wdata, mem_rdata, mem_la_addr;
    wire [3:0] mem_wstrb;
    wire pcpi_valid, pcpi_wr, pcpi_wait, pcpi_ready;
    wire [31:0] pcpi_insn, pcpi_rs1, pcpi_rs2, pcpi_rd;

    picorv32 #(
        .ENABLE_PCPI(1),
        .ENABLE_FAST_MUL(1),
        .ENABLE_DIV(1),
        .COMPRESSED_ISA(1),
        .BARREL_SHIFTER(1),
        .TWO_CYCLE_COMPARE(0),
        .TWO_CYCLE_ALU(0),
        .PROGADDR_RESET(32'h80)
    ) core (
        .clk(clk_i),
        .resetn(rst_ni),
        .trap(trap),
        .mem_valid(mem_valid),
        .mem_instr(),
        .mem_ready(mem_ready),
        .mem_addr(mem_addr),
        .mem_wdata(mem_wdata),
        .mem_wstrb(mem_wstrb),
        .mem_rdata(mem_rdata),
        .mem_la_read(mem_la_read),
        .mem_la_write(),
        .mem_la_addr(mem_la_addr),
        .mem_la_wdata(),
        .mem_la_wstrb(),
        .pcpi_valid(pcpi_valid),
        .pcpi_insn(pcpi_insn),
        .pcpi_rs1(pcpi_rs1),
        .pcpi_rs2(pcpi_rs2),
        .pcpi_wr(pcpi_wr),
        .pcpi_rd(pcpi_rd),
        .pcpi_wait(pcpi_wait),
        .pcpi_ready(pcpi_ready),
        .irq(32'd0),
        .eoi(),
        .trace_valid(),
        .trace_data()
    );

    always @(posedge clk_i)
        if (rst_ni && trap) begin
            $display("\ntrap");
            $finish;
        end

    // A read of RAM was looked up a cycle ahead and is answered at once; all else asks and waits.
    wire write = mem_wstrb != 4'd0;
    wire looked_up = mem_valid && !write && mem_addr < 32'h0008_0000;
    wire gnt, rvalid, err;
    wire [31:0] instr_rdata, data_rdata;
    reg waits;
    // A write to RAM needs no answer, so that it takes as little as a read.
    wire posted = mem_valid && write && mem_addr < 32'h0008_0000;
    wire asks = mem_valid && !looked_up && !waits;
    always @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) waits <= 1'b0;
        else if (asks && gnt && !posted) waits <= 1'b1;
        else if (rvalid) waits <= 1'b0;
    assign mem_ready = looked_up || (posted && gnt) || (waits && rvalid);
    assign mem_rdata = looked_up ? instr_rdata : err ? 32'hFFFF_FFFF : data_rdata;

    soc_platform platform (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .instr_req_i(mem_la_read),
        .instr_addr_i(mem_la_addr),
        .instr_rdata_o(instr_rdata),
        .req_i(asks),
        .gnt_o(gnt),
        .we_i(write),
        .be_i(write ? mem_wstrb : 4'hF),
        .addr_i(mem_addr),
        .wdata_i(mem_wdata),
        .rvalid_o(rvalid),
        .rdata_o(data_rdata),
        .err_o(err),
        .irq_o()
    );

`ifdef SOC_INSTRUCTION
    pulsewright_pcpi coprocessor (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .irq_o(),
        .event_o(),
        .clock_enable_o(),
        .pcpi_valid_i(pcpi_valid),
        .pcpi_insn_i(pcpi_insn),
        .pcpi_rs1_i(pcpi_rs1),
        .pcpi_rs2_i(pcpi_rs2),
        .pcpi_wr_o(pcpi_wr),
        .pcpi_rd_o(pcpi_rd),
        .pcpi_wait_o(pcpi_wait),
        .pcpi_ready_o(pcpi_ready)
    );
`else
    assign pcpi_wr = 1'b0;
    assign pcpi_rd = 32'd0;
    assign pcpi_wait = 1'b0;
    assign pcpi_ready = 1'b0;
`endif
endmodule
