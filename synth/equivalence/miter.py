# SPDX-License-Identifier: Apache-2.0
"""A module that is 1 where a netlist differs from what the Verilog demands.

Where the Verilog says x, as of a word that no table has, the netlist may have any value.
"""

from pulsewright.synth.equivalence.cut import FREE
from pulsewright.synth.tools.yosys import Module

MITER, SPECIFIED, MAPPED = "miter", "specified", "mapped"
WRONG = "wrong_"
# Yosys splits an output of the Verilog to its value and to whether that is unknown.
_VALUE, _UNKNOWN = "_d", "_x"


def miter(specified: Module, mapped: Module) -> str:
    """Verilog of the module MITER: an output WRONG + name for each output of the two.

    specified: as it is before Yosys' `xprop -split-outputs` encodes its unknown values.
    """
    ports = specified["ports"]
    inputs = {name: port for name, port in ports.items() if port["direction"] == "input"}
    outputs = {name: port for name, port in ports.items() if port["direction"] == "output"}
    if FREE in mapped["ports"]:
        inputs[FREE] = mapped["ports"][FREE]
    declared = [f"input {_range(port)} {name}" for name, port in inputs.items()]
    declared += [f"output {_range(port)} {WRONG}{name}" for name, port in outputs.items()]
    joined = [f".{name}({name})" for name in inputs if name != FREE]
    lines = [f"module {MITER} ({', '.join(declared)});"]
    for name, port in outputs.items():
        lines += [
            f"  wire {_range(port)} wanted_{name}, unknown_{name}, found_{name};",
            f"  assign {WRONG}{name} = (wanted_{name} ^ found_{name}) & ~unknown_{name};",
        ]
    wanted = [
        end
        for name in outputs
        for end in (f".{name}{_VALUE}(wanted_{name})", f".{name}{_UNKNOWN}(unknown_{name})")
    ]
    found = [f".{name}(found_{name})" for name in outputs]
    free = [f".{FREE}({FREE})"] if FREE in inputs else []
    lines += [
        f"  {SPECIFIED} {SPECIFIED} ({', '.join(joined + wanted)});",
        f"  {MAPPED} {MAPPED} ({', '.join(joined + free + found)});",
        "endmodule",
        "",
    ]
    return "\n".join(lines)


def _range(port: Module) -> str:
    return f"[{len(port['bits']) - 1}:0]"
