# SPDX-License-Identifier: Apache-2.0
"""Small designs that meet what mappers do to registers, and their mapping."""

import random
from pathlib import Path

from pulsewright.synth.equivalence.mapped_netlist import MappedNetlist, Mapper
from pulsewright.synth.equivalence.netlist_proof import Equivalence, prove_netlist

# A register that never changes, one that is the same as another, one reset to 1, a counter whose
# high bits hardly ever change, and a product whose two factors are registers.
MIXED = """
module mixed (
    input clk_i, input rst_ni, input go_i, input signed [5:0] a_i, input signed [5:0] b_i,
    output reg signed [11:0] product_o, output reg [15:0] count_o, output busy_o,
    output [1:0] twin_o
);
    reg never, idle, first, second;
    reg signed [5:0] a, b;
    assign busy_o = ~idle | never;
    assign twin_o = {first, second};
    always @(posedge clk_i, negedge rst_ni)
        if (!rst_ni) begin
            never <= 1'b0; idle <= 1'b1; first <= 1'b0; second <= 1'b0; count_o <= 16'd0;
        end else begin
            never <= never & go_i;
            idle <= ~go_i;
            first <= a_i[0] ^ b_i[1];
            second <= b_i[1] ^ a_i[0];
            if (go_i) count_o <= count_o + 16'd1;
        end
    always @(posedge clk_i) begin
        if (go_i) begin a <= a_i; b <= b_i; end
        product_o <= a * b;
    end
endmodule
"""
# Eight words that are written and read at once.
FIFO_WORDS = """
module fifo_words (
    input clk_i, input write_i, input [2:0] to_i, input [4:0] data_i, input [2:0] from_i,
    output [4:0] data_o
);
    reg [4:0] words [7:0];
    assign data_o = words[from_i];
    always @(posedge clk_i) if (write_i) words[to_i] <= data_i;
endmodule
"""


def table(width: int, address: int) -> str:
    """Of random words, read at a clock edge: the module `table`."""
    drawn = random.Random(width)
    lines = [
        f"{address}'d{at}: word = {width}'d{drawn.getrandbits(width)};"
        for at in range((1 << address) - 3)
    ]
    return (
        f"module table_of_words (input clk_i, input read_i, input [{address - 1}:0] at_i, "
        f"output reg [{width - 1}:0] data_o);\n"
        f"  function [{width - 1}:0] word; input [{address - 1}:0] at; case (at)\n"
        + "\n".join(lines)
        + f"\n    default: word = {width}'bx;\n  endcase endfunction\n"
        "  always @(posedge clk_i) if (read_i) data_o <= word(at_i);\nendmodule\n"
    )


def mapped(text: str, top: str, mapper: Mapper, folder: Path) -> tuple[Path, MappedNetlist]:
    """The design in a file, and its netlist."""
    verilog = folder / f"{top}.v"
    verilog.write_text(text, encoding="utf-8")
    return verilog, mapper(verilog, top, folder)


def prove(text: str, top: str, mapper: Mapper, folder: Path) -> Equivalence:
    verilog, netlist = mapped(text, top, mapper, folder)
    return prove_netlist(verilog, top, netlist, folder)
