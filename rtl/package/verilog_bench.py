# SPDX-License-Identifier: Apache-2.0
"""The self-checking test bench in plain Verilog-2005, which needs a simulator and nothing else."""

from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.bus import Access, Handshake, Source
from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_vectors import VECTORS, vector_codes
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.packing import pack_codes
from pulsewright.rtl.package.templates import render


def verilog_bench(design: PackagedDesign, vectors: int = VECTORS) -> str:
    """Verilog of the bench; it prints PASS or FAIL and its counts, and then ends the simulation.

    Checked are `vectors` inferences against the integer model, every register that is constant,
    the refusal of what the registers refuse, the cycle counter against the latency formula, jobs
    that are acquired and committed, curve and reach ones included, and that the clock may stop.
    On Icarus a failure ends with exit status 1, elsewhere with $fatal.
    """
    codes = vector_codes(design.model, vectors)
    results = design.model.infer(codes)
    return render(
        "test_bench.v.j2",
        design=design,
        stimulus=[pack_codes(design, row) for row in codes],
        expected=results.tolist(),
        sweep=bench_sweep(design.model, codes),
        increments=design.result_format.width < WORD_BITS,
        fifo_depth=design.register_map["LAYER_CAPABILITY"].reset >> 24,
        read_lines=_lines(design.protocol.read),
        write_lines=_lines(design.protocol.write),
        inputs=design.register_map.array("INPUT"),
        results=design.register_map.array("RESULT"),
        registers={r.name: r.address for r in design.register_map.registers},
        # A bus without an answer is stopped, whatever the folding.
        patience=1000 + 20 * design.folded.latency,
    )


def _lines(access: Access) -> list[str]:
    """The statements of one access."""
    lines = []
    for phase in access.phases:
        for port, level in phase.drives.items():
            lines.append(f"{port} <= {_level(level)};")
        waits = [_wait(handshake) for handshake in phase.handshakes]
        if not waits:
            lines.append("@(posedge clk_i);")
        elif len(waits) == 1:
            lines += waits[0]
        else:
            lines.append("fork")
            for wait in waits:
                lines += ["    begin", *(f"        {line}" for line in wait), "    end"]
            lines.append("join")
    if access.data:
        lines.append(f"read_data = {access.data};")
    refusal = access.refusal
    if refusal.mask == 1:
        lines.append(f"refused = {refusal.output} === 1'b{refusal.value};")
    else:
        lines.append(
            f"refused = ({refusal.output} & 32'h{refusal.mask:X}) === 32'h{refusal.value:X};"
        )
    return lines


def _level(level: int | Source) -> str:
    return level.value if isinstance(level, Source) else str(level)


def _wait(handshake: Handshake) -> list[str]:
    done = " || ".join(f"{output} === 1'b1" for output in handshake.outputs)
    return [
        "@(posedge clk_i);",
        f"while (!({done})) @(posedge clk_i);",
        *(f"{port} <= 0;" for port in handshake.lowers),
    ]
