# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.synth.mutants.equivalence import is_proven_equivalent
from pulsewright.synth.mutants.mutant import Mutant
from pulsewright.synth.mutants.planting import plant
from tests.synth.mutants.small_design import TOP, VERILOG

# A bit of a register that nothing reads, and a module whose input is always low.
AROUND = """\
module mine_obi (input wire clk_i, input wire rst_ni, input wire [1:0] data_i, output wire data_o);
  wire [1:0] kept;
  mine_obi_coprocessor_registers registers (
    .clk(clk_i), .rst(~rst_ni), .data(data_i), .enable(data_i[0]), .shown(kept));
  mine_obi_attachment attachment (.data(kept[0]), .low(1'b0), .shown(data_o));
endmodule

module mine_obi_attachment (input wire data, input wire low, output wire shown);
  assign shown = data | low;
endmodule

module mine_obi_coprocessor_registers (
  input wire clk, input wire rst, input wire enable, input wire [1:0] data,
  output wire [1:0] shown);
  reg [1:0] store;
  always @(posedge clk, posedge rst)
    if (rst) store <= 2'h0;
    else if (enable) store <= data;
  assign shown = {1'b0, store[0]};
endmodule
"""


def test_what_nothing_around_it_shows_is_proven(tmp_path: Path) -> None:
    mutants = plant(AROUND, TOP, 300, 1, tmp_path)
    store = next(m for m in mutants if m.wire == "store" and m.port == "Q")
    unread, read = (store.model_copy(update={"bit": bit, "mode": "inv"}) for bit in (1, 0))
    assert is_proven_equivalent(unread, tmp_path)
    assert not is_proven_equivalent(read, tmp_path)
    low = next(m for m in mutants if (m.wire, m.port) == ("low", "B"))
    tied, opened = (low.model_copy(update={"mode": mode}) for mode in ("const0", "const1"))
    assert is_proven_equivalent(tied, tmp_path)
    assert not is_proven_equivalent(opened, tmp_path)


def test_what_changes_nothing_is_proven_and_nothing_else(tmp_path: Path) -> None:
    """enable | enable & also is enable; a counter that does not count is another one."""
    mutants = plant(VERILOG, TOP, 300, 1, tmp_path)

    def one(wire: str, mode: str, port: str) -> Mutant:
        return next(m for m in mutants if (m.wire, m.mode, m.port) == (wire, mode, port))

    assert is_proven_equivalent(one("both", "const0", "Y"), tmp_path)
    assert not is_proven_equivalent(one("both", "const1", "Y"), tmp_path)
    assert not is_proven_equivalent(one("count", "inv", "Q"), tmp_path)


def test_a_bit_that_only_the_modules_around_leave_unread_is_proven(tmp_path: Path) -> None:
    around = AROUND.replace("{1'b0, store[0]}", "store")
    mutants = plant(around, TOP, 300, 1, tmp_path)
    store = next(m for m in mutants if m.port == "Q")
    unread, read = (store.model_copy(update={"bit": bit, "mode": "inv"}) for bit in (1, 0))
    assert is_proven_equivalent(unread, tmp_path)
    assert not is_proven_equivalent(read, tmp_path)
