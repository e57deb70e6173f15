    // SPDX-License-Identifier: Apache-2.0
    // The requantiser of a lane, from inside its layer: for every accumulator the activation is
    // 0 below zero, else accumulator / 2^SHIFT, rounded, and TOP at most. ROUNDING: 0 half to even,
    // 1 half up, 2 down.
    localparam SHIFT = PARAMETER_SHIFT;
    localparam ROUNDING = PARAMETER_ROUNDING;
    localparam WIDTH = $bits(accumulator_PARAMETER_LANE) + 2;
    localparam signed [WIDTH - 1:0] TOP = PARAMETER_TOP;

    wire signed [WIDTH - 1:0] value = $signed(accumulator_PARAMETER_LANE);
    wire signed [WIDTH - 1:0] down = value >>> SHIFT;
    wire signed [WIDTH - 1:0] rest = value - (down <<< SHIFT);
    wire signed [WIDTH - 1:0] twice = rest <<< 1;
    wire signed [WIDTH - 1:0] step = 1 <<< SHIFT;
    wire goes_up = ROUNDING == 2 ? 1'b0
        : twice > step || (twice == step && (ROUNDING == 1 || down[0]));
    wire signed [WIDTH - 1:0] nearest = goes_up ? down + 1 : down;
    wire signed [WIDTH - 1:0] clipped = nearest < 0 ? 0 : nearest > TOP ? TOP : nearest;

    reg computed = 1'b0;
    reg signed [WIDTH - 1:0] expected;
    always @(posedge clk)
        if (activate_load) begin
            computed <= 1'b1;
            expected <= clipped;
        end
    always @* if (computed) assert ($signed({1'b0, activation_PARAMETER_LANE}) == expected);
    always @* cover (computed && expected == TOP);
    always @* cover (computed && expected == 0);
