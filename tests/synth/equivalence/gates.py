# SPDX-License-Identifier: Apache-2.0
"""Modules of a few gates, as Yosys writes them."""

from pulsewright.synth.equivalence.bit_netlist import Bit
from pulsewright.synth.tools.yosys import Module


def gate(kind: str, output: Bit, *inputs: Bit) -> Module:
    ends = dict(zip("ABS", inputs, strict=False))
    return {
        "type": kind,
        "parameters": {},
        "attributes": {},
        "port_directions": {**dict.fromkeys(ends, "input"), "Y": "output"},
        "connections": {**{end: [bit] for end, bit in ends.items()}, "Y": [output]},
    }


def module_of(*gates: Module) -> Module:
    cells = {f"cell_{number}": one for number, one in enumerate(gates)}
    return {"ports": {}, "netnames": {}, "cells": cells}
