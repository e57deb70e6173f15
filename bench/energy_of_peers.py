# SPDX-License-Identifier: Apache-2.0
"""Energy of designs of one inference a cycle in standard cells, on the same rows."""

import re
from pathlib import Path

import numpy as np

from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.synth.cells.cell_library import read_library
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.energy.gate_run import (
    BUSY,
    IDLE,
    PERIOD_PS,
    RESULTS,
    WAVES,
    EnergyRun,
    run_gates,
)
from pulsewright.synth.foreign.wrapper import WRAPPER
from pulsewright.synth.tools.yosys import read_netlist

WARM_ROWS, IDLE_CYCLES = 20, 64
# Names of the ports with codes and results, of our engines and of da4ml's modules.
CODES, ANSWERS = ("vector_data_i", "model_inp"), ("result_data_o", "model_out")

_BENCH = """`timescale 1ps/1ps
module bench;
  reg clk_i = 0, rst_ni = 0;
  reg [{input_bits}:0] codes = 0;
  reg [{input_bits}:0] rows [0:{last_row}];
  wire [{output_bits}:0] answer;
  integer row, place, results, file; time since;
  {top} dut (.clk_i(clk_i), .rst_ni(rst_ni), {joined});
  always #{half_period} clk_i = ~clk_i;
  initial begin
    $readmemh("rows.hex", rows);
    results = $fopen("{results}", "w");
    repeat (4) @(posedge clk_i); #500 rst_ni = 1;
    for (row = 0; row < {rows}; row = row + 1) begin
      if (row == {dumped}) begin $dumpfile("{waves}"); $dumpvars(1, dut); end
      if (row == {warm}) since = $time;
      codes = rows[row];
      @(posedge clk_i);
      if (row >= {latency}) $fdisplay(results, "%h", answer);
      #500;
    end
    file = $fopen("{busy}", "w");
    $fdisplay(file, "%0d %0d %0d", {counted}, since, $time);
    $fclose(file);
    for (place = 0; place < {latency}; place = place + 1) begin
      @(posedge clk_i); $fdisplay(results, "%h", answer); #500;
    end
    since = $time;
    repeat ({idle_cycles}) @(posedge clk_i);
    #500 file = $fopen("{idle}", "w");
    $fdisplay(file, "%0d %0d %0d", {idle_cycles}, since, $time);
    $fclose(file);
    $finish;
  end
endmodule
"""


def energy_of(
    model: IntegerMlp, latency: int, codes: IntegerArray, chosen: ChosenCells, folder: Path
) -> EnergyRun:
    """Run rows of input codes (rows, inputs), one a cycle, through what was mapped in `folder`.

    latency: in cycles, from the clock edge that takes a row. The first rows are not counted.
    """
    library = read_library(chosen.technology.corners[TYPICAL])
    netlist = Netlist(WRAPPER, read_netlist(folder / f"{WRAPPER}.json", WRAPPER), library)
    names = dict(re.findall(r"\.\\(\w+) \((port_\d+)\)", (folder / f"{WRAPPER}.v").read_text()))
    widths = {port: len(nets) for port, (_, nets) in netlist.ports.items()}
    answer = next(names[name] for name in ANSWERS if name in names)
    joined = [f".{names[name]}(codes)" for name in CODES if name in names]
    joined.append(f".{answer}(answer)")
    # There is always a row, and its result is always taken.
    joined += [
        f".{port}(1'b1)"
        for port, (direction, _) in netlist.ports.items()
        if direction == "input" and port in names.values() and widths[port] == 1
    ]
    bench = _BENCH.format(
        top=WRAPPER,
        joined=", ".join(joined),
        input_bits=model.input_format.width * model.sizes[0] - 1,
        output_bits=widths[answer] - 1,
        rows=len(codes),
        last_row=len(codes) - 1,
        latency=latency,
        warm=WARM_ROWS,
        dumped=WARM_ROWS - 1,
        counted=len(codes) - WARM_ROWS,
        half_period=PERIOD_PS // 2,
        idle_cycles=IDLE_CYCLES,
        results=RESULTS,
        busy=BUSY,
        idle=IDLE,
        waves=WAVES,
    )
    run = fresh_folder(folder / "energy")
    words = _words(codes, model.input_format.width)
    (run / "rows.hex").write_text("".join(f"{word:x}\n" for word in words), encoding="utf-8")
    expected = [one & (1 << widths[answer]) - 1 for one in model.infer(codes)[:, 0].tolist()]
    counted = len(codes) - WARM_ROWS
    return run_gates(netlist, bench, counted, expected, is_bus=False, folder=run)


def _words(rows: IntegerArray, width: int) -> list[int]:
    mask = (1 << width) - 1
    return [
        sum((int(code) & mask) << (place * width) for place, code in enumerate(row)) for row in rows
    ]


def random_codes(model: IntegerMlp, rows: int) -> IntegerArray:
    """Drawn from all codes (rows, inputs), with those that are not counted."""
    low, high = model.input_format.minimum, model.input_format.maximum
    drawn = np.random.default_rng(1).integers(low, high + 1, (rows + WARM_ROWS, model.sizes[0]))
    return np.asarray(drawn, dtype=np.int64)
