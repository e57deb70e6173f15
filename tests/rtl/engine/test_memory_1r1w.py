# SPDX-License-Identifier: Apache-2.0
"""The memories of a coprocessor: by themselves, in Verilog, and replaced by others."""

import random
import subprocess
from pathlib import Path
from typing import Any

import pytest
from amaranth import Module

from pulsewright.rtl.engine.memory_1r1w import Memory1R1W, TwoPortMemory
from pulsewright.rtl.memory_text import EITHER_PORT, MEMORY_GUARD, TWO_PORTS, MemoryModule
from pulsewright.synth.fpga.mapping import map_design
from pulsewright.synth.fpga.targets import ECP5
from tests.rtl.package.packages import NAME, files, write
from tests.rtl.simulation import run

DEPTH, LANES, LANE_BITS = 5, 3, 4
WIDTH = LANES * LANE_BITS


def accesses() -> list[tuple[int, int, int, int]]:
    """Write enables, address and data, and what is read there; every word is stored first."""
    draw = random.Random(1)
    words = [0] * DEPTH
    found = []
    for number in range(60):
        address = number if number < DEPTH else draw.randrange(DEPTH)
        enable = (1 << LANES) - 1 if number < DEPTH else draw.randrange(1 << LANES)
        data = draw.getrandbits(WIDTH)
        for lane in range(LANES):
            if enable >> lane & 1:
                mask = ((1 << LANE_BITS) - 1) << lane * LANE_BITS
                words[address] = words[address] & ~mask | data & mask
        found.append((enable, address, data, words[address]))
    return found


@pytest.mark.parametrize("kind", [Memory1R1W, TwoPortMemory])
def test_a_lane_is_stored_and_a_word_is_read_and_held(kind: type[Memory1R1W]) -> None:
    m = Module()
    m.submodules.memory = memory = kind(DEPTH, LANES, LANE_BITS)

    async def testbench(ctx: Any) -> None:
        for enable, address, data, word in accesses():
            ctx.set(memory.write_enable, enable)
            ctx.set(memory.write_address, address)
            ctx.set(memory.write_data, data)
            await ctx.tick()
            ctx.set(memory.write_enable, 0)
            ctx.set(memory.read_enable, 1)
            ctx.set(memory.read_address, address)
            await ctx.tick()
            ctx.set(memory.read_enable, 0)
            ctx.set(memory.read_address, (address + 1) % DEPTH)
            await ctx.tick()
            assert ctx.get(memory.read_data) == word

    run(m, testbench)


@pytest.mark.parametrize("module", [EITHER_PORT, TWO_PORTS], ids=lambda one: one.name)
def test_the_text_does_the_same(module: MemoryModule, tmp_path: Path) -> None:
    steps = "".join(
        f"    we = {enable}; a = {address}; d = {data}; #1 clk = 1; #1 clk = 0; we = 0;\n"
        f"    re = 1; #1 clk = 1; #1 clk = 0; re = 0; a = {(address + 1) % DEPTH};\n"
        f'    #1 clk = 1; #1 clk = 0; if (q !== {word}) $display("%d at {address}", q);\n'
        for enable, address, data, word in accesses()
    )
    bench = f"""module bench;
  reg clk = 0, re = 0;
  reg [{LANES - 1}:0] we;
  reg [2:0] a;
  reg [{WIDTH - 1}:0] d;
  wire [{WIDTH - 1}:0] q;
  {module.name} #(.WIDTH({WIDTH}), .DEPTH({DEPTH}), .LANES({LANES}), .ADDRESS_BITS(3)) memory (
    .clk_i(clk), .write_enable_i(we), .write_address_i(a), .write_data_i(d),
    .read_enable_i(re), .read_address_i(a), .read_data_o(q));
  initial begin
{steps}    $display("done");
  end
endmodule
"""
    # A SoC may bring the text with each of its coprocessors.
    (tmp_path / "bench.v").write_text(module.text + module.text + bench)
    compile_command = ["iverilog", "-g2005", "-Wall", "-o", "bench", "bench.v"]
    compiled = subprocess.run(
        compile_command, cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert compiled.stderr == ""
    simulated = subprocess.run(
        ["vvp", "-n", "bench"], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert simulated.stdout == "done\n"


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("module", [EITHER_PORT, TWO_PORTS], ids=lambda one: one.name)
def test_yosys_makes_block_ram_of_it(module: MemoryModule, tmp_path: Path) -> None:
    text = module.text.replace("WIDTH = 32", "WIDTH = 64").replace("DEPTH = 2", "DEPTH = 512")
    text = text.replace("LANES = 1", "LANES = 2").replace("ADDRESS_BITS = 1", "ADDRESS_BITS = 9")
    device = ECP5.device(None)
    found = map_design(text, module.name, "memory", ECP5, device, tmp_path)
    assert found.block_rams == 2
    assert found.flip_flops == 0


# As the macros of a foundry are: one port, active low, a mask of bits, and nothing but X on its
# output when it writes or was never asked.
SRAM_MACRO = """
module sram_macro #(parameter BITS = 8, parameter WORDS = 2, parameter ADDRESS_BITS = 1) (
  input CLK, input CEN, input WEN, input [BITS-1:0] BWEN,
  input [ADDRESS_BITS-1:0] A, input [BITS-1:0] D, output reg [BITS-1:0] Q);
  reg [BITS-1:0] array [WORDS-1:0];
  always @(posedge CLK) if (!CEN) begin
    if (!WEN) array[A] <= (D & ~BWEN) | (array[A] & BWEN);
    Q <= WEN ? array[A] : {BITS{1'bx}};
  end
endmodule
"""
PAGE = (Path(__file__).parents[3] / "docs" / "memories.md").read_text(encoding="utf-8")
MACRO = SRAM_MACRO + PAGE.partition("```verilog\n")[2].partition("```")[0]


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("which", ["reloadable", "reloadable_pulses"])
def test_the_bench_passes_with_a_macro_in_its_place(which: str, tmp_path: Path) -> None:
    write(tmp_path, files("obi" if which == "reloadable" else "apb", which))
    (tmp_path / "macro.v").write_text(MACRO)
    command = ["iverilog", "-g2005", "-o", "bench.vvp", f"-D{MEMORY_GUARD}", "macro.v"]
    command += ["-f", f"{NAME}_tb.f"]
    subprocess.run(command, cwd=tmp_path, check=True)
    simulated = subprocess.run(
        ["vvp", "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "PASS: " in simulated.stdout, simulated.stdout
    # The bench writes and reads this memory and no other.
    (tmp_path / "macro.v").write_text(MACRO.replace("~write_enable_i[lane]", "1'b1"))
    subprocess.run(command, cwd=tmp_path, check=True)
    broken = subprocess.run(
        ["vvp", "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "PASS: " not in broken.stdout


# A macro with two ports, whose output is X after a read of the word that is written, and for whose
# rows past the last one there is no room.
TWO_PORT_MACRO = """
module pulsewright_memory_two_port #(
  parameter WIDTH = 8, parameter DEPTH = 2, parameter LANES = 1, parameter ADDRESS_BITS = 1
) (
  input clk_i, input [LANES-1:0] write_enable_i, input [ADDRESS_BITS-1:0] write_address_i,
  input [WIDTH-1:0] write_data_i, input read_enable_i, input [ADDRESS_BITS-1:0] read_address_i,
  output reg [WIDTH-1:0] read_data_o
);
  reg [WIDTH-1:0] array [DEPTH-1:0];
  integer lane;
  always @(posedge clk_i) begin
    if (read_enable_i) begin
      read_data_o <= array[read_address_i];
      if (write_enable_i != 0 && write_address_i == read_address_i) read_data_o <= {WIDTH{1'bx}};
      if (read_address_i >= DEPTH) $display("FAIL: read past the end");
    end
    for (lane = 0; lane < LANES; lane = lane + 1) if (write_enable_i[lane]) begin
      array[write_address_i][lane*(WIDTH/LANES) +: WIDTH/LANES] <=
        write_data_i[lane*(WIDTH/LANES) +: WIDTH/LANES];
      if (write_address_i >= DEPTH) $display("FAIL: write past the end");
    end
  end
endmodule
"""


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("which", ["windowed", "windowed_results"])
def test_the_bench_passes_with_a_macro_of_two_ports(which: str, tmp_path: Path) -> None:
    write(tmp_path, files("obi", which))
    (tmp_path / "macro.v").write_text(TWO_PORT_MACRO)
    command = ["iverilog", "-g2005", "-o", "bench.vvp", f"-D{TWO_PORTS.guard}", "macro.v"]
    command += ["-f", f"{NAME}_tb.f"]
    subprocess.run(command, cwd=tmp_path, check=True)
    simulated = subprocess.run(
        ["vvp", "-n", "bench.vvp"], cwd=tmp_path, capture_output=True, text=True, check=False
    )
    assert "PASS: " in simulated.stdout, simulated.stdout
    assert "FAIL" not in simulated.stdout, simulated.stdout
