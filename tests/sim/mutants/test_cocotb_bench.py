# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.rtl.tops import coprocessor_top
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.bench_names import Bench
from pulsewright.sim.mutants.cocotb_bench import CocotbBench
from pulsewright.sim.mutants.verdict import Verdict
from tests.models import fold_model, random_codes, random_model


@pytest.mark.regression
def test_a_fault_ends_the_bench_and_none_does_not(tmp_path: Path) -> None:
    """Fault 1 answers 0 to every read; there is no fault 2."""
    model = random_model((3, 2), seed=3)
    folded = fold_model(model, [(1, 1)])
    verilog = to_verilog(coprocessor_top("obi", model, folded), "mine")
    joined = ".port__rdata(obi_rdata_o)"
    assert verilog.count(joined) == 1
    text = verilog.replace(joined, ".port__rdata(answered)")
    declared = (
        "  wire [31:0] answered;\n  reg [3:0] mutant;\n"
        '  initial if (!$value$plusargs("mutant=%d", mutant)) mutant = 0;\n'
        "  assign obi_rdata_o = mutant == 4'd1 ? 32'd0 : answered;\n"
        "  mine_attachment attachment"
    )
    assert "  mine_attachment attachment" in text
    planted = tmp_path / "planted.v"
    planted.write_text(text.replace("  mine_attachment attachment", declared, 1), encoding="utf-8")
    inputs = BenchInputs(model, folded, random_codes(model, 6))
    with CocotbBench(planted, "mine", (Bench.BUS,), inputs, tmp_path / "run").opened() as bench:
        assert bench.verdict(1) is Verdict.DETECTED
        assert bench.verdict(2) is Verdict.SURVIVED
    # It went no further than the first test that failed.
    assert not (tmp_path / "run" / "run_1" / "results.xml").exists()


@pytest.mark.regression
def test_what_cannot_be_built_is_told(tmp_path: Path) -> None:
    planted = tmp_path / "planted.v"
    planted.write_text("module mine (", encoding="utf-8")
    model = random_model((3, 2), seed=3)
    inputs = BenchInputs(model, fold_model(model, [(1, 1)]), random_codes(model, 6))
    with (
        pytest.raises(PulsewrightError, match="cannot build the planted faults"),
        CocotbBench(planted, "mine", (Bench.BUS,), inputs, tmp_path / "run").opened(),
    ):
        pass
