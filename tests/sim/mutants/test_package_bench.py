# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.mutants.package_bench import PackageBench
from pulsewright.sim.mutants.verdict import Verdict

DESIGN = """\
module dut (input wire clk_i, output wire [3:0] number);
  reg [3:0] mutant;
  wire loop;
  initial if (!$value$plusargs("mutant=%d", mutant)) mutant = 0;
  assign number = mutant == 4'd1 ? 4'd7 : 4'd3;
  assign loop = mutant == 4'd3 ? ~(loop === 1'b1) : 1'b0;
endmodule
"""
BENCH = """\
module bench;
  wire [3:0] number;
  dut dut (.clk_i(1'b0), .number(number));
  initial #1 if (number === 4'd3) $display("PASS"); else $display("FAIL");
endmodule
"""


def bench_of(folder: Path, design: str, bench: str) -> PackageBench:
    (folder / "design.v").write_text(design, encoding="utf-8")
    (folder / "bench.v").write_text(bench, encoding="utf-8")
    return PackageBench([folder / "design.v", folder / "bench.v"], folder / "run")


def test_verdicts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulsewright.sim.mutants.package_bench.LEAST_SECONDS", 2.0)
    monkeypatch.setattr("pulsewright.sim.mutants.package_bench.TIMES_AS_LONG", 1.0)
    with bench_of(tmp_path, DESIGN, BENCH).opened() as bench:
        assert bench.verdict(1) is Verdict.DETECTED
        assert bench.verdict(2) is Verdict.SURVIVED
        assert bench.verdict(3) is Verdict.HUNG


def test_a_bench_that_fails_without_a_fault_is_no_bench(tmp_path: Path) -> None:
    with (
        pytest.raises(PulsewrightError, match="on a design without fault"),
        bench_of(tmp_path, DESIGN, BENCH.replace("4'd3", "4'd4")).opened(),
    ):
        pass


def test_verilog_that_cannot_be_built_is_told(tmp_path: Path) -> None:
    with (
        pytest.raises(PulsewrightError, match="cannot build the package's bench"),
        bench_of(tmp_path, "module", BENCH).opened(),
    ):
        pass
