# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.build import BuiltSoc, SocDesign
from pulsewright.sim.soc.compiler import Firmware
from pulsewright.sim.soc.cores import CORES
from pulsewright.sim.soc.run import run_program


def printing(text: str, folder: Path) -> BuiltSoc:
    """A system that prints `text` whatever it is given."""
    program = folder / "Vsoc"
    program.write_text(f"#!/bin/sh\ncat <<'END'\n{text}\nEND\n")
    program.chmod(0o755)
    return BuiltSoc(SocDesign(CORES["ibex"], "obi", ""), Simulator.VERILATOR, folder)


def firmware(folder: Path) -> Firmware:
    return Firmware("rows", "-O2", folder / "rows.elf", folder / "rows.hex")


def test_measures_failures_and_notes_are_read(tmp_path: Path) -> None:
    text = (
        "measure rows 64 mismatches 0\nmeasure infer cycles 640 rows 64\nnote a remark\n"
        "measure interrupts taken -3\nfail row 7: 1 for 2\nmeasure\n\nexit 1 cycles 1234"
    )
    run = run_program(printing(text, tmp_path), firmware(tmp_path), tmp_path / "run")
    assert (run.exit_code, run.cycles) == (1, 1234)
    assert run.measures == {
        "rows": {"rows": 64, "mismatches": 0},
        "infer": {"cycles": 640, "rows": 64},
        "interrupts": {"taken": -3},
    }
    assert run.failures == ["row 7: 1 for 2"]
    assert run.notes == ["a remark"]
    assert run.log.read_text().startswith("measure rows")


@pytest.mark.parametrize(
    ("text", "what"), [("cycle limit", "went past its cycle limit"), ("trap", "broke off")]
)
def test_a_program_that_does_not_exit_is_told_from_one_that_fails(
    text: str, what: str, tmp_path: Path
) -> None:
    with pytest.raises(PulsewrightError, match=f"rows on Ibex {what}; see .*rows-O2.log"):
        run_program(printing(text, tmp_path), firmware(tmp_path), tmp_path / "run")
