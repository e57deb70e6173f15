# SPDX-License-Identifier: Apache-2.0
"""Two netlists cut at their registers: what these hold comes in, what they take goes out.

Netlists that are cut at the same registers do the same for ever, once they began alike, if they
give the same for all that can come in: an induction over the clock cycles in one step.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from pulsewright.synth.equivalence.bit_netlist import Bit, BitNetlist, FlipFlop
from pulsewright.synth.equivalence.correspondence import Pair
from pulsewright.synth.tools.yosys import Module

STATE, NEXT, RESETS, FREE = "cut_state", "cut_next", "cut_resets", "cut_free"


class Cut(NamedTuple):
    """Both modules; they have the same ports, but for FREE of the mapped one, what it leaves open.

    next_names, reset_names: of the bits of the output ports NEXT and RESETS.
    """

    specified: Module
    mapped: Module
    next_names: tuple[str, ...]
    reset_names: tuple[str, ...]


def cut_at_registers(specified: BitNetlist, mapped: BitNetlist, pairs: Sequence[Pair]) -> Cut:
    """Both without their flip-flops.

    STATE has a bit for each flip-flop of the netlist, and one for each register of the Verilog that
    the netlist does not have. NEXT is what registers take, in the order of `pairs`; RESETS whether
    they are reset at once.
    """
    left, right = _Cutter(specified), _Cutter(mapped)
    stands_for: dict[Bit, list[Pair]] = defaultdict(list)
    for pair in pairs:
        stands_for[pair.mapped].append(pair)
    constant = {pair.mapped for pair in pairs if pair.is_constant}
    for bit in mapped.flip_flops:
        if bit not in constant:
            right.replace(bit, right.state_bit())
            held = left.state_bit()
            for pair in stands_for[bit]:
                left.replace(pair.specified, left.inverse_if(pair.inverted, held))
    for pair in pairs:
        if isinstance(pair.mapped, str):
            left.replace(pair.specified, pair.mapped)
        elif isinstance(pair.specified, str):
            right.replace(pair.mapped, pair.specified)
    for bit in specified.flip_flops.keys() - left.replaced.keys():
        left.replace(bit, left.state_bit())
        right.state_bit()
    resets = []
    for pair in pairs:
        left.next.append(_taken(specified, pair.specified))
        right.next.append(right.inverse_if(pair.inverted, _taken(mapped, pair.mapped)))
        register = specified.flip_flops.get(pair.specified)
        if register is not None and register.reset is not None and not pair.is_constant:
            resets.append(pair.name)
            left.resets.append(left.is_reset(register))
            right.resets.append(right.is_reset(mapped.flip_flops[pair.mapped]))
    return Cut(
        left.module(),
        right.module(right.open_bits()),
        tuple(pair.name for pair in pairs),
        tuple(resets),
    )


def _taken(netlist: BitNetlist, bit: Bit) -> Bit:
    """What a flip-flop takes; a constant stays what it is."""
    return bit if isinstance(bit, str) else netlist.flip_flops[bit].data


class _Cutter:
    """Replaces flip-flops of one netlist by ports.

    replaced: what stands for a bit that a flip-flop drove. state, next, resets: bits of ports.
    """

    def __init__(self, netlist: BitNetlist) -> None:
        module = netlist.module
        cut = {register.cell for register in netlist.flip_flops.values()}
        self._ports: Module = dict(module["ports"])
        self._cells: Module = {
            name: cell
            for name, cell in module["cells"].items()
            if name not in cut and cell["type"] != "$scopeinfo"
        }
        self._last = max(
            (bit for bits in _all_bits(module) for bit in bits if isinstance(bit, int)), default=1
        )
        self.replaced: dict[Bit, Bit] = {}
        self.state: list[Bit] = []
        self.next: list[Bit] = []
        self.resets: list[Bit] = []

    def _fresh(self) -> int:
        self._last += 1
        return self._last

    def state_bit(self) -> Bit:
        """One more of what comes in."""
        self.state.append(self._fresh())
        return self.state[-1]

    def replace(self, bit: Bit, other: Bit) -> None:
        """Put `other` for what a flip-flop drove."""
        self.replaced[bit] = other

    def inverse_if(self, inverted: bool, bit: Bit) -> Bit:
        """Its opposite, or the bit itself."""
        if not inverted:
            return bit
        driven = self._fresh()
        self._cells[f"cut_inverter_{driven}"] = {
            "type": "$_NOT_",
            "parameters": {},
            "attributes": {},
            "port_directions": {"A": "input", "Y": "output"},
            "connections": {"A": [bit], "Y": [driven]},
        }
        return driven

    def is_reset(self, register: FlipFlop) -> Bit:
        """A bit that is 1 where the register is reset."""
        assert register.reset is not None
        return self.inverse_if(register.reset_level == "0", register.reset)

    def open_bits(self) -> list[Bit]:
        """Bits that nothing drives, those of unknown constants among them, which get one."""
        driven = {bit for port in self._inputs() for bit in port}
        for cell in self._cells.values():
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] == "output":
                    driven.update(bits)
        found: dict[Bit, None] = {}
        for cell in self._cells.values():
            for port, bits in cell["connections"].items():
                if cell["port_directions"][port] == "input":
                    cell["connections"][port] = [self._known(bit) for bit in bits]
                    found.update(dict.fromkeys(cell["connections"][port]))
        self.next = [self._known(bit) for bit in self.next]
        self.resets = [self._known(bit) for bit in self.resets]
        outputs = [port for port in self._ports.values() if port["direction"] == "output"]
        for port in outputs:
            port["bits"] = [self._known(bit) for bit in port["bits"]]
        for bits in (self.next, self.resets, *(port["bits"] for port in outputs)):
            found.update(dict.fromkeys(bits))
        known = driven | self.replaced.keys() | set(self.state) | {"0", "1"}
        return [bit for bit in found if bit not in known]

    def _known(self, bit: Bit) -> Bit:
        return self._fresh() if bit in ("x", "z") else bit

    def _inputs(self) -> Iterable[list[Bit]]:
        return (port["bits"] for port in self._ports.values() if port["direction"] == "input")

    def module(self, open_bits: Sequence[Bit] = ()) -> Module:
        """What is left. open_bits: of the port FREE."""
        ports = dict(self._ports)
        for name, direction, bits in (
            (STATE, "input", self.state),
            (FREE, "input", list(open_bits)),
            (NEXT, "output", self.next),
            (RESETS, "output", self.resets),
        ):
            if bits:
                ports[name] = {"direction": direction, "bits": bits}
        return {
            "attributes": {},
            "ports": {
                name: {**port, "bits": self._seen(port["bits"])} for name, port in ports.items()
            },
            "cells": {
                name: {
                    **cell,
                    "connections": {
                        end: self._seen(bits) for end, bits in cell["connections"].items()
                    },
                }
                for name, cell in self._cells.items()
            },
            "netnames": {},
        }

    def _seen(self, bits: Sequence[Bit]) -> list[Bit]:
        return [self.replaced.get(bit, bit) for bit in bits]


def _all_bits(module: Module) -> Iterable[list[Bit]]:
    for net in module["netnames"].values():
        yield net["bits"]
    for cell in module["cells"].values():
        yield from cell["connections"].values()
