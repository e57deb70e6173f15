// SPDX-License-Identifier: Apache-2.0
// In place of the coprocessor behind an attachment: registers that answer what and when they like.
//
// MAX_WAIT: cycles that they let an access wait, at most; 0 for any number. KEEPS: an access stays as
// it is until it is answered, which is proven of what is in front; not so where that bounds waits.
module any_registers #(
    parameter MAX_WAIT = 0,
    parameter KEEPS = 1
) (
    input wire clk,
    input wire rst,
    input wire bus__valid,
    input wire [11:0] bus__address,
    input wire bus__write,
    input wire [3:0] bus__byte_enable,
    input wire [31:0] bus__write_data,
    output wire bus__ready,
    output wire [31:0] bus__read_data,
    output wire bus__error,
    input wire refused_at_port,
    output wire irq,
    output wire active,
    output wire event_
);
    (* anyseq *) reg ready, error, any_irq, any_active, any_event;
    (* anyseq *) reg [31:0] read_data;
    assign bus__ready = ready;
    assign bus__error = error;
    assign bus__read_data = read_data;
    assign irq = any_irq;
    assign active = any_active;
    assign event_ = any_event;

    reg ran = 1'b0;
    reg last_waits;
    reg [48:0] last_fields;
    reg [7:0] waited = 8'd0;
    wire waits = bus__valid && !ready;
    // Of a read the word means nothing.
    wire [31:0] word = bus__write ? bus__write_data : 32'd0;
    wire [48:0] fields = {bus__address, bus__write, bus__byte_enable, word};
    always @(posedge clk) begin
        ran <= !rst;
        last_waits <= waits;
        last_fields <= fields;
        waited <= !rst && waits ? waited + 8'd1 : 8'd0;
    end
    always @* begin
        if (ready) assume (bus__valid);
        if (MAX_WAIT != 0) assume (!(waits && waited >= MAX_WAIT));
        if (rst) assert (!bus__valid);
        if (KEEPS && !rst && ran && last_waits) begin
            assert (bus__valid);
            assert (fields == last_fields);
        end
    end
endmodule
