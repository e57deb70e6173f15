// SPDX-License-Identifier: Apache-2.0
// Pending interrupts: nothing is lost, nothing comes from nowhere, and irq tells of all of them.
//
// FIFO: 1 if results are taken from a FIFO, which is an interrupt of its own.
module part_properties #(
    parameter FIFO = 1
) (
    input wire clk,
    input wire rst,
    input wire job_ended,
    input wire fifo_not_empty,
    input wire access_refused,
    input wire [2:0] clear,
    input wire clear_all,
    input wire [2:0] enable,
    input wire irq,
    input wire unsettled,
    input wire access_refused_pending,
    input wire job_ended_pending
);
    reg ran = 1'b0;
    always @(posedge clk) ran <= !rst;

    wire [2:0] pending = {access_refused_pending, fifo_not_empty, job_ended_pending};
    reg last_ended, last_refused, last_ended_cleared, last_refused_cleared;
    reg last_ended_pending, last_refused_pending, last_raised;
    always @(posedge clk) begin
        last_ended <= job_ended;
        last_refused <= access_refused;
        last_ended_cleared <= clear[0] || clear_all;
        last_refused_cleared <= clear[2] || clear_all;
        last_ended_pending <= job_ended_pending;
        last_refused_pending <= access_refused_pending;
        last_raised <= (pending & enable) != 3'd0;
    end

    always @* begin
        if (ran && !rst) begin
            // What happens while it is cleared is of the next one, and stays.
            assert (job_ended_pending == (last_ended || (last_ended_pending && !last_ended_cleared)));
            assert (access_refused_pending
                == (last_refused || (last_refused_pending && !last_refused_cleared)));
            assert (irq == last_raised);
            cover (last_ended && last_ended_pending && last_ended_cleared);
            if (FIFO != 0)
                cover (irq && !job_ended_pending && !access_refused_pending && fifo_not_empty);
        end
        if (rst) assert (!irq && !job_ended_pending && !access_refused_pending);
        if (!rst && !unsettled) assert (irq == ((pending & enable) != 3'd0));
    end
endmodule
