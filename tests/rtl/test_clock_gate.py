# SPDX-License-Identifier: Apache-2.0
"""The gate of a coprocessor's own clock, in its Verilog and in a simulator."""

import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.clock_gate_text import CLOCK_GATE, CLOCK_GATE_OPEN, CLOCK_GATE_TEXT
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from tests.models import fold_model, random_model

# Enabled, or not, while the clock is low, and changed while it is high.
BENCH = f"""
module bench;
  reg clock = 0, enable = 0;
  wire gated;
  integer edges = 0, glitches = 0;
  {CLOCK_GATE} gate (.clk_i(clock), .enable_i(enable), .clk_o(gated));
  always @(posedge gated) begin
    edges = edges + 1;
    if ($time % 10 != 5) glitches = glitches + 1;
  end
  always #5 clock = ~clock;
  initial begin
    #2 enable = 1;   // 5: passes
    #5 enable = 0;   // 15: stopped
    #10 enable = 1;  // while the clock is high: 15 stays stopped, 25 passes
    #15 enable = 0;  // 35: stopped
    #10 $display("%0d edges, %0d glitches", edges, glitches);
    $finish;
  end
endmodule
"""


@pytest.mark.parametrize(
    ("defined", "said"),
    [((), "2 edges, 0 glitches"), ((CLOCK_GATE_OPEN,), "4 edges, 0 glitches")],
)
def test_edges_pass_while_enabled_and_whole(
    defined: tuple[str, ...], said: str, tmp_path: Path
) -> None:
    source, program = tmp_path / "bench.v", tmp_path / "bench.vvp"
    source.write_text(BENCH + CLOCK_GATE_TEXT)
    defines = [f"-D{name}" for name in defined]
    subprocess.run(
        ["iverilog", "-g2005", *defines, "-o", str(program), str(source)], check=True, timeout=60
    )
    run = subprocess.run(
        ["vvp", "-n", str(program)], check=True, timeout=60, capture_output=True, text=True
    )
    assert run.stdout.splitlines()[0] == said


@pytest.mark.parametrize("attachment", ["obi", "pcpi"])
def test_every_register_is_behind_the_gate(attachment: str) -> None:
    model = random_model((3, 2, 1))
    folded = fold_model(model, [(1, 1), (1, 1)])
    plain = to_verilog(coprocessor_top(attachment, model, folded), "pulse")
    assert CLOCK_GATE not in plain
    options = AttachmentOptions(clock_gate=True)
    gated = to_verilog(coprocessor_top(attachment, model, folded, options), "pulse")
    top = gated.partition("module pulse (")[2].partition("endmodule")[0]
    assert top.count(f"{CLOCK_GATE} clock_gate (") == 1
    assert top.count("(clk_i)") == 1
    assert "posedge clk_i" not in top
    assert gated.count(CLOCK_GATE_TEXT) == 1
