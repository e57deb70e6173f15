# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.verilog.memory_reads import name_memory_reads
from pulsewright.rtl.verilog.parsed_module import Block, parsed_modules

TEXT = """\
module m(row, clk, addr);
  output [7:0] row;
  wire [7:0] row;
  input clk;
  wire clk;
  input addr;
  wire addr;
  reg [7:0] words [1:0];
  reg [7:0] _0_;
  always @(posedge clk) begin
    if (addr) begin
      _0_ <= words[addr];
    end
  end
  assign row = _0_;
endmodule
"""


def test_the_register_of_a_read_port_has_the_name_of_what_it_drives() -> None:
    (module,) = parsed_modules(TEXT)
    name_memory_reads(module)
    assert module.registers == {"row"}
    assert "_0_" not in module.widths
    blocks = [line for s in module.statements if isinstance(s, Block) for line in s.lines]
    assert "      row <= words[addr];" in blocks
    assert all(isinstance(s, Block) for s in module.statements)
