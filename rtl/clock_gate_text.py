# SPDX-License-Identifier: Apache-2.0
"""Verilog-2005 of the gate of a coprocessor's clock."""

CLOCK_GATE = "pulsewright_clock_gate"
CLOCK_GATE_GUARD = "PULSEWRIGHT_CLOCK_GATE"
CLOCK_GATE_OPEN = "PULSEWRIGHT_CLOCK_GATE_OPEN"
CLOCK_GATE_PORTS = {"clock": "clk_i", "enable": "enable_i", "gated": "clk_o"}
CLOCK_GATE_TEXT = f"""`ifndef {CLOCK_GATE_GUARD}
`define {CLOCK_GATE_GUARD}
// A gate of a clock: a latch that is open while the clock is low, and an AND.
// Who has a cell for it defines {CLOCK_GATE_GUARD} and brings a module of this name and
// these ports. FPGAs, whose clocks should not pass through logic, define
// {CLOCK_GATE_OPEN}: the clock then always runs, and nothing else changes.
module {CLOCK_GATE} (
  input wire clk_i,  // clock, rising edge
  input wire enable_i,  // the next rising edge is passed on; looked at while clk_i is low
  output wire clk_o  // the clock, low while it is stopped
);
`ifdef {CLOCK_GATE_OPEN}
  assign clk_o = clk_i;
`else
  reg enabled;
  // verilator lint_off LATCH
  always @* if (!clk_i) enabled = enable_i;
  // verilator lint_on LATCH
  assign clk_o = clk_i & enabled;
`endif
endmodule
`endif
"""
