// SPDX-License-Identifier: Apache-2.0
// Simulated memristive devices behind a few registers; not for synthesis.
//
// The state of the selected device is a place on the measured curve of the kind of pulse that it
// got last. Further pulses of that kind move it along that curve. Pulses of another kind go on from
// the first place on their own curve at which the state is the present one or more, or from its
// start if the device is fresh. The last place of a curve is never left by its own pulses.
//
// An access is granted in its own cycle and answered in the next, by rdata_o and err_o.
// FILE: image for $readmemh, made by sim/soc/memristor_curves.py. WORDS: its length.
module memristor #(
    parameter FILE  = "memristor.hex",
    parameter WORDS = 8
) (
    input  wire        clk_i,
    input  wire        rst_ni,
    input  wire        req_i,
    input  wire        we_i,
    input  wire [11:0] addr_i,
    input  wire [31:0] wdata_i,
    output reg  [31:0] rdata_o,
    output reg         err_o
);
    // Registers, byte offsets. Reads of CURRENT are counted, PULSE takes {candidate, count}.
    localparam [11:0] IDENTITY   = 12'h000;
    localparam [11:0] DEVICES    = 12'h004;
    localparam [11:0] CANDIDATES = 12'h008;
    localparam [11:0] PULSES     = 12'h00C;
    localparam [11:0] FRAC       = 12'h010;
    localparam [11:0] SELECT     = 12'h014;
    localparam [11:0] RESET      = 12'h018;
    localparam [11:0] PULSE      = 12'h01C;
    localparam [11:0] CURRENT    = 12'h020;
    localparam [11:0] APPLIED    = 12'h024;
    localparam [11:0] READS      = 12'h028;
    localparam [11:0] PARAMETER  = 12'h100;  // 32 bytes a candidate

    // Layout of the image, see memristor_curves.py.
    localparam [31:0] HEADER          = 8;
    localparam [31:0] BLOCK           = 256;
    localparam [31:0] PARAMETER_WORD  = 120;
    localparam [31:0] STATE_WORD      = 128;
    localparam [31:0] PARAMETER_WORDS = 5;

    reg [31:0] image[0:WORDS-1];
    initial $readmemh(FILE, image);

    wire [31:0] devices    = image[1];
    wire [31:0] candidates = image[2];
    wire [31:0] pulses     = image[3];

    reg [31:0] device, candidate, position, applied, reads;
    reg        moved;

    // First word of a candidate of the selected device.
    function [31:0] block(input [31:0] number);
        block = HEADER + (device * candidates + number) * BLOCK;
    endfunction

    // The first place on the curve of `number` whose state is `present` or more, else one past it.
    function [31:0] place(input [31:0] number, input [31:0] present);
        integer n;
        begin
            place = pulses;
            for (n = STATE_WORD - 1; n >= 0; n = n - 1)
                if (n < $signed(pulses) &&
                    $signed(image[block(number) + STATE_WORD + n]) >= $signed(present))
                    place = n;
        end
    endfunction

    wire [31:0] kind          = {16'd0, wdata_i[31:16]};
    wire [31:0] count         = {16'd0, wdata_i[15:0]};
    wire [31:0] of_candidate  = {25'd0, addr_i[11:5]} - 32'd8;
    wire [31:0] of_parameter  = {29'd0, addr_i[4:2]};
    wire        is_parameter  = addr_i >= PARAMETER && of_candidate < candidates &&
                                of_parameter < PARAMETER_WORDS && addr_i[1:0] == 2'd0;

    // Where `more` pulses of `number` start, and where they lead. Functions that read the registers
    // are called at the clock edge alone: a continuous assignment would not follow what they read.
    function [31:0] start(input [31:0] number);
        if (number == candidate) start = position;
        else if (!moved) start = 32'd0;
        else start = place(number, image[block(candidate) + STATE_WORD + position]);
    endfunction

    function [31:0] end_of(input [31:0] number, input [31:0] more);
        begin
            end_of = start(number) + more;
            if (end_of >= pulses) end_of = pulses - 32'd1;
        end
    endfunction

    always @(posedge clk_i or negedge rst_ni) begin
        if (!rst_ni) begin
            device    <= 32'd0;
            candidate <= 32'd0;
            position  <= 32'd0;
            moved     <= 1'b0;
            applied   <= 32'd0;
            reads     <= 32'd0;
            rdata_o   <= 32'd0;
            err_o     <= 1'b0;
        end else begin
            rdata_o <= 32'd0;
            err_o   <= 1'b0;
            if (req_i && !we_i) begin
                case (addr_i)
                    IDENTITY:   rdata_o <= image[0];
                    DEVICES:    rdata_o <= devices;
                    CANDIDATES: rdata_o <= candidates;
                    PULSES:     rdata_o <= pulses;
                    FRAC:       rdata_o <= image[4];
                    SELECT:     rdata_o <= device;
                    APPLIED:    rdata_o <= applied;
                    READS:      rdata_o <= reads;
                    CURRENT: begin
                        rdata_o <= image[block(candidate) + position];
                        reads   <= reads + 32'd1;
                    end
                    default:
                        if (is_parameter)
                            rdata_o <= image[block(of_candidate) + PARAMETER_WORD + of_parameter];
                        else err_o <= 1'b1;
                endcase
            end
            if (req_i && we_i) begin
                if (addr_i == RESET || (addr_i == SELECT && wdata_i < devices)) begin
                    if (addr_i == SELECT) device <= wdata_i;
                    candidate <= 32'd0;
                    position  <= 32'd0;
                    moved     <= 1'b0;
                    applied   <= 32'd0;
                    reads     <= 32'd0;
                end else if (addr_i == PULSE && kind < candidates) begin
                    if (count != 32'd0) begin
                        candidate <= kind;
                        position  <= end_of(kind, count);
                        moved     <= 1'b1;
                        applied   <= applied + count;
                    end
                end else err_o <= 1'b1;
            end
        end
    end
endmodule
