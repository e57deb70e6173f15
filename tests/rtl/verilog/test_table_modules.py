# SPDX-License-Identifier: Apache-2.0
from amaranth import Const, Signal

from pulsewright.rtl.table_options import TableOptions
from pulsewright.rtl.verilog.table_modules import with_table_modules
from pulsewright.rtl.verilog_platform import VerilogPlatform

DESIGN = """module top (
  input wire clk
);
  top_inner inner (
    .clk(clk)
  );
  top_other other (
    .clk(clk)
  );
endmodule
module top_inner (
  input wire clk
);
  pulsewright_rom_0 numbers (
    .clk(clk)
  );
endmodule
module top_other (
  input wire clk
);
endmodule
"""


def platform(tables: TableOptions) -> VerilogPlatform:
    found = VerilogPlatform(tables)
    found.registered_rom(Signal(), Const(1), Signal(4), [3, 10])
    return found


def test_a_table_is_named_after_where_it_is() -> None:
    text, files = with_table_modules(DESIGN, platform(TableOptions()))
    assert files == {}
    assert "  top_inner_numbers numbers (" in text
    assert "module top_inner_numbers (" in text
    assert "HEX_FOLDER" not in text


def test_the_folder_of_a_file_is_handed_on_from_the_top() -> None:
    text, files = with_table_modules(DESIGN, platform(TableOptions(files=True)))
    assert files == {"top_inner_numbers.hex": "3\na\n"}
    parameter = '#(\n  parameter HEX_FOLDER = "hex/"\n) ('
    for module in ("top", "top_inner", "top_inner_numbers"):
        assert f"module {module} {parameter}" in text
    assert "  top_inner #(.HEX_FOLDER(HEX_FOLDER)) inner (" in text
    assert "  top_inner_numbers #(.HEX_FOLDER(HEX_FOLDER)) numbers (" in text
    assert "module top_other (" in text
    assert "  top_other other (" in text
