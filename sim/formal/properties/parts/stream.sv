// SPDX-License-Identifier: Apache-2.0
// A stream of an engine: a result that is offered stays until it is taken, whatever the other side.
//
// WIDTH: of the payload.
module part_properties #(
    parameter WIDTH = 1
) (
    input wire clk,
    input wire rst,
    input wire restart,
    input wire valid,
    input wire ready,
    input wire [WIDTH - 1:0] payload
);
    reg ran = 1'b0;
    always @(posedge clk) ran <= !rst;

    reg last_waits;
    reg [WIDTH - 1:0] last_payload;
    always @(posedge clk) begin
        last_waits <= valid && !ready && !restart;
        last_payload <= payload;
    end

    always @* begin
        if (rst) assert (!valid);
        if (ran && !rst && last_waits) assert (valid && payload == last_payload);
        cover (ran && !rst && last_waits && ready);
    end
endmodule
