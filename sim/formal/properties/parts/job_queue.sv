// SPDX-License-Identifier: Apache-2.0
// One job that runs and one that waits: none is lost, none runs over another, numbers follow.
module part_properties (
    input wire clk,
    input wire rst,
    input wire acquire,
    input wire commit,
    input wire trigger,
    input wire done,
    input wire clear,
    input wire release_,
    input wire acquired,
    input wire waiting,
    input wire untriggered,
    input wire due,
    input wire running,
    input wire begins,
    input wire first,
    input wire [7:0] job,
    input wire [7:0] next_job
);
    reg ran = 1'b0;
    always @(posedge clk) ran <= !rst;

    wire drops = clear || release_;
    reg last_begins, last_running, last_ends, last_waiting, last_drops, last_commit;
    reg last_all, last_acquires, last_kept;
    reg [7:0] last_job, last_next;
    always @(posedge clk) begin
        last_begins <= begins;
        last_running <= running;
        last_ends <= done || clear;
        last_waiting <= waiting;
        last_drops <= drops;
        last_commit <= commit;
        last_all <= clear && release_;
        last_acquires <= acquire && !commit && !drops;
        last_kept <= acquired && !commit && !drops;
        last_job <= job;
        last_next <= next_job;
    end

    always @* begin
        if (rst) assert (!running && !waiting && !acquired && job == 8'd0 && next_job == 8'd0);
        else begin
            // A job begins where none runs, or in the cycle in which the one before ends.
            if (begins) assert (!running || done);
            // What is due does not wait longer than that.
            if (due && !drops && (!running || done)) assert (begins);
            if (untriggered && !trigger) assert (!begins);
        end
        if (ran && !rst) begin
            assert (running == (last_begins || (last_running && !last_ends)));
            assert (first == last_begins);
            // What is committed runs or waits, unless it is dropped.
            if ((last_waiting || last_commit) && !last_drops) assert (last_begins || waiting);
            if (waiting) assert ((last_waiting || last_commit) && !last_begins && !last_drops);
            assert (acquired == (last_acquires || last_kept));
            // Numbers are given one after the other, and begin anew after a clear of everything.
            if (last_all) assert (job == 8'd0 && next_job == 8'd0);
            else begin
                if (last_begins) assert (job == last_next);
                else assert (job == last_job);
                if (last_begins || (last_drops && last_waiting))
                    assert (next_job == last_next + 8'd1);
                else assert (next_job == last_next);
            end
            cover (last_begins && last_running && last_waiting);
            cover (last_waiting && last_drops && !waiting);
            cover (waiting && untriggered && !running);
        end
    end
endmodule
