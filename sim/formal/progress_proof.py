# SPDX-License-Identifier: Apache-2.0
"""Engines that never stand still: free of deadlock, whatever stalls there were before.

While a vector is offered and results are taken in every cycle, a result comes within a bound. Shown
of every state, by induction, where that closes; else of every state that stalls lead to within some
cycles of the reset.
"""

import re
from pathlib import Path

from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.sim.formal.module_text import harness, modules_of, ports_of
from pulsewright.sim.formal.symbiyosys import Mode, Verdict, run_symbiyosys

# Of latency and interval together, in clock cycles; more takes the solver hours.
MOST_CYCLES = 40
# Cycles of stalls from the reset on, where induction does not close.
STALLED_CYCLES = 20
_PORTS = {"vector__valid", "result__valid", "result__ready", "restart"}
_COUNTER = re.compile(r"^  assign (\w+)_is_last = \1 == \d+'h([0-9a-f]+);$", re.MULTILINE)
_PROGRESS = """
reg [15:0] without_result;
always @(posedge clk)
    if (rst || restart || !vector__valid || !result__ready || result__valid)
        without_result <= 16'd0;
    else without_result <= without_result + 16'd1;
always @* if (!rst) assert (without_result <= {bound});
"""


def progress_bound(verilog: str, engine: str, folded: FoldedEngine) -> int | None:
    """Clock cycles within which a result comes, of the module `engine`.

    None of engines that are too long to show it, and of those that take no whole vectors. A vector
    that was begun under stalls may have to end first.
    """
    cycles = folded.latency + folded.initiation_interval
    ports = {port.name for port in ports_of(modules_of(verilog).get(engine, ""))}
    return 2 * cycles if cycles <= MOST_CYCLES and ports >= _PORTS else None


def prove_progress(verilog: str, engine: str, bound: int, folder: Path) -> Verdict:
    """Check the module `engine` of `verilog`, in `folder`; the verdict says in which mode it holds.

    Raises:
        PulsewrightError: a program is missing, or there is no verdict.
    """
    verdict = _run(verilog, engine, bound, Mode.PROVE, bound + 3, folder / "induction")
    if verdict.holds or not verdict.undecided:
        return verdict
    return _run(verilog, engine, bound, Mode.BMC, bound + STALLED_CYCLES, folder / "bounded")


def _run(verilog: str, engine: str, bound: int, mode: Mode, depth: int, folder: Path) -> Verdict:
    modules = modules_of(verilog)
    sources = {
        "design.sv": _stated(verilog, engine, bound),
        "harness.sv": harness(modules[engine], engine, "rst", ""),
    }
    commands = [f"read_verilog -formal -sv {' '.join(sources)}", "hierarchy -top harness"]
    # What multipliers give moves no handshake.
    commands += ["proc", "memory_map", "flatten", "cutpoint t:$mul"]
    return run_symbiyosys(sources, commands, mode, depth, folder)


def _stated(verilog: str, engine: str, bound: int) -> str:
    """The design with what is asserted: the bound, and that counters keep to their ends."""
    for name, text in modules_of(verilog).items():
        if not name.startswith(engine):
            continue
        added = [
            f"always @* if (!rst) assert ({counter} <= {int(last, 16)});"
            for counter, last in _COUNTER.findall(text)
        ]
        if name == engine:
            added.append(_PROGRESS.format(bound=bound))
        verilog = verilog.replace(text, "\n".join([text, *added]), 1)
    return verilog
