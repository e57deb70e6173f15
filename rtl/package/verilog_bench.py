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
    """The statements of one access; each port changes a little after a clock edge.

    Non-blocking assignments would do on Icarus, but Verilator takes those of an initial block for
    blocking ones.
    """
    lines = []
    for phase in access.phases:
        lines += [f"{port} = {_level(level)};" for port, level in phase.drives.items()]
        looks = _answer(access) if phase is access.phases[-1] else []
        if not phase.handshakes:
            lines += ["@(posedge clk_i);", *looks, "#1;"]
        elif len(phase.handshakes) == 1:
            lines += _wait(phase.handshakes[0], looks)
        else:
            lines.append("fork")
            for handshake in phase.handshakes:
                wait = _wait(handshake, looks)
                lines += ["    begin", *(f"        {line}" for line in wait), "    end"]
            lines.append("join")
    return lines


def _answer(access: Access) -> list[str]:
    """What is looked at on the last edge."""
    lines = [f"read_data = {access.data};"] if access.data else []
    refusal = access.refusal
    if refusal.mask == 1:
        return [*lines, f"refused = {refusal.output} === 1'b{refusal.value};"]
    value = f"({refusal.output} & 32'h{refusal.mask:X}) === 32'h{refusal.value:X}"
    return [*lines, f"refused = {value};"]


def _level(level: int | Source) -> str:
    return level.value if isinstance(level, Source) else str(level)


def _wait(handshake: Handshake, looks: list[str]) -> list[str]:
    done = " || ".join(f"{output} === 1'b1" for output in handshake.outputs)
    return [
        "@(posedge clk_i);",
        f"while (!({done})) @(posedge clk_i);",
        *looks,
        "#1;",
        *(f"{port} = 0;" for port in handshake.lowers),
    ]
