# SPDX-License-Identifier: Apache-2.0
"""The self-checking test bench in plain Verilog-2005, which needs a simulator and nothing else."""

from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.hls_model.words import WORD_BITS
from pulsewright.rtl.buses.instruction_words import encode, neighbours
from pulsewright.rtl.buses.registry import known_instruction
from pulsewright.rtl.package.bench_access import (
    checked_access,
    checked_execution,
    declined_execution,
)
from pulsewright.rtl.package.bench_registers import (
    descriptions,
    empty_addresses,
    stored_registers,
    widest_register,
)
from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_units import bench_units
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
    stimulus = [pack_codes(design, row) for row in codes]
    return render(
        "test_bench.v.j2",
        design=design,
        stimulus=stimulus,
        expected=design.model.infer(codes).tolist(),
        windows=design.register_map.data_windows,
        passes=_passes(design, vectors),
        live_registers=[r for r in registers if r.from_hardware and r.readable and _is_quiet(r)],
        stored_registers=stored_registers(design),
        stored=widest_register(design),
        empty_addresses=empty_addresses(design),
        cycles=_cycles(design),
        infer_only=design.register_map.infer_only,
        increments=design.result_format.width < WORD_BITS,
        **_sweep(design, codes, stimulus),
        **_transport(design),
        **_units(design),
        inputs=design.register_map.input_addresses,
        results=design.register_map.result_addresses,
        registers={r.name: r.address for r in registers},
        # A bus without an answer is stopped, whatever the folding.
        patience=6000 + (20 + design.register_map.fifo_depth) * design.folded.latency,
    )


def _sweep(
    design: PackagedDesign, codes: IntegerArray, stimulus: list[list[int]]
) -> dict[str, object]:
    """Curve and reach jobs, and stores that come while they wait."""
    sweep = bench_sweep(design.model, codes) if design.has_curves else None
    depth = design.register_map.fifo_depth
    return {
        "sweep": sweep,
        "fifo_depth": depth,
        # More than the FIFO takes: the engine stands still until something is taken out.
        "stalls": sweep is not None and len(sweep.results) > depth,
        "descriptions": descriptions(design, sweep, stimulus[sweep.row if sweep else 0]),
    }


def _units(design: PackagedDesign) -> dict[str, object]:
    """Physical integers and their input words, where the input map is in hardware."""
    if not design.register_map.maps_inputs:
        return {"units": None, "unit_words": []}
    units = bench_units(design.model)
    return {"units": units, "unit_words": [pack_codes(design, row) for row in units.codes]}


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
    id_width = design.description.id_width
    found: dict[str, object] = {
        "id_bits": design.options.id_bits,
        "words": {},
        "step_codes": [],
        "operand_ports": None,
    }
    if design.instructions is None:
        refusal = design.protocol.read.refusal
        read = checked_access(design.protocol.read, id_width)
        write = checked_access(design.protocol.write, id_width)
        return found | {
            "read_lines": read,
            "write_lines": write,
            # A request may come before the answer of the one before.
            "overlaps": bool(read.answer and write.answer),
            "refused_data": refusal.value if refusal.output == design.protocol.read.data else 0,
            "quiet": design.protocol.quiet,
            "settled": design.protocol.settled,
        }
    interface = known_instruction(design.bus)
    words = {
        one.name.lower(): encode(one, rd=1, rs1=2, rs2=3) for one in design.instructions.operations
    }
    return found | {
        "overlaps": False,
        "refused_data": 0,
        "quiet": {},
        "settled": {},
        "execute_lines": checked_execution(interface.execution, id_width),
        "decline_lines": declined_execution(interface.execution, interface.accepted),
        "operand_ports": interface.operand_ports,
        "others": neighbours(design.instructions.operations),
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
