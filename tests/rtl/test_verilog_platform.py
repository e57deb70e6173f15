# SPDX-License-Identifier: Apache-2.0
import random
import subprocess
from pathlib import Path

import pytest
from amaranth import Signal

from pulsewright.rtl.verilog_platform import VerilogPlatform

BENCH = """
module bench;
  reg [7:0] step;
  wire [{high}:0] word;
  table_of_words table_of_words(.index(step[{index_high}:0]), .word(word));
  initial begin
    #1 $display("%h", word);
    for (step = 0; step < {count}; step = step + 1) #1 $display("%h", word);
  end
endmodule
"""


@pytest.mark.parametrize(("count", "width"), [(2, 1), (3, 4), (8, 9), (10, 70), (64, 512)])
def test_the_table_holds_the_words(count: int, width: int, tmp_path: Path) -> None:
    draw = random.Random(count)
    words = [draw.getrandbits(width) for _ in range(count)]
    index, word = Signal(range(count)), Signal(width)
    platform = VerilogPlatform()
    instance = platform.rom(index, word, words)
    text = platform.rom_text(instance.type, "table_of_words")
    bench = BENCH.format(high=width - 1, index_high=len(index) - 1, count=count)
    source = tmp_path / "bench.v"
    source.write_text(text + bench)
    program = tmp_path / "bench"
    subprocess.run(["iverilog", "-g2005", "-Wall", "-o", program, source], check=True)
    run = subprocess.run(["vvp", "-n", program], capture_output=True, text=True, check=True)
    unknown, *lines = run.stdout.split()
    assert set(unknown.lower()) == {"x"}, "an unknown index gives no word of another step"
    assert [int(line, 16) for line in lines] == words


def test_each_table_has_a_name_of_its_own() -> None:
    platform = VerilogPlatform()
    names = [platform.rom(Signal(), Signal(), [0, 1]).type for _ in range(3)]
    assert len(set(names)) == 3
    assert all(name.startswith(VerilogPlatform.ROM_PREFIX) for name in names)
