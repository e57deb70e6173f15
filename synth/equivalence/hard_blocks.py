# SPDX-License-Identifier: Apache-2.0
"""Hard blocks of ECP5 as cells that Yosys has a law for.

Yosys has no model of these blocks. What they do is written here after Lattice's "sysDSP" and
"sysMEM" usage guides (TN1267, TN1264), for the ways in which Yosys uses them and for no other.
"""

from collections.abc import Iterator, Mapping
from typing import Any

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.equivalence.bit_netlist import Bit
from pulsewright.synth.tools.yosys import Module

MULTIPLIER, BLOCK_RAM = "MULT18X18D", "DP16KD"
_FACTOR, _PRODUCT = 18, 36
# Lowest address pin of a port by its data width; what is below selects within a word.
_FIRST_ADDRESS = {1: 0, 2: 1, 4: 2, 9: 3, 18: 4, 36: 5}
_ADDRESS_PINS, _DATA_PINS, _ROWS, _WORDS_A_ROW, _WORD, _STRIDE = 14, 18, 64, 16, 18, 20
_BYTE = 9


def replace_hard_blocks(module: Module) -> Module:
    """The netlist with `$mul` and `$mem_v2` for its multipliers and block RAMs.

    Raises:
        PulsewrightError: one of them is used in a way that has no law here.
    """
    cells = {}
    for name, cell in module["cells"].items():
        if cell["type"] == MULTIPLIER:
            cells[name] = _multiplier(name, cell)
        elif cell["type"] == BLOCK_RAM:
            cells[name] = _rom(name, cell)
        else:
            cells[name] = cell
    return {**module, "cells": cells}


def _multiplier(name: str, cell: Module) -> Module:
    """P = A * B at once, each factor signed or not."""
    used = {key: value for key, value in cell["parameters"].items() if not _is_default(key, value)}
    if used:
        raise _without_law(name, cell, used)
    pins = _Pins(cell)
    signed = pins.bit("SIGNEDA"), pins.bit("SIGNEDB")
    if signed[0] != signed[1] or signed[0] not in ("0", "1"):
        raise _without_law(name, cell, {"SIGNEDA": signed[0], "SIGNEDB": signed[1]})
    flag = "1".zfill(32) if signed[0] == "1" else "0" * 32
    return _cell(
        "$mul",
        {
            "A_SIGNED": flag,
            "B_SIGNED": flag,
            "A_WIDTH": _number(_FACTOR),
            "B_WIDTH": _number(_FACTOR),
            "Y_WIDTH": _number(_PRODUCT),
        },
        {"A": pins.bus("A", _FACTOR), "B": pins.bus("B", _FACTOR)},
        {"Y": pins.bus("P", _PRODUCT)},
    )


def _is_default(key: str, value: str) -> bool:
    return (key.endswith("MUX") and value == key.removesuffix("MUX")) or value in (
        *("NONE", "ENABLED", "DISABLED", "SYNC", "CLK0", "CE0", "RST0"),
        *("B_SHIFT", "C_SHIFT", "0b0", "0b00", "B", "A", "000000000"),
    )


def _rom(name: str, cell: Module) -> Module:
    """A port that only reads: at a clock edge with its enable it takes the word of its address."""
    pins, parameters = _Pins(cell), cell["parameters"]
    ports = [side for side in "AB" if pins.bit(f"CE{side}") != "0"]
    if any(pins.bit(f"WE{side}") != "0" for side in ports):
        raise PulsewrightError(
            f"cell {name} is block RAM that is written, of which nothing is proven here; leave "
            "the netlist for ecp5 out, or prove that of generic gates"
        )
    if len(ports) != 1:
        raise _without_law(name, cell, {"ports that read": len(ports)})
    (side,) = ports
    width = int(parameters[f"DATA_WIDTH_{side}"], 2)
    if width > _DATA_PINS or parameters.get(f"REGMODE_{side}", "NOREG") != "NOREG":
        raise _without_law(name, cell, {f"DATA_WIDTH_{side}": width})
    for pin, wanted in ((f"RST{side}", "0"), (f"CLK{side}MUX", f"CLK{side}")):
        found = parameters.get(pin, wanted) if pin.endswith("MUX") else pins.bit(pin)
        if found != wanted:
            raise _without_law(name, cell, {pin: found})
    address = pins.bus(f"AD{side}", _ADDRESS_PINS)[_FIRST_ADDRESS[width] :]
    while len(address) > 1 and address[-1] == "0":
        address.pop()
    contents = "".join(_initial_bits(parameters))
    if width < _BYTE:
        # Narrow words leave the parity bit of each byte out.
        contents = "".join(contents[at : at + 8] for at in range(0, len(contents), _BYTE))
    size = 1 << len(address)
    # Yosys writes a memory from its last bit.
    words = contents[: size * width][::-1]
    return _cell(
        "$mem_v2",
        {
            "MEMID": f"\\{name}.mem",
            "SIZE": _number(size),
            "OFFSET": _number(0),
            "ABITS": _number(len(address)),
            "WIDTH": _number(width),
            "INIT": words,
            "RD_PORTS": _number(1),
            "RD_CLK_ENABLE": "1",
            "RD_CLK_POLARITY": "1",
            "RD_TRANSPARENCY_MASK": "0",
            "RD_COLLISION_X_MASK": "0",
            "RD_WIDE_CONTINUATION": "0",
            "RD_CE_OVER_SRST": "0",
            "RD_ARST_VALUE": "x" * width,
            "RD_SRST_VALUE": "x" * width,
            "RD_INIT_VALUE": "x" * width,
            "WR_PORTS": _number(0),
            "WR_CLK_ENABLE": "0",
            "WR_CLK_POLARITY": "0",
            "WR_PRIORITY_MASK": "0",
            "WR_WIDE_CONTINUATION": "0",
        },
        {
            "RD_CLK": [pins.bit(f"CLK{side}")],
            "RD_EN": [pins.bit(f"CE{side}")],
            "RD_ARST": ["0"],
            "RD_SRST": ["0"],
            "RD_ADDR": address,
            "WR_CLK": [],
            "WR_EN": [],
            "WR_ADDR": [],
            "WR_DATA": [],
        },
        {"RD_DATA": pins.bus(f"DO{side}", width)},
    )


def _initial_bits(parameters: Mapping[str, str]) -> Iterator[str]:
    """From the first bit of the first word; rows hold words of 18 bits, 20 bits apart."""
    for row in range(_ROWS):
        bits = parameters.get(f"INITVAL_{row:02X}", "0" * _STRIDE * _WORDS_A_ROW)[::-1]
        for word in range(_WORDS_A_ROW):
            yield bits[word * _STRIDE : word * _STRIDE + _WORD]


class _Pins:
    """A cell's pins, each a port of one bit; one that is left open is 0."""

    def __init__(self, cell: Module) -> None:
        self._ends: dict[str, Bit] = {port: bits[0] for port, bits in cell["connections"].items()}

    def bit(self, pin: str) -> Bit:
        return self._ends.get(pin, "0")

    def bus(self, pin: str, width: int) -> list[Bit]:
        """Pins numbered from 0."""
        return [self.bit(f"{pin}{at}") for at in range(width)]


def _cell(
    kind: str,
    parameters: dict[str, str],
    inputs: dict[str, list[Bit]],
    outputs: dict[str, list[Bit]],
) -> Module:
    return {
        "type": kind,
        "parameters": parameters,
        "attributes": {},
        "port_directions": {
            **dict.fromkeys(inputs, "input"),
            **dict.fromkeys(outputs, "output"),
        },
        "connections": {**inputs, **outputs},
    }


def _number(value: int) -> str:
    return f"{value:032b}"


def _without_law(name: str, cell: Module, how: Mapping[str, Any]) -> PulsewrightError:
    said = ", ".join(f"{key} {value}" for key, value in how.items())
    return PulsewrightError(f"cell {name}, a {cell['type']} with {said}, has no law here")
