# SPDX-License-Identifier: Apache-2.0
"""A flattened netlist of single bits: its flip-flops, and the names of its nets.

Source: the JSON of Yosys' `write_json`, where a bit is a number, or "0", "1", "x", "z".
"""

import re
from collections.abc import Iterator, Mapping
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.tools.yosys import Module

Bit = int | str
Name = tuple[str, int]

_FLIP_FLOP = re.compile(r"\$_DFF_([NP])(?:([NP])([01]))?_")
_SET_AND_RESET = re.compile(r"\$_DFFSR_([NP])([NP])([NP])_")
_INACTIVE = {"P": "0", "N": "1"}
_STATE = re.compile(r"\$(_?DLATCH|_?S?A?L?DFF|_?SR|_?FF_|[as]?d?s?r?l?d?ff|dlatch|sr|mem|anyinit)")


class FlipFlop(NamedTuple):
    """One bit of state.

    data: what it takes at the edge of `clock` that `rises` tells. reset: the bit that sets it to
    `reset_value` at once while it is `reset_level`; None if nothing does. initial: its value when
    power comes, "0", "1", or "x" where that is unknown.
    """

    cell: str
    data: Bit
    clock: Bit
    rises: bool
    reset: Bit | None
    reset_level: str
    reset_value: str
    initial: str

    def begins_with(self, value: str) -> bool:
        """Whether that is known of what it holds before its first clock edge."""
        return value == (self.initial if self.reset is None else self.reset_value)


class BitNetlist:
    """A module that has flip-flops of one bit, combinational cells, and no module below.

    flip_flops: by the bit that they drive. names: the bit of each bit of a named net. drivers: the
    cell that drives a bit.
    """

    def __init__(self, module: Module) -> None:
        """Raises PulsewrightError: it has a state of another kind, or a cell of unknown insides."""
        self.module = module
        self.names: dict[Name, Bit] = {}
        initial: dict[Bit, str] = {}
        for name, net in module["netnames"].items():
            values = net["attributes"].get("init", "")[::-1]
            initial.update(zip(net["bits"], values, strict=False))
            if not net.get("hide_name"):
                self.names.update({(name, at): bit for at, bit in enumerate(net["bits"])})
        self.drivers: dict[Bit, str] = {
            bit: name
            for name, cell in module["cells"].items()
            for port, bits in cell["connections"].items()
            if cell["port_directions"].get(port) == "output"
            for bit in bits
        }
        self.flip_flops: dict[Bit, FlipFlop] = {}
        for name, cell in module["cells"].items():
            if _STATE.match(cell["type"]):
                ends = {port: bits[0] for port, bits in cell["connections"].items()}
                # Of a set that a reset overrides, Yosys leaves 0 & ~reset where there is no set.
                ends |= {port: self._folded(ends[port]) for port in "SR" if port in ends}
                driven = ends.get("Q", "x")
                begins = initial.get(driven, "x")
                self.flip_flops[driven] = _flip_flop(name, cell["type"], ends, begins)
            elif not cell["type"].startswith("$"):
                raise PulsewrightError(f"cell {name} is a {cell['type']}, of which there is no law")

    def _folded(self, bit: Bit) -> Bit:
        cell = self.module["cells"].get(self.drivers.get(bit, ""))
        if cell is not None and cell["type"] in ("$_AND_", "$_ANDNOT_"):
            return "0" if cell["connections"]["A"] == ["0"] else bit
        return bit

    def inputs(self) -> Iterator[tuple[str, list[Bit]]]:
        """Its input ports and their bits."""
        for name, port in self.module["ports"].items():
            if port["direction"] == "input":
                yield name, port["bits"]

    def behind_inverters(self, bit: Bit) -> tuple[Bit, bool]:
        """What drives `bit` but for inverters and buffers, and whether it is inverted by them."""
        inverted = False
        while (cell := self.module["cells"].get(self.drivers.get(bit, ""))) is not None:
            if bit in self.flip_flops or cell["type"] not in ("$_NOT_", "$_BUF_"):
                break
            inverted ^= cell["type"] == "$_NOT_"
            bit = cell["connections"]["A"][0]
        return bit, inverted


def _flip_flop(name: str, cell_type: str, ends: Mapping[str, Bit], initial: str) -> FlipFlop:
    kind = cell_type
    both = _SET_AND_RESET.fullmatch(kind)
    if both is not None:
        # One of the two that is never active leaves a flip-flop with the other one.
        edge, set_level, reset_level = both.groups()
        if ends["S"] == _INACTIVE[set_level]:
            kind = f"$_DFF_{edge}{reset_level}0_"
        elif ends["R"] == _INACTIVE[reset_level]:
            kind, ends = f"$_DFF_{edge}{set_level}1_", {**ends, "R": ends["S"]}
    found = _FLIP_FLOP.fullmatch(kind)
    if found is None:
        raise PulsewrightError(f"cell {name} is a {cell_type}, a state of another kind")
    edge, level, value = found.groups()
    reset = ends.get("R") if level and ends.get("R") != _INACTIVE[level] else None
    return FlipFlop(
        cell=name,
        data=ends["D"],
        clock=ends["C"],
        rises=edge == "P",
        reset=reset,
        reset_level="1" if level == "P" else "0",
        reset_value=value or "x",
        initial=initial,
    )
