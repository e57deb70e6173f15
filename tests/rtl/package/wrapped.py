# SPDX-License-Identifier: Apache-2.0
"""SoCs that instantiate the wrappers, with definitions written down from their documentation.

Each is a module `shim` with the flat ports of the coprocessor, so that a test bench written for
these meets the wrapper behind structures and interfaces.
"""

from pathlib import Path

from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.buses.wrapper import Wrapper
from pulsewright.rtl.package.design import PackagedDesign

FABRICS = Path(__file__).parent / "fabrics"
WRAPPERS: dict[str, tuple[str, Wrapper]] = {
    wrapper.name: (port.name, wrapper)
    for port in (*BUSES.values(), *INSTRUCTIONS.values())
    for wrapper in port.wrappers
}


def shim(design: PackagedDesign, wrapper: Wrapper) -> str:
    """Definitions of the SoC, and `shim` around the wrapper."""
    fabric = FABRICS / f"{wrapper.name}.sv"
    text = fabric.read_text(encoding="utf-8") if fabric.exists() else _plain(design)
    ports = ",\n  ".join(f"{p.direction} wire {p.vector}{p.name}" for p in design.ports)
    text = text.replace("PORTS", ports).replace("NAME_", f"{design.name}_")
    return text.replace("MODULE", design.wrapper_module(wrapper))


def _plain(design: PackagedDesign) -> str:
    """Verilog-2005: the wrapper's ports are the flat ones without their ends, and AXI's names."""
    joined = ["    .s_axi_aclk(clk_i)", "    .s_axi_aresetn(rst_ni)"]
    for port in design.bus_ports:
        part = f"[{design.address_bits - 1}:0]" if "addr" in port.name else ""
        joined.append(f"    .{port.name[:-2]}({port.name}{part})")
    joined += [f"    .{port.name}({port.name})" for port in design.side_outputs]
    connections = ",\n".join(joined)
    return f"module shim (\n  PORTS\n);\n  MODULE i_coprocessor (\n{connections}\n  );\nendmodule\n"
