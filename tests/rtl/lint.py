# SPDX-License-Identifier: Apache-2.0
"""Verilog as both simulators read it, with all their warnings."""

import subprocess
from pathlib import Path

from pulsewright.rtl.verilog.lint_waivers import lint_waivers
from pulsewright.sim.simulators import Simulator, simulator_environment


def check_lint(text: str, name: str, folder: Path) -> None:
    """Assert that neither has anything to say of the module `name` and what is below it."""
    (folder / f"{name}.v").write_text(text)
    (folder / f"{name}.vlt").write_text(lint_waivers(name))
    icarus = ["iverilog", "-g2005", "-Wall", "-Wno-timescale", "-t", "null"]
    verilator = ["verilator", "--lint-only", "-Wall", "--top-module", name, f"{name}.vlt"]
    with simulator_environment(Simulator.VERILATOR):
        for command in (icarus, verilator):
            run = subprocess.run(
                [*command, f"{name}.v"], cwd=folder, capture_output=True, text=True, check=False
            )
            assert (run.returncode, run.stdout, run.stderr) == (0, run.stdout, ""), command
