// SPDX-License-Identifier: Apache-2.0
// PicoRV32 with the coprocessor (module pulsewright_pcpi) on its PCPI; its memory is a port.
module picorv32_pcpi (
    input         clk_i,
    input         rst_ni,
    output        trap_o,
    output        irq_o,
    output        event_o,
    output        clock_enable_o,
    output        mem_valid_o,
    input         mem_ready_i,
    output [31:0] mem_addr_o,
    output [31:0] mem_wdata_o,
    output [ 3:0] mem_wstrb_o,
    input  [31:0] mem_rdata_i,
    output        pcpi_valid_o,
    output        pcpi_ready_o
);
    wire [31:0] insn, rs1, rs2, rd;
    wire        waits, wr;

    picorv32 #(
        .ENABLE_PCPI(1)
    ) core (
        .clk(clk_i),
        .resetn(rst_ni),
        .trap(trap_o),
        .mem_valid(mem_valid_o),
        .mem_instr(),
        .mem_ready(mem_ready_i),
        .mem_addr(mem_addr_o),
        .mem_wdata(mem_wdata_o),
        .mem_wstrb(mem_wstrb_o),
        .mem_rdata(mem_rdata_i),
        .mem_la_read(),
        .mem_la_write(),
        .mem_la_addr(),
        .mem_la_wdata(),
        .mem_la_wstrb(),
        .pcpi_valid(pcpi_valid_o),
        .pcpi_insn(insn),
        .pcpi_rs1(rs1),
        .pcpi_rs2(rs2),
        .pcpi_wr(wr),
        .pcpi_rd(rd),
        .pcpi_wait(waits),
        .pcpi_ready(pcpi_ready_o),
        .irq(32'd0),
        .eoi(),
        .trace_valid(),
        .trace_data()
    );

    pulsewright_pcpi coprocessor (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .irq_o(irq_o),
        .event_o(event_o),
        .clock_enable_o(clock_enable_o),
        .pcpi_valid_i(pcpi_valid_o),
        .pcpi_insn_i(insn),
        .pcpi_rs1_i(rs1),
        .pcpi_rs2_i(rs2),
        .pcpi_wr_o(wr),
        .pcpi_rd_o(rd),
        .pcpi_wait_o(waits),
        .pcpi_ready_o(pcpi_ready_o)
    );
endmodule
