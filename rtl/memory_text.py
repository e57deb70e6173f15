# SPDX-License-Identifier: Apache-2.0
"""Verilog-2005 of the memories that a user replaces by SRAM macros."""

from typing import NamedTuple


class MemoryModule(NamedTuple):
    """A memory that Verilog instantiates by this name, and whose text its guard leaves out."""

    name: str
    guard: str
    text: str


def _memory(name: str, guard: str, comment: str, words: str, reads: str) -> MemoryModule:
    """A memory that differs from others in what one edge may do.

    comment: what it is. words: declaration of its contents. reads: when a word is read.
    """
    text = f"""`ifndef {guard}
`define {guard}
{comment}module {name} #(
  parameter WIDTH = 32,
  parameter DEPTH = 2,
  parameter LANES = 1,
  parameter ADDRESS_BITS = 1
) (
  input wire clk_i,  // clock, rising edge
  input wire [LANES-1:0] write_enable_i,  // a lane of WIDTH / LANES bits each is stored
  input wire [ADDRESS_BITS-1:0] write_address_i,  // less than DEPTH where a lane is stored
  input wire [WIDTH-1:0] write_data_i,
  input wire read_enable_i,  // a word is read
  input wire [ADDRESS_BITS-1:0] read_address_i,  // less than DEPTH where a word is read
  output reg [WIDTH-1:0] read_data_o
);
  localparam LANE = WIDTH / LANES;
{words}  integer lane;
  always @(posedge clk_i) begin
    for (lane = 0; lane < LANES; lane = lane + 1)
      if (write_enable_i[lane])
        words[write_address_i][lane*LANE +: LANE] <= write_data_i[lane*LANE +: LANE];
    if ({reads}) read_data_o <= words[read_address_i];
  end
endmodule
`endif
"""
    return MemoryModule(name, guard, text)


MEMORY_GUARD = "PULSEWRIGHT_MEMORY_1R1W"
TWO_PORT_GUARD = "PULSEWRIGHT_MEMORY_TWO_PORT"

# One port may serve both reads and writes: it does not read when it writes, which also frees block
# RAM of what either would give.
EITHER_PORT = _memory(
    name="pulsewright_memory_1r1w",
    guard=MEMORY_GUARD,
    comment=f"""\
// A memory of DEPTH words of WIDTH bits with a synchronous read and a write by lanes.
// Who has SRAM macros defines {MEMORY_GUARD} and brings a module of this name and these ports.
// Latency 1 cycle; read_data_o holds the word that was read last. Undefined are the contents at
// first, and what is read at an edge that writes: a macro with one port for both will do.
""",
    words="  reg [WIDTH-1:0] words [0:DEPTH-1];\n",
    reads="read_enable_i && write_enable_i == 0",
)

# Reads and writes at once need two.
TWO_PORTS = _memory(
    name="pulsewright_memory_two_port",
    guard=TWO_PORT_GUARD,
    comment=f"""\
// A memory of DEPTH words of WIDTH bits with a synchronous read and, at the same time, a write by
// lanes. Who has SRAM macros defines {TWO_PORT_GUARD} and brings a module of
// this name and these ports.
// Latency 1 cycle; read_data_o holds the word that was read last. Undefined are the contents at
// first. The word that is written is never read at the same edge.
""",
    words="""\
  // For Yosys: nothing depends on a read of the word that is written.
  (* no_rw_check *) reg [WIDTH-1:0] words [0:DEPTH-1];
""",
    reads="read_enable_i",
)
