# SPDX-License-Identifier: Apache-2.0
"""Runs SymbiYosys on the top level of a coprocessor, its registers cut out, and a port's rules."""

from importlib.resources import files
from pathlib import Path

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.sim.formal.module_text import harness, instance, modules_of, watched_ports
from pulsewright.sim.formal.symbiyosys import Mode, Verdict, run_symbiyosys

# Each has a file of properties.
PROVEN_BUSES = ("apb", "axi_lite", "obi", "wishbone")
# Cycles that the cut out registers let an access wait.
REGISTER_WAIT = 3
# What each attachment adds to it, as MAX_DELAY of its properties counts; on AXI4-Lite an access of
# the other direction may come first.
ADDED_DELAY = {"apb": 0, "axi_lite": REGISTER_WAIT + 2, "obi": 0, "wishbone": 1}
# Cycles that a response waits for the manager in a proof by induction, where that is bounded.
PATIENCE = {"obi": 1}


def prove(
    verilog: str,
    top: str,
    bus: str,
    options: AttachmentOptions,
    mode: Mode,
    depth: int,
    folder: Path,
) -> Verdict:
    """Check the port of the coprocessor `top` with the properties of `bus`, one of `PROVEN_BUSES`.

    verilog: its text. options: with which it was made. depth: in clock cycles, or that of the
    induction. In a proof by induction the manager takes every response in time, where the
    properties of the bus have such an assumption.

    Raises:
        PulsewrightError: a program is missing, or there is no verdict.
    """
    cut, properties = f"{top}_coprocessor", property_text(bus)
    parameters = {"MAX_DELAY": REGISTER_WAIT + ADDED_DELAY[bus]}
    if options.id_bits is not None:
        parameters["ID_BITS"] = options.id_bits
    if mode is Mode.PROVE and bus in PATIENCE:
        parameters["PATIENCE"] = PATIENCE[bus]
    watched = {name: name for name in watched_ports(properties)}
    sources = {
        "design.v": verilog,
        "registers.sv": property_text("any_registers").replace(
            "module any_registers", f"module {cut}"
        ),
        "properties.sv": properties,
        "harness.sv": harness(
            modules_of(verilog)[top],
            top,
            "!rst_ni",
            instance("port_properties", parameters, watched),
        ),
    }
    # Registers behind a bound of waits need not answer in time themselves.
    wait, keeps = (REGISTER_WAIT, 1) if options.max_wait is None else (0, 0)
    commands = [
        "read_verilog -formal design.v",
        f"delete {cut}",
        "read_verilog -formal -sv registers.sv properties.sv harness.sv",
        f"chparam -set MAX_WAIT {wait} -set KEEPS {keeps} {cut}",
    ]
    return run_symbiyosys(sources, commands, mode, depth, folder)


def property_text(name: str) -> str:
    """The file `properties/<name>.sv`."""
    source = files("pulsewright.sim.formal") / "properties" / f"{name}.sv"
    return source.read_text(encoding="utf-8")
