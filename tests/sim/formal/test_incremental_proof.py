# SPDX-License-Identifier: Apache-2.0
"""An engine that keeps its sums from vector to vector gives what one that begins anew gives."""

import re
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.rtl.top import StreamTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.formal.symbiyosys import Mode, Verdict, run_symbiyosys
from tests.models import fold_model, random_model
from tests.sim.formal.test_port_proof import needs_programs

VECTORS = 3
FOLDINGS = [(2, 1), (1, 2)]
HARNESS = """
module harness (input wire clk);
    reg started = 1'b0;
    always @(posedge clk) started <= 1'b1;
{vectors}
    reg [7:0] sent_full, sent_kept, got_full, got_kept;
    reg [{result_bits} - 1:0] full_results [0:{count} - 1], kept_results [0:{count} - 1];
    wire full_ready, kept_ready, full_valid, kept_valid;
    wire [{result_bits} - 1:0] full_result, kept_result;
    wire [{code_bits} - 1:0] full_vector = {full_vector};
    wire [{code_bits} - 1:0] kept_vector = {kept_vector};
    full one (
        .clk_i(clk), .rst_ni(started), .vector_data_i(full_vector),
        .vector_valid_i(sent_full < {count}), .vector_ready_o(full_ready),
        .result_data_o(full_result), .result_valid_o(full_valid), .result_ready_i(1'b1)
    );
    kept other (
        .clk_i(clk), .rst_ni(started), .vector_data_i(kept_vector),
        .vector_valid_i(sent_kept < {count}), .vector_ready_o(kept_ready),
        .result_data_o(kept_result), .result_valid_o(kept_valid), .result_ready_i(1'b1)
    );
    always @(posedge clk)
        if (!started) begin
            sent_full <= 0; sent_kept <= 0; got_full <= 0; got_kept <= 0;
        end else begin
            if (full_ready && sent_full < {count}) sent_full <= sent_full + 1;
            if (kept_ready && sent_kept < {count}) sent_kept <= sent_kept + 1;
            if (full_valid) begin
                full_results[got_full] <= full_result;
                got_full <= got_full + 1;
            end
            if (kept_valid) begin
                kept_results[got_kept] <= kept_result;
                got_kept <= got_kept + 1;
            end
        end
{asserted}
endmodule
"""


def small_model() -> IntegerMlp:
    return random_model((2, 2, 1), input_width=3, weight_width=3, seed=28)


def run(folder: Path, mode: Mode, *, faulty: bool = False) -> Verdict:
    model = small_model()
    plain, keeping = (fold_model(model, FOLDINGS, incremental=one) for one in (False, True))
    kept = to_verilog(StreamTop(model, keeping), "kept")
    if faulty:
        # The lowest bit of the first weight.
        first = next(re.finditer(r"\d+'d\d+: \w+ = \d+'h([0-9a-f]+);", kept))
        kept = f"{kept[: first.start(1)]}{int(first[1], 16) ^ 1:x}{kept[first.end(1) :]}"
    vectors = range(VECTORS)
    bits = model.input_format.width * model.sizes[0]

    def chosen(sent: str) -> str:
        return "".join(f"{sent} == {n} ? vector_{n} : " for n in vectors) + "0"

    harness = HARNESS.format(
        count=VECTORS,
        code_bits=bits,
        result_bits=model.output_format.width * model.outputs,
        vectors="\n".join(f"    (* anyconst *) reg [{bits - 1}:0] vector_{n};" for n in vectors),
        full_vector=chosen("sent_full"),
        kept_vector=chosen("sent_kept"),
        asserted="\n".join(
            f"    always @* if (started && got_full > {n} && got_kept > {n}) "
            f"assert (full_results[{n}] == kept_results[{n}]);\n"
            f"    always @* cover (started && got_full > {n} && got_kept > {n});"
            for n in vectors
        ),
    )
    sources = {
        "full.v": to_verilog(StreamTop(model, plain), "full"),
        "kept.v": kept,
        "harness.sv": harness,
    }
    commands = [f"read_verilog -formal -sv {' '.join(sources)}", "hierarchy -top harness"]
    commands += ["proc", "memory_map", "flatten"]
    cycles = max(one.latency + VECTORS * one.initiation_interval for one in (plain, keeping)) + 4
    return run_symbiyosys(sources, commands, mode, cycles, folder)


@needs_programs
@pytest.mark.regression
@pytest.mark.parametrize("mode", [Mode.BMC, Mode.COVER])
def test_three_vectors_of_any_codes_give_the_same(mode: Mode, tmp_path: Path) -> None:
    verdict = run(tmp_path, mode)
    assert verdict.holds, verdict.log[-2000:]


@needs_programs
@pytest.mark.regression
def test_a_weight_of_one_of_them_breaks_it(tmp_path: Path) -> None:
    assert not run(tmp_path, Mode.BMC, faulty=True).holds
