# SPDX-License-Identifier: Apache-2.0
"""The Verilog of the engine for piecewise-linear curves, as tools that only read it see it."""

import subprocess
from pathlib import Path

from pulsewright.rtl.top import BusTop
from pulsewright.rtl.verilog.lint_waivers import lint_waivers
from pulsewright.rtl.verilog.writer import to_verilog
from pulsewright.sim.simulators import Simulator, simulator_environment
from tests.models import piecewise_linear_case

NAME = "pulse"


def test_both_simulators_read_it_without_a_warning(tmp_path: Path) -> None:
    text = to_verilog(BusTop(*piecewise_linear_case((6, 16, 1), 100)), NAME)
    (tmp_path / f"{NAME}.v").write_text(text)
    (tmp_path / f"{NAME}.vlt").write_text(lint_waivers(NAME))
    icarus = ["iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null", f"{NAME}.v"]
    verilator = ["verilator", "--lint-only", "-Wall", "--top-module", NAME, f"{NAME}.vlt"]
    with simulator_environment(Simulator.VERILATOR):
        for command in (icarus, [*verilator, f"{NAME}.v"]):
            run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
            assert (run.returncode, run.stdout, run.stderr) == (0, run.stdout, ""), command
