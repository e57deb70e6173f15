# SPDX-License-Identifier: Apache-2.0
"""Tables with a register: what they give in Icarus, and what Yosys makes of them."""

import random
import subprocess
from pathlib import Path

import pytest

from pulsewright.rtl.table_options import WeightMemory
from pulsewright.rtl.table_text import Table, file_text, registered_text
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.targets import ECP5, ICE40, XC7, FpgaTarget

BENCH = """
module bench;
  reg clk = 0, load = 0;
  reg [{index_high}:0] index = 0;
  wire [{high}:0] word;
  words words(.clk(clk), .load(load), .index(index), .word(word));
  integer step;
  initial begin
    #1 $display("%h", word);
    for (step = 0; step < {count}; step = step + 1) begin
      index = step; load = 1;
      #1 clk = 1; #1 clk = 0; load = 0; index = {count} - 1 - step;
      #1 clk = 1; #1 clk = 0;
      $display("%h", word);
    end
  end
endmodule
"""


def table(count: int, width: int) -> Table:
    draw = random.Random(count)
    return Table((count - 1).bit_length(), width, [draw.getrandbits(width) for _ in range(count)])


@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize(("count", "width"), [(2, 1), (3, 4), (10, 70)])
def test_a_word_is_loaded_and_held(count: int, width: int, in_file: bool, tmp_path: Path) -> None:
    words = table(count, width)
    text = (file_text if in_file else registered_text)(words, "words", "block_ram")
    bench = BENCH.format(high=width - 1, index_high=words.index_bits - 1, count=count)
    (tmp_path / "bench.v").write_text(text + bench)
    if in_file:
        (tmp_path / "hex").mkdir()
        (tmp_path / "hex" / "words.hex").write_text(words.hex_text)
    subprocess.run(
        ["iverilog", "-g2005", "-Wall", "-o", "bench", "bench.v"], cwd=tmp_path, check=True
    )
    run = subprocess.run(
        ["vvp", "-n", "bench"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    unknown, *lines = run.stdout.split()
    assert set(unknown.lower()) == {"x"}
    assert [int(line, 16) for line in lines] == words.words


def blocks(target: FpgaTarget, text: str, folder: Path) -> int:
    return map_design(text, "words", "table", target, target.device(None), folder).block_rams


@pytest.mark.parametrize(
    ("memory", "is_block"), [("auto", False), ("block_ram", True), ("logic", False)]
)
def test_yosys_follows_the_choice_of_a_small_table(
    memory: WeightMemory, is_block: bool, tmp_path: Path
) -> None:
    text = registered_text(table(64, 16), "words", memory)
    assert (blocks(ECP5, text, tmp_path) > 0) == is_block


@pytest.mark.regression
@pytest.mark.parametrize("in_file", [False, True])
@pytest.mark.parametrize("target", [ECP5, ICE40, XC7], ids=lambda target: target.name)
@pytest.mark.parametrize(
    ("memory", "is_block"), [("auto", True), ("block_ram", True), ("logic", False)]
)
def test_every_family_follows_the_choice_of_a_large_table(
    memory: WeightMemory, is_block: bool, target: FpgaTarget, in_file: bool, tmp_path: Path
) -> None:
    words = table(512, 64)
    text = (file_text if in_file else registered_text)(words, "words", memory)
    if in_file:
        (tmp_path / "hex").mkdir()
        (tmp_path / "hex" / "words.hex").write_text(words.hex_text)
    assert (blocks(target, text, tmp_path) > 0) == is_block
