# SPDX-License-Identifier: Apache-2.0
"""PicoRV32 runs a program whose inferences are single instructions."""

from typing import Any

import cocotb

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.sim.bench_files import BenchFolder, BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.instructions.program import ANSWERS, InstructionProgram
from pulsewright.sim.instructions.rows import InstructionRows
from pulsewright.sim.instructions.stepped_clock import SteppedClock

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
FOLDED = FOLDER.folded()
CODES = FOLDER.codes()
CYCLES_A_ROW = 400


@cocotb.test()
async def a_program(dut: Any) -> None:
    """All answers are stored, and the illegal instruction after them is nobody's."""
    program = InstructionProgram(MODEL, CODES)
    memory, answers = program.memory(), program.answers()
    clock = SteppedClock(dut)
    pending: int | None = None
    stored: dict[int, int] = {}

    def sample() -> None:
        nonlocal pending
        pending = None
        if bool(dut.rst_ni.value) and bool(dut.mem_valid_o.value):
            if bool(dut.mem_ready_i.value):
                return
            pending = int(dut.mem_addr_o.value)
            if int(dut.mem_wstrb_o.value):
                assert int(dut.mem_wstrb_o.value) == WHOLE_WORD
                stored[pending] = int(dut.mem_wdata_o.value)

    dut.rst_ni.value = 0
    dut.mem_ready_i.value = 0
    dut.mem_rdata_i.value = 0
    for _ in range(2):
        await clock.cycle(sample)
    dut.rst_ni.value = 1
    asked: int | None = None
    waited: list[int] = []
    for cycle in range(CYCLES_A_ROW * len(CODES)):
        dut.mem_ready_i.value = int(pending is not None)
        dut.mem_rdata_i.value = 0 if pending is None else memory.get(pending, 0)
        await clock.cycle(sample)
        if bool(dut.trap_o.value):
            break
        if bool(dut.pcpi_valid_o.value) and asked is None:
            asked = cycle
        if bool(dut.pcpi_ready_o.value) and asked is not None:
            waited.append(cycle - asked)
            asked = None
        FOLDER.report_progress(len(stored) // 2)
    else:
        raise AssertionError("the program does not end")
    found = [stored.get(ANSWERS + 4 * i) for i in range(len(answers))]
    assert found == answers, f"expected {answers}, got {found}"
    assert len(stored) == len(answers), "the program went past the illegal instruction"
    rows = InstructionRows(MODEL, CODES)
    cycles = [rows.infer_cycles(FOLDED.latency), rows.step_cycles(FOLDED.latency)]
    assert waited[: 2 * len(CODES)] == cycles * len(CODES)
    outcome = BenchOutcome(rows=2 * len(CODES), clock_cycles=clock.cycles)
    FOLDER.write_outcome(Measurement.A_PROGRAM, outcome)
