# SPDX-License-Identifier: Apache-2.0
from pulsewright.rtl.verilog.parsed_module import Assign, parsed_modules
from pulsewright.rtl.verilog.unread_nets import drop_unread_nets

TEXT = """\
module m(y, rst, clk);
  output y;
  wire y;
  wire first;
  wire second;
  wire kept;
  assign first = kept;
  assign second = first | kept;
  assign kept = ~ y;
  assign y = | { kept, 1'h1 };
endmodule
"""


def test_what_leads_to_nothing_goes_and_outputs_stay() -> None:
    (module,) = parsed_modules(TEXT)
    drop_unread_nets(module)
    assert {s.target for s in module.statements if isinstance(s, Assign)} == {"kept", "y"}
    assert set(module.widths) == {"kept", "y"}
