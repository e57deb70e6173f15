# SPDX-License-Identifier: Apache-2.0
"""A test bench that keeps a bare engine busy with rows, then lets it idle."""

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.synth.energy.gate_run import BUSY, IDLE, PERIOD_PS, RESULTS, WAVES

# Rows before and behind those that are counted, so that the pipeline is full all the time.
WARM_ROWS, TAIL_ROWS = 2, 2
SETTLING_CYCLES, IDLE_CYCLES = 16, 64
# Inputs come from registers, and move after the edge.
INPUT_DELAY_PS = 500
ROWS = "rows.hex"

_BENCH = """`timescale 1ps/1ps
module bench;
  reg clock = 0, reset_n = 0, valid = 0;
  reg [{input_bits}:0] data = 0;
  wire ready, result_valid;
  wire [{output_bits}:0] result;
  reg [{input_bits}:0] rows [0:{last_row}];
  integer given = 0, taken = 0, cycles = 0, start = 0, results, busy, idle;
  time since;
  {top} dut (
    .clk_i(clock), .rst_ni(reset_n),
    .vector_valid_i(valid), .vector_ready_o(ready), .vector_data_i(data),
    .result_valid_o(result_valid), .result_ready_i(1'b1), .result_data_o(result)
  );
  always #{half_period} clock = ~clock;
  always @(posedge clock) cycles = cycles + 1;
  initial begin
    $dumpfile("{waves_file}");
    $dumpvars(1, dut);
    $readmemh("{rows_file}", rows);
    results = $fopen("{results_file}", "w");
    busy = $fopen("{busy_file}", "w");
    idle = $fopen("{idle_file}", "w");
    repeat (4) @(posedge clock);
    #{input_delay} reset_n = 1;
    repeat (2) @(posedge clock);
    while (given <= {last_row}) begin
      #{input_delay} valid = 1; data = rows[given]; given = given + 1;
      @(posedge clock);
      while (!ready) @(posedge clock);
    end
    #{input_delay} valid = 0;
  end
  always @(posedge clock) if (reset_n && result_valid) begin
    $fdisplay(results, "%h", result);
    taken = taken + 1;
    if (taken == {warm_rows}) begin start = cycles; since = $time; end
    if (taken == {counted_end}) $fdisplay(busy, "%0d %0d %0d", cycles - start, since, $time);
    if (taken == {last_row} + 1) begin
      repeat ({settling}) @(posedge clock);
      since = $time;
      repeat ({idle_cycles}) @(posedge clock);
      $fdisplay(idle, "%0d %0d %0d", {idle_cycles}, since, $time);
      $finish;
    end
  end
  initial begin
    repeat ({patience}) @(posedge clock);
    $display("no result for too long");
    $finish;
  end
endmodule
"""


def engine_bench(top: str, model: IntegerMlp, counted: int, cycles_a_row: int) -> str:
    """Verilog of the module `bench` around the engine `top`.

    counted: rows whose energy is counted. cycles_a_row: more than an inference takes.
    """
    rows = WARM_ROWS + counted + TAIL_ROWS
    return _BENCH.format(
        top=top,
        input_bits=model.input_format.width * model.sizes[0] - 1,
        output_bits=model.output_format.width * model.outputs - 1,
        last_row=rows - 1,
        half_period=PERIOD_PS // 2,
        input_delay=INPUT_DELAY_PS,
        warm_rows=WARM_ROWS,
        counted_end=WARM_ROWS + counted,
        settling=SETTLING_CYCLES,
        rows_file=ROWS,
        results_file=RESULTS,
        busy_file=BUSY,
        idle_file=IDLE,
        waves_file=WAVES,
        idle_cycles=IDLE_CYCLES,
        patience=rows * cycles_a_row + 1000,
    )
