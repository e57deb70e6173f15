    // SPDX-License-Identifier: Apache-2.0
    // The engine with one multiplier, from inside its module: a result that is offered stays until
    // it is taken, whatever the other side, and the next vector is begun no earlier.
    wire works = running || fetched_valid || loaded_valid || multiplied_valid;

    reg ran = 1'b0;
    reg last_waits;
    reg [$bits(result__payload) - 1:0] last_payload;
    always @(posedge clk) begin
        ran <= !rst;
        last_waits <= result__valid && !result__ready && !restart;
        last_payload <= result__payload;
    end

    always @* begin
        if (rst) assert (!result__valid);
        else begin
            if (ran && last_waits) assert (result__valid && result__payload == last_payload);
            // What of the state makes that so in every state, and not only in those that are met.
            if (result__valid) assert (busy && !works);
            if (works) assert (busy);
            if (!running) assert (row == 0);
            if (fetched_ends) assert (fetched_valid && !running);
            if (loaded_outputs || loaded_ends_pass || loaded_ends) assert (loaded_valid);
            if (loaded_ends) assert (!running && !fetched_valid);
            if (multiplied_outputs || multiplied_ends_pass || multiplied_ends)
                assert (multiplied_valid);
            if (multiplied_ends) assert (!running && !fetched_valid && !loaded_valid);
            cover (ran && last_waits && result__ready);
        end
    end
