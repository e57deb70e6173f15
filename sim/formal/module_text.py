# SPDX-License-Identifier: Apache-2.0
"""Modules and their ports in Verilog as this house writes it."""

import re
from typing import NamedTuple

_MODULE = re.compile(r"^module (\w+) \(\n(.*?)^\);$", re.MULTILINE | re.DOTALL)
_PORT = re.compile(
    r"^\s*(input|output) (?:wire|reg) (?:\[(\d+):0\] )?(\w+),?(?: *//.*)?$", re.MULTILINE
)


class Port(NamedTuple):
    """Of a module. width: bits."""

    is_input: bool
    width: int
    name: str

    @property
    def declaration(self) -> str:
        """Of a wire of its name and width."""
        span = f"[{self.width - 1}:0] " if self.width > 1 else ""
        return f"wire {span}{self.name}"


def modules_of(verilog: str) -> dict[str, str]:
    """Text of each module up to its `endmodule`, by name."""
    starts = {found[1]: found.start() for found in _MODULE.finditer(verilog)}
    return {name: verilog[start:].partition("\nendmodule")[0] for name, start in starts.items()}


def ports_of(module: str) -> list[Port]:
    """Of the text of a module, in their order."""
    head = module.partition("\n);")[0]
    return [Port(one[1] == "input", int(one[2] or 0) + 1, one[3]) for one in _PORT.finditer(head)]


def watched_ports(properties: str) -> list[str]:
    """Names of the inputs of a module of properties."""
    return re.findall(r"^    input wire (?:\[.*?\] )?(\w+),?$", properties, re.MULTILINE)


def harness(module: str, name: str, reset: str, properties: str) -> str:
    """The module `harness`: one called `name`, its free inputs, and `properties`, a statement.

    module: its text. reset: assumed in the first cycle; it may come again at any time.
    """
    ports = ports_of(module)
    clock = next(port.name for port in ports if port.name.startswith("clk"))
    return "\n".join(
        [
            "module harness (",
            ",\n".join(f"    input {port.declaration}" for port in ports if port.is_input),
            ");",
            *(f"    {port.declaration};" for port in ports if not port.is_input),
            "    reg started = 1'b0;",
            f"    always @(posedge {clock}) started <= 1'b1;",
            f"    always @* if (!started) assume ({reset});",
            f"    {name} dut ({', '.join(f'.{port.name}({port.name})' for port in ports)});",
            f"    {properties}",
            "endmodule\n",
        ]
    )


def instance(module: str, parameters: dict[str, int], connections: dict[str, str]) -> str:
    """The statement that puts `module` of properties beside what it watches."""
    values = ", ".join(f".{name}({value})" for name, value in parameters.items())
    joined = ", ".join(f".{name}({wire})" for name, wire in connections.items())
    return f"{module} {f'#({values}) ' if values else ''}properties ({joined});"
