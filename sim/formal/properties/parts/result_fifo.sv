    // SPDX-License-Identifier: Apache-2.0
    // The FIFO of results, from inside its module: each word comes out once, in order and as it went
    // in, and the level tells how many are inside. Of the words any one place is watched, which the
    // solver chooses. Nothing is taken out of an empty FIFO, nor put into a full one: that is what
    // `level` and `ready` are for.
    localparam [8:0] DEPTH = PARAMETER_DEPTH;

    (* anyconst *) reg [7:0] place;
    reg inside = 1'b0;
    reg [$bits(vector) - 1:0] kept;
    reg ran = 1'b0;
    reg [8:0] next_head = 9'd0, next_tail = 9'd0;
    wire [8:0] end_of_words = head + level;
    wire [8:0] from_head = place >= head ? place - head : place + DEPTH - head;

    always @(posedge clk) begin
        ran <= !rst;
        if (rst || clear) inside <= 1'b0;
        else if (push && tail == place) inside <= 1'b1;
        else if (pop && head == place) inside <= 1'b0;
        if (push && tail == place) kept <= vector;
        next_head <= clear ? 9'd0 : pop ? (head == DEPTH - 1 ? 9'd0 : head + 9'd1) : head;
        next_tail <= clear ? 9'd0 : push ? (tail == DEPTH - 1 ? 9'd0 : tail + 9'd1) : tail;
    end

    always @* begin
        assume (place < DEPTH);
        if (rst) assert (level == 0);
        else begin
            if (push) assume (ready);
            if (pop) assume (level != 0);
            assert (ready == (level != DEPTH));
            assert (level <= DEPTH && head < DEPTH && tail < DEPTH);
            assert (tail == (end_of_words >= DEPTH ? end_of_words - DEPTH : end_of_words));
            assert (inside == (from_head < level));
            if (inside) assert (vectors[place] == kept);
            if (pop && head == place) assert (inside && word == kept);
            if (ran) assert (head == next_head && tail == next_tail);
            cover (ran && level == DEPTH && tail != 0);
            cover (ran && pop && push && !clear && level == 1);
        end
    end
