# SPDX-License-Identifier: Apache-2.0
"""A design of others in a module with our names of clock and reset, so that every tool takes it."""

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.fpga.harness import CLOCK, RESET, Port, ports_of
from pulsewright.synth.tools.yosys import read_netlist, run_script

CLOCKS = ("clk_i", "clk", "clock", "aclk", "ap_clk")
RESETS = ("rst_ni", "rst_n", "resetn", "aresetn", "ap_rst_n", "rst", "reset", "ap_rst", "rst_i")
WRAPPER = "wrapped_design"
# What modules a library has beside those that are used may make no sense alone.
DEFERRED, DEFERRED_SYSTEM = "read_verilog -defer", "read_verilog -defer -sv"


@dataclass(frozen=True)
class WrappedDesign:
    """text: of the design and of the module `WRAPPER` around it. reading: Yosys' command for it."""

    text: str
    reading: str


def wrapped_design(
    text: str, top: str, reading: str, clock: str | None, folder: Path
) -> WrappedDesign:
    """Put a module around `top` whose clock is `clk_i`, and whose reset, if it has one, `rst_ni`.

    reading: DEFERRED or DEFERRED_SYSTEM. clock: its port; None for one of `CLOCKS`. Of a
    reset the active level stays as it is, which neither area nor longest path depend on. folder:
    keeps what Yosys was asked for its ports.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: Yosys refuses the design, or there is no module `top`.
        PulsewrightError: it has no such clock, or ports that lead both ways.
    """
    (folder / "ports.v").write_text(text, encoding="utf-8")
    commands = (
        f"{reading} ports.v",
        f"hierarchy -check -top {top}",
        "proc",
        "write_json ports.json",
    )
    run_script(commands, folder, "ports")
    module = read_netlist(folder / "ports.json", top)
    for name, port in module["ports"].items():
        if port["direction"] not in ("input", "output"):
            raise PulsewrightError(
                f"port {shortened(name)} of {top} is {port['direction']}; give a design whose "
                "ports are inputs and outputs"
            )
    ports = ports_of(module)
    named = _clock(top, ports, clock)
    return WrappedDesign(f"{text}\n{_wrapper(top, ports, named)}", reading)


def _clock(top: str, ports: Sequence[Port], asked: str | None) -> str:
    inputs = [port.name for port in ports if port.is_input and port.bits == 1]
    for name in CLOCKS if asked is None else (asked,):
        if name in inputs:
            return name
    which = "no input is called as clocks are" if asked is None else f"--clock {shortened(asked)}"
    raise PulsewrightError(
        f"{top}: {which}, and its inputs of one bit are {', '.join(inputs) or 'none'}; name the "
        "one that is its clock with --clock"
    )


def _wrapper(top: str, ports: Sequence[Port], clock: str) -> str:
    inputs = [port.name for port in ports if port.is_input and port.bits == 1]
    reset = next((name for name in RESETS if name in inputs and name != clock), None)
    ours = {clock: CLOCK} | ({} if reset is None else {reset: RESET})
    others = [port for port in ports if port.name not in ours]
    # Names of their own, since a port of theirs may have one of ours.
    named = {port.name: f"port_{place}" for place, port in enumerate(others)}
    declared = [f"input {CLOCK}", f"input {RESET}"]
    declared += [
        f"{'input' if port.is_input else 'output'} [{port.bits - 1}:0] {named[port.name]}"
        for port in others
    ]
    joined = [f".\\{theirs} ({name})" for theirs, name in (ours | named).items()]
    return (
        f"module {WRAPPER} (\n    {', '.join(declared)}\n);\n"
        f"    {top} dut ({', '.join(joined)});\nendmodule\n"
    )
