// SPDX-License-Identifier: Apache-2.0
// OBI interconnect: one manager, and by address RAM, the words of the test bench, the coprocessor,
// and a memristive device. Everything but the coprocessor answers in the cycle after the grant, and
// waits while the coprocessor owes an answer, so that answers keep the order of the requests.
//
// Faults of the coprocessor's port that firmware has to survive: 1 every access is refused,
// 2 IDENTITY reads 0, 3 VERSION of another major, 4 STATUS busy for ever, 5 no answer, 6 one input
// more than there is. A watchdog answers in place of a coprocessor that does not.
module soc_fabric #(
    parameter WATCHDOG_CYCLES = 4096,
    parameter MEMRISTOR = 0,
    parameter COPROCESSOR = 1
) (
    input         clk_i,
    input         rst_ni,
    input         req_i,
    output        gnt_o,
    input         we_i,
    input  [ 3:0] be_i,
    input  [31:0] addr_i,
    input  [31:0] wdata_i,
    output        rvalid_o,
    output [31:0] rdata_o,
    output        err_o,
    output        ram_req_o,
    input  [31:0] ram_rdata_i,
    output        memristor_req_o,
    input  [31:0] memristor_rdata_i,
    input         memristor_err_i,
    output        coprocessor_req_o,
    input         coprocessor_gnt_i,
    input         coprocessor_rvalid_i,
    input  [31:0] coprocessor_rdata_i,
    input         coprocessor_err_i,
    input         instr_req_i
);
    localparam [2:0] REFUSED = 3'd1, NO_IDENTITY = 3'd2, OTHER_VERSION = 3'd3, BUSY = 3'd4,
        SILENT = 3'd5, MORE_INPUTS = 3'd6;
    localparam [12:0] STATUS = 13'h0C, IDENTITY = 13'h20, VERSION = 13'h24, INPUTS = 13'h28;
    localparam [1:0] NOWHERE = 2'd0, RAM = 2'd1, CONSOLE = 2'd2, DEVICE = 2'd3;

    wire [2:0] fault;
    wire fault_set;
    wire in_ram = addr_i < 32'h0008_0000;
    wire in_console = addr_i[31:12] == 20'h1000_0;
    wire in_coprocessor = COPROCESSOR != 0 && addr_i[31:16] == 16'h2000;
    wire in_memristor = MEMRISTOR != 0 && addr_i[31:12] == 20'h3000_0;

    // At most two accesses of the coprocessor are open; `addresses` are theirs, the oldest lowest.
    reg [1:0] open;
    reg [25:0] addresses;
    reg [31:0] silent_cycles;
    reg dead;
    wire silent = fault == SILENT;
    wire waits = open != 2'd0;
    wire expired = waits && silent_cycles == WATCHDOG_CYCLES;
    wire answered = waits && (expired || dead || (coprocessor_rvalid_i && !silent));
    wire refuses = fault == REFUSED || dead;

    wire to_coprocessor = in_coprocessor && !refuses;
    wire forwarded = req_i && to_coprocessor && !silent && open != 2'd2;
    wire local_free = !waits || (open == 2'd1 && answered);
    assign coprocessor_req_o = forwarded;
    assign gnt_o = to_coprocessor ? open != 2'd2 && (silent || coprocessor_gnt_i) : local_free;
    wire granted = req_i && gnt_o;
    wire granted_local = granted && !to_coprocessor;
    assign ram_req_o = granted_local && in_ram;
    assign memristor_req_o = granted_local && in_memristor;

    reg local_valid;
    reg [1:0] local_from;
    wire [31:0] console_rdata;
    always @(posedge clk_i or negedge rst_ni)
        if (!rst_ni) begin
            open <= 2'd0;
            addresses <= 26'd0;
            silent_cycles <= 32'd0;
            dead <= 1'b0;
            local_valid <= 1'b0;
            local_from <= NOWHERE;
        end else begin
            open <= open + {1'b0, granted && to_coprocessor} - {1'b0, answered};
            if (granted && to_coprocessor) begin
                if (open - {1'b0, answered} == 2'd0) addresses[12:0] <= addr_i[12:0];
                else addresses[25:13] <= addr_i[12:0];
            end
            if (answered && open == 2'd2) addresses[12:0] <= addresses[25:13];
            silent_cycles <= waits && !answered ? silent_cycles + 32'd1 : 32'd0;
            if (fault_set) dead <= 1'b0;
            else if (expired) dead <= 1'b1;
            local_valid <= granted_local;
            local_from <= in_ram ? RAM : in_console ? CONSOLE : in_memristor ? DEVICE : NOWHERE;
        end

    reg [31:0] read;
    always @* begin
        read = coprocessor_rdata_i;
        if (fault == NO_IDENTITY && addresses[12:0] == IDENTITY) read = 32'd0;
        if (fault == OTHER_VERSION && addresses[12:0] == VERSION) read = read + 32'h0001_0000;
        if (fault == BUSY && addresses[12:0] == STATUS) read = read | 32'd1;
        if (fault == MORE_INPUTS && addresses[12:0] == INPUTS) read = read + 32'd1;
    end
    wire no_answer = expired || dead;
    assign rvalid_o = local_valid || answered;
    assign rdata_o = answered ? (no_answer ? 32'd0 : read) : local_from == RAM ? ram_rdata_i :
        local_from == CONSOLE ? console_rdata : local_from == DEVICE ? memristor_rdata_i : 32'd0;
    assign err_o = answered ? no_answer || coprocessor_err_i :
        local_from == NOWHERE || (local_from == DEVICE && memristor_err_i);

    soc_console console (
        .clk_i(clk_i),
        .rst_ni(rst_ni),
        .req_i(granted_local && in_console),
        .we_i(we_i),
        .addr_i(addr_i[4:2]),
        .wdata_i(wdata_i),
        .rdata_o(console_rdata),
        .accesses_i({1'b0, instr_req_i} + {1'b0, ram_req_o}),
        .fault_o(fault),
        .fault_set_o(fault_set)
    );
endmodule
