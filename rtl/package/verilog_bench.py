# SPDX-License-Identifier: Apache-2.0
"""The self-checking test bench in plain Verilog-2005, which needs a simulator and nothing else."""

from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.bus import Access, Handshake, Phase, Source
from pulsewright.rtl.buses.instruction_words import encode
from pulsewright.rtl.buses.registry import known_instruction
from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_vectors import VECTORS, vector_codes
from pulsewright.rtl.package.design import PackagedDesign
from pulsewright.rtl.package.packing import pack_codes
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.registers.register import Register

# Identifiers of jobs.
JOBS = 256
# What a simulator does in a second or two.
MOST_CYCLES = 40_000


def verilog_bench(design: PackagedDesign, vectors: int = VECTORS) -> str:
    """Verilog of the bench; it prints PASS or FAIL and its counts, and then ends the simulation.

    Checked are `vectors` inferences against the integer model, every register that is constant,
    the refusal of what the registers refuse, the cycle counter against the latency formula, jobs
    that are acquired and committed, curve and reach ones included, as far as there are jobs, and
    that the clock may stop.
    On Icarus a failure ends with exit status 1, elsewhere with $fatal.
    """
    registers = design.register_map.registers
    codes = vector_codes(design.model, vectors)
    results = design.model.infer(codes)
    return render(
        "test_bench.v.j2",
        design=design,
        stimulus=[pack_codes(design, row) for row in codes],
        expected=results.tolist(),
        windows=design.register_map.data_windows,
        passes=_passes(design, vectors),
        live_registers=[r for r in registers if r.from_hardware and r.readable and _is_quiet(r)],
        stored_registers=sorted(
            (r for r in registers if r.storage), key=lambda r: r.name == "AUTOTRIGGER"
        ),
        cycles=_cycles(design),
        infer_only=design.register_map.infer_only,
        sweep=bench_sweep(design.model, codes) if design.has_curves else None,
        increments=design.result_format.width < WORD_BITS,
        fifo_depth=design.register_map.fifo_depth,
        **_transport(design),
        inputs=design.register_map.input_addresses,
        results=design.register_map.result_addresses,
        registers={r.name: r.address for r in design.register_map.registers},
        # A bus without an answer is stopped, whatever the folding.
        patience=1000 + 20 * design.folded.latency,
    )


def _passes(design: PackagedDesign, vectors: int) -> int:
    """How often the vectors go through, so that job 255 comes and goes; once if that is long."""
    wanted = JOBS // vectors + 1
    words = len(design.register_map.input_addresses) + len(design.register_map.result_addresses)
    cycles = wanted * vectors * (design.inference_cycles + 4 * words)
    return wanted if cycles <= MOST_CYCLES else 1


def _is_quiet(register: Register) -> bool:
    """False of what acts when it is read, and of what depends on what was refused before."""
    return not (register.read_strobe or register.name == "INTERRUPT_PENDING")


def _cycles(design: PackagedDesign) -> str:
    """CYCLES of an inference."""
    if design.register_map.data_windows is None:
        return "LATENCY + 1"
    return str(design.inference_cycles)


def _transport(design: PackagedDesign) -> dict[str, object]:
    """How registers are read and written: the statements of the port, and what they carry."""
    if design.instructions is None:
        read, write = design.protocol.read, design.protocol.write
        return {
            "read_lines": access_lines(read),
            "write_lines": access_lines(write),
            "words": {},
            "step_codes": [],
        }
    execution = known_instruction(design.bus).execution
    words = {
        one.name.lower(): encode(one, rd=1, rs1=2, rs2=3) for one in design.instructions.operations
    }
    return {
        "execute_lines": _lines(execution.phases, [f"read_data = {execution.data};"]),
        "words": words,
        "step_codes": _step_codes(design) if "step" in words else [],
    }


def _step_codes(design: PackagedDesign) -> list[int]:
    """The pulse number's code of each step of the sweep, in the lowest lane."""
    sweep = pulse_sweep(design.model)
    found = bench_sweep(design.model, vector_codes(design.model))
    if sweep is None or found is None:
        return []
    return [int(sweep.codes[n - sweep.minimum]) for n in range(found.first, found.last + 1)]


def access_lines(access: Access) -> list[str]:
    """The statements of one access of a bus, with its ports' own names.

    They take `address` and `data`, and give `read_data` and `refused`.
    """
    return _lines(access.phases, _answer(access))


def _lines(phases: tuple[Phase, ...], answer: list[str]) -> list[str]:
    """The statements of one access; each port changes a little after a clock edge.

    answer: what is looked at on the last edge.

    Non-blocking assignments would do on Icarus, but Verilator takes those of an initial block for
    blocking ones.
    """
    lines = []
    for phase in phases:
        lines += [f"{port} = {_level(level)};" for port, level in phase.drives.items()]
        looks = answer if phase is phases[-1] else []
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
