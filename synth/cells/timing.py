# SPDX-License-Identifier: Apache-2.0
"""The longest path of a netlist by OpenSTA, with an ideal clock and without wires."""

import re
import shutil
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.processes.tool import run_tool
from pulsewright.hls_model.system_programs import apt_line
from pulsewright.synth.cells.mapping import OUTPUT_LOAD_PF
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.tools.logged_run import run_logged

PROGRAM = "sta"
REMEDY = f"OpenSTA is not installed; {apt_line(PROGRAM)}, or put its sta on the PATH"
# Long enough that no path takes it; the slack alone tells how long the longest is.
PERIOD_NS = 1000.0
INPUT_SLOPE_NS = 0.05
_SLACK = re.compile(r"^\s*(-?[\d.]+)\s+slack", re.MULTILINE)


def is_available() -> bool:
    """Whether OpenSTA is installed."""
    return shutil.which(PROGRAM) is not None


def version() -> str:
    """What OpenSTA calls itself.

    Raises:
        PulsewrightError: it tells nothing, and is another program or too old.
    """
    words = run_tool([PROGRAM, "-version"]).stdout.split()
    if not words:
        raise PulsewrightError(
            f"{PROGRAM} -version tells no version, so that it is no OpenSTA of 2.0 or later; "
            f"{apt_line(PROGRAM)}, or take it from the PATH to do without MHz"
        )
    return words[0]


def longest_path(netlist: Netlist, corner: str, liberty: Path, folder: Path) -> float:
    """Time from edge to edge of the longest path, in ns; setup times included.

    Inputs come with the edge, outputs are taken with it; the reset counts for nothing. Scripts
    and logs stay in `folder`, named after design and corner.

    Raises:
        PulsewrightError: OpenSTA is not installed, or tells no slack.
        ToolError: it refuses netlist or library.
    """
    if not is_available():
        raise PulsewrightError(REMEDY)
    name = f"{netlist.top}.{corner}"
    (folder / f"{netlist.top}_cells.v").write_text(netlist.verilog(), encoding="utf-8")
    shutil.copyfile(liberty, folder / f"{corner}.lib")
    script = folder / f"{name}.tcl"
    script.write_text(_script(netlist, corner), encoding="utf-8")
    printed = run_logged("OpenSTA", [PROGRAM, "-exit", script.name], folder / f"{name}.sta.log")
    slack = _SLACK.search(printed)
    if slack is None:
        raise PulsewrightError(
            f"OpenSTA found no path in {netlist.top}; see {folder / name}.sta.log"
        )
    return PERIOD_NS - float(slack[1])


def _script(netlist: Netlist, corner: str) -> str:
    return "\n".join(
        (
            f"read_liberty {corner}.lib",
            f"read_verilog {netlist.top}_cells.v",
            f"link_design {netlist.top}",
            f"create_clock -name clock -period {PERIOD_NS} [get_ports clk_i]",
            "set_input_delay 0 -clock clock [all_inputs]",
            "set_output_delay 0 -clock clock [all_outputs]",
            f"set_input_transition {INPUT_SLOPE_NS} [all_inputs]",
            f"set_load {OUTPUT_LOAD_PF} [all_outputs]",
            "set_false_path -from [get_ports rst_ni]",
            "report_checks -path_delay max -digits 4",
            "",
        )
    )
