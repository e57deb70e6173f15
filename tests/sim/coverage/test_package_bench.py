# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.coverage.package_bench import package_coverage
from pulsewright.sim.coverage.points import PointKind

DESIGN = """
module counter (input wire clk, input wire up, output reg [3:0] count);
    always @(posedge clk)
        if (count == 4'd15)
            count <= 4'd0;
        else if (up)
            count <= count + 4'd1;
endmodule
"""
BENCH = """
module bench;
    reg clk = 1'b0;
    wire [3:0] count;
    counter dut (.clk(clk), .up(1'b1), .count(count));
    always #5 clk = ~clk;
    initial begin
        dut.count = 4'd0;
        repeat (6) @(posedge clk);
        #1 $display("%0s", WORD);
        $finish;
    end
endmodule
"""


def sources(folder: Path, word: str) -> list[Path]:
    design, bench = folder / "counter.v", folder / "bench.v"
    design.write_text(DESIGN)
    bench.write_text(BENCH.replace("WORD", f'"{word}"'))
    return [design, bench]


@pytest.mark.regression
def test_what_a_bench_comes_to_is_counted(tmp_path: Path) -> None:
    folder = tmp_path / "odd folder"
    counts = package_coverage(sources(tmp_path, "PASS"), "bench", folder)
    of_counter = {point: count for point, count in counts.items() if point.module == "counter"}
    bits = {
        point.what: count > 0
        for point, count in of_counter.items()
        if point.kind is PointKind.TOGGLE and point.what.startswith("count")
    }
    # It counts to 6.
    assert bits == {
        f"count[{bit}]:{way}": bit < 2 or (bit, way) == (2, "0->1")
        for bit in range(4)
        for way in ("0->1", "1->0")
    }
    lines = [(point.line, count) for point, count in of_counter.items() if point.line == 4]
    assert {count for _, count in lines} == {0}


@pytest.mark.regression
def test_a_bench_that_does_not_pass_has_no_coverage(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match=r"does not pass on Verilator: .*FAIL"):
        package_coverage(sources(tmp_path, "FAIL"), "bench", tmp_path / "build")
