# SPDX-License-Identifier: Apache-2.0
"""A module around a design that needs five pins, whatever ports the design has.

Real pins are few and slow, so that without it a wide design does not fit a package, and its clock
would be that of the pads.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

CLOCK, RESET = "clk_i", "rst_ni"
HARNESS = "serial_harness"


@dataclass(frozen=True)
class Port:
    """One port of a module; `bits` wide."""

    name: str
    is_input: bool
    bits: int


def ports_of(module: Mapping[str, Any]) -> list[Port]:
    """The ports of a module of a netlist."""
    return [
        Port(name, is_input=port["direction"] == "input", bits=len(port["bits"]))
        for name, port in module["ports"].items()
    ]


def serial_harness(top: str, ports: list[Port]) -> str:
    """Verilog of the module `HARNESS` around the module `top`.

    Inputs come from a shift register that `scan_i` fills; outputs are loaded into another while
    `load_i` is high, and leave it at `scan_o`. So every path of the design, those of its ports
    included, runs from a flip-flop to a flip-flop.
    """
    inputs = [port for port in ports if port.is_input and port.name not in (CLOCK, RESET)]
    outputs = [port for port in ports if not port.is_input]
    width_in, width_out = (sum(port.bits for port in some) for some in (inputs, outputs))
    joined = [f".{name}({name})" for name in (CLOCK, RESET)]
    joined += _slices(inputs, "driven") + _slices(outputs, "seen")
    return "\n".join(
        (
            f"module {HARNESS} (",
            f"    input {CLOCK}, input {RESET}, input scan_i, input load_i, output scan_o",
            ");",
            "    reg scan, load;",
            f"    reg [{width_in - 1}:0] driven;",
            f"    reg [{width_out - 1}:0] kept;",
            f"    wire [{width_out - 1}:0] seen;",
            f"    {top} dut ({', '.join(joined)});",
            f"    assign scan_o = kept[{width_out - 1}];",
            f"    always @(posedge {CLOCK}) begin",
            "        scan <= scan_i;",
            "        load <= load_i;",
            "        driven <= {driven, scan};",
            "        kept <= load ? seen : kept << 1;",
            "    end",
            "endmodule",
            "",
        )
    )


def _slices(ports: list[Port], vector: str) -> list[str]:
    """Connections of ports side by side to a vector, the first in the lowest bits."""
    connections, place = [], 0
    for port in ports:
        connections.append(f".{port.name}({vector}[{place + port.bits - 1}:{place}])")
        place += port.bits
    return connections
