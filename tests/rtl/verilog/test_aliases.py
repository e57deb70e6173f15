# SPDX-License-Identifier: Apache-2.0
import pytest
from amaranth import Module, Signal
from amaranth.back import rtlil

from pulsewright.rtl.verilog.aliases import without_aliases

MODULE = """\
module \\m
  wire width 4 \\first

  wire width 4 signed \\second

  wire width 4 output 0  \\y

{connects}
end
"""


@pytest.mark.parametrize(
    ("connect", "stays"),
    [
        ("connect \\second \\first [3:0]", False),
        # A part of a signal has no other name.
        ("connect \\second \\first [2:0]", True),
        ("connect \\second \\first [3:1]", True),
        ("connect \\y \\first [3:0]", True),
        ("connect \\second { 1'0 \\first [2:0] }", True),
    ],
)
def test_a_second_name_of_the_whole_signal_goes(connect: str, stays: bool) -> None:
    text = MODULE.format(connects=connect)
    expected = text if stays else MODULE.format(connects="").replace("\n\nend", "\nend")
    assert without_aliases(text) == expected


def test_amaranth_s_text_has_the_form_that_is_looked_for() -> None:
    m = Module()
    x = Signal(4)
    alias = Signal(4)
    y = Signal(4)
    m.d.comb += [x.eq(~y), alias.eq(x)]
    text = rtlil.convert(m, ports=[x, y], emit_src=False)
    assert "connect \\alias \\x [3:0]\n" in text
    assert "connect \\alias" not in without_aliases(text)
    assert "connect \\Y \\x" in without_aliases(text)
