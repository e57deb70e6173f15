// SPDX-License-Identifier: Apache-2.0
// Hands vectors to a bare engine and compares its results: ROWS at full pace on both sides, then
// the first STALLED_ROWS again with random idle cycles, INTERVAL / 2 a vector, and random
// backpressure, INTERVAL + 1 cycles a result. Argument: +rows=<number>, at most so many of each.
// At the end one line: number, results, wrong ones, broken stream rules, shortest and longest
// interval between results at full pace, cycles from the first vector to its result; -1: unknown.
module engine_check #(
    parameter NUMBER = 0,
    parameter VECTOR_BITS = 1,
    parameter RESULT_BITS = 1,
    parameter ROWS = 1,
    parameter STALLED_ROWS = 0,
    parameter INTERVAL = 1,
    parameter VECTORS = "vectors.hex",
    parameter RESULTS = "results.hex"
) (
    input wire clk_i,
    input wire rst_ni,
    output wire vector_valid_o,
    input wire vector_ready_i,
    output wire [VECTOR_BITS-1:0] vector_data_o,
    input wire result_valid_i,
    output wire result_ready_o,
    input wire [RESULT_BITS-1:0] result_data_i,
    output reg done_o
);
    reg [VECTOR_BITS-1:0] vectors[0:ROWS-1];
    reg [RESULT_BITS-1:0] results[0:ROWS-1];
    integer rows, total;
    initial begin
        $readmemh(VECTORS, vectors);
        $readmemh(RESULTS, results);
        if (!$value$plusargs("rows=%d", rows) || rows > ROWS) rows = ROWS;
        total = rows + (rows < STALLED_ROWS ? rows : STALLED_ROWS);
    end

    reg [31:0] random;
    reg offers, takes;
    reg held;
    reg [RESULT_BITS-1:0] held_data;
    integer sent, received, wrong, broken, cycle, last_result, shortest, longest, latency;

    wire accepted = vector_valid_o && vector_ready_i === 1'b1;
    wire shown = result_valid_i === 1'b1;
    wire taken = shown && result_ready_o;
    wire [31:0] next_sent = sent + (accepted ? 1 : 0);
    wire [31:0] next_received = received + (taken ? 1 : 0);
    wire signed [31:0] interval = cycle - last_result;
    wire arrives = random[15:0] % (1 + (INTERVAL + 1) / 2) == 0;
    wire leaves = random[31:16] % (INTERVAL + 2) == 0;
    // An offer stands until it is taken.
    wire stands = vector_valid_o && !accepted;

    assign vector_valid_o = offers;
    assign vector_data_o = vectors[sent < rows ? sent : sent - rows];
    assign result_ready_o = takes;

    always @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
            random <= 32'h2545F491 + NUMBER;
            offers <= 1'b0;
            takes <= 1'b0;
            held <= 1'b0;
            held_data <= {RESULT_BITS{1'b0}};
            sent <= 0;
            received <= 0;
            wrong <= 0;
            broken <= 0;
            cycle <= 0;
            last_result <= -1;
            shortest <= -1;
            longest <= -1;
            latency <= -1;
            done_o <= 1'b0;
        end else if (!done_o) begin
            random <= {random[30:0], random[31] ^ random[21] ^ random[1] ^ random[0]};
            sent <= next_sent;
            received <= next_received;
            offers <= stands || (next_sent < total && (next_sent < rows || arrives));
            takes <= next_received < rows || leaves;
            if (vector_valid_o || cycle != 0) cycle <= cycle + 1;
            if (latency < 0 && shown) latency <= cycle;
            held <= shown && !taken;
            held_data <= result_data_i;
            if (held && (!shown || result_data_i !== held_data)) broken <= broken + 1;
            if (result_valid_i === 1'bx || vector_ready_i === 1'bx) broken <= broken + 1;
            if (taken) begin
                if (result_data_i !== results[received < rows ? received : received - rows])
                    wrong <= wrong + 1;
                if (received < rows) begin
                    last_result <= cycle;
                    if (last_result >= 0 && (shortest < 0 || interval < shortest))
                        shortest <= interval;
                    if (last_result >= 0 && interval > longest) longest <= interval;
                end
            end
            done_o <= next_received == total;
        end
    end

    always @(posedge done_o)
        $display("engine %0d: %0d %0d %0d %0d %0d %0d", NUMBER, received, wrong, broken, shortest,
                 longest, latency);
endmodule
