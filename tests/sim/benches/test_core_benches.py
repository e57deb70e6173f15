# SPDX-License-Identifier: Apache-2.0
"""A program on real cores, whose inferences are single instructions."""

from pathlib import Path

import pytest

from pulsewright.rtl.instruction_top import InstructionTop
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.bench_files import BenchInputs
from pulsewright.sim.instructions import core_systems
from pulsewright.sim.runner import BenchRun, VerilogModule, run_bench
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.if_xif import if_xif_coprocessor
from tests.models import fold_model, random_codes
from tests.pulse_models import pulse_model
from tests.sim.designs import Foldings

SMALL = (6, 8, 1), [(2, 6), (1, 2)]
A1 = (6, 64, 1), [(8, 6), (1, 8)]
ONE_WORD = (3, 4, 1), [(2, 3), (1, 2)]
ROWS = 20


def run_core(
    core: str, simulator: Simulator, case: tuple[tuple[int, ...], Foldings], folder: Path
) -> BenchRun:
    pytest.importorskip(f"pythondata_cpu_{core}")
    sizes, foldings = case
    model = pulse_model(sizes)
    folded = fold_model(model, foldings)
    if core == "picorv32":
        name = core_systems.PICORV32_COPROCESSOR
        text = core_systems.picorv32_system(to_verilog(InstructionTop(model, folded, "pcpi"), name))
        toplevel = core_systems.PICORV32
    else:
        top = InstructionTop(model, folded, "cv_x_if")
        text = core_systems.cv32e40x_system(if_xif_coprocessor(top))
        toplevel = core_systems.CV32E40X
    design = folder / "system.sv"
    design.write_text(text)
    codes = random_codes(model, ROWS)
    bench = f"{core}_bench"
    inputs = BenchInputs(model, folded, codes)
    return run_bench(simulator, VerilogModule(design, toplevel), bench, folder / "run", inputs)


@pytest.mark.parametrize(
    ("simulator", "case"),
    [
        (Simulator.ICARUS, SMALL),
        *(
            pytest.param(simulator, case, marks=pytest.mark.regression)
            for simulator in Simulator
            for case in (A1, ONE_WORD)
        ),
    ],
)
def test_a_program_on_picorv32_infers_by_instruction(
    simulator: Simulator, case: tuple[tuple[int, ...], Foldings], tmp_path: Path
) -> None:
    run = run_core("picorv32", simulator, case, tmp_path)
    assert (run.tests, run.failures) == (1, 0), run.log.read_text()[-2000:]


@pytest.mark.regression
@pytest.mark.parametrize("case", [SMALL, A1, ONE_WORD])
def test_a_program_on_cv32e40x_infers_by_instruction(
    case: tuple[tuple[int, ...], Foldings], tmp_path: Path
) -> None:
    run = run_core("cv32e40x", Simulator.VERILATOR, case, tmp_path)
    assert (run.tests, run.failures) == (1, 0), run.log.read_text()[-2000:]
