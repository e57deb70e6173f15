# SPDX-License-Identifier: Apache-2.0
"""CV32E40X runs a program whose inferences are single instructions."""

from typing import Any

import cocotb

from pulsewright.hls_model.words import WHOLE_WORD
from pulsewright.sim.bench_files import BenchFolder, BenchOutcome
from pulsewright.sim.bench_names import Measurement
from pulsewright.sim.instructions.program import ANSWERS, InstructionProgram
from pulsewright.sim.instructions.riscv_words import sw
from pulsewright.sim.instructions.stepped_clock import SteppedClock

FOLDER = BenchFolder.from_environment()
MODEL = FOLDER.model()
CODES = FOLDER.codes()
CYCLES_A_ROW = 400
# The wrapper's mtvec; the handler of the illegal instruction ends the program by a store.
HANDLER, ENDED = 0x800, 0x7F0


@cocotb.test()
async def a_program(dut: Any) -> None:
    """All answers are stored, and the illegal instruction after them is nobody's."""
    program = InstructionProgram(MODEL, CODES)
    memory, answers = program.memory(), program.answers()
    memory[HANDLER] = sw(0, ENDED, 0)
    clock = SteppedClock(dut)
    stored: dict[int, int] = {}
    asked: dict[str, int | None] = {}

    def sample() -> None:
        running = bool(dut.rst_ni.value)
        for name in ("instr", "data"):
            asks = running and bool(getattr(dut, f"{name}_req_o").value)
            asked[name] = int(getattr(dut, f"{name}_addr_o").value) if asks else None
        address = asked["data"]
        if address is not None and bool(dut.data_we_o.value):
            assert int(dut.data_be_o.value) == WHOLE_WORD
            stored[address] = int(dut.data_wdata_o.value)

    dut.rst_ni.value = 0
    for cycle in range(CYCLES_A_ROW * len(CODES)):
        for name in ("instr", "data"):
            address = asked.get(name)
            getattr(dut, f"{name}_rvalid_i").value = int(address is not None)
            word = 0 if address is None else memory.get(address, 0)
            getattr(dut, f"{name}_rdata_i").value = word
        await clock.cycle(sample)
        dut.rst_ni.value = int(cycle >= 2)
        if ENDED in stored:
            break
        FOLDER.report_progress(len(stored) // 2)
    else:
        raise AssertionError(f"the program does not end; it stored {stored}")
    found = [stored.get(ANSWERS + 4 * i) for i in range(len(answers))]
    assert found == answers, f"expected {answers}, got {found}"
    assert len(stored) == len(answers) + 1, "the program went past the illegal instruction"
    outcome = BenchOutcome(rows=2 * len(CODES), clock_cycles=clock.cycles)
    FOLDER.write_outcome(Measurement.A_PROGRAM, outcome)
