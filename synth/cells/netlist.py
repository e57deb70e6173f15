# SPDX-License-Identifier: Apache-2.0
"""A netlist of library cells: who drives each net, who reads it, and its load."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import Cell, CellLibrary
from pulsewright.synth.tools.yosys import Module

Net = int | str
"""A number, or "0", "1" or "x" of a constant."""


class PinPlace(NamedTuple):
    """A pin of an instance."""

    instance: str
    pin: str


@dataclass(frozen=True)
class Instance:
    """A cell in the design. nets: by its pins, those without a net left out."""

    cell: Cell
    nets: Mapping[str, Net]


class Netlist:
    """A module that Yosys mapped.

    names: of nets, as the design has them, for those that kept one. voltage: of the supply, in V.

    Raises:
        PulsewrightError: a cell of it is not in the library.
    """

    def __init__(self, top: str, module: Module, library: CellLibrary) -> None:
        self.top = top
        self.voltage = library.voltage
        self.ports: dict[str, tuple[str, list[Net]]] = {
            name: (port["direction"], port["bits"]) for name, port in module["ports"].items()
        }
        self.instances = dict(_instances(module, library))
        self.names = _net_names(module)

    @cached_property
    def drivers(self) -> dict[int, PinPlace]:
        """The output pin that drives a net; none of an input port's."""
        return {
            net: PinPlace(name, pin.name)
            for name, instance in self.instances.items()
            for pin in instance.cell.outputs
            if isinstance(net := instance.nets.get(pin.name), int)
        }

    @cached_property
    def sinks(self) -> dict[int, list[PinPlace]]:
        """The input pins that read a net, for all nets."""
        found: dict[int, list[PinPlace]] = {net: [] for net in self.drivers}
        for direction, nets in self.ports.values():
            found |= {net: [] for net in nets if direction == "input" and isinstance(net, int)}
        for name, instance in self.instances.items():
            for pin in instance.cell.inputs:
                net = instance.nets.get(pin.name)
                if isinstance(net, int):
                    found.setdefault(net, []).append(PinPlace(name, pin.name))
        return found

    def load(self, net: int, port_load: float) -> float:
        """Capacitance in pF of the input pins and output ports on a net.

        port_load: of an output port, in pF.
        """
        sinks = self.sinks[net]
        pins = sum(self.instances[one.instance].cell.pins[one.pin].capacitance for one in sinks)
        return pins + self._output_bits.get(net, 0) * port_load

    def ends(self, net: int) -> int:
        """Input pins and output ports on a net: what a wire leads to from its driver."""
        return len(self.sinks[net]) + self._output_bits.get(net, 0)

    @cached_property
    def _output_bits(self) -> dict[int, int]:
        counts: dict[int, int] = {}
        for direction, nets in self.ports.values():
            for net in nets:
                if direction == "output" and isinstance(net, int):
                    counts[net] = counts.get(net, 0) + 1
        return counts

    @property
    def area(self) -> float:
        """Of all cells."""
        return sum(one.cell.area for one in self.instances.values())

    @property
    def leakage(self) -> float:
        """Of all cells, in nW."""
        return sum(one.cell.leakage for one in self.instances.values())

    def count(self, kind: str) -> int:
        """Instances that are a "flip_flop" or a "clock_gate"."""
        return sum(getattr(one.cell, kind) is not None for one in self.instances.values())

    def verilog(self) -> str:
        """The netlist as plain structural Verilog, without assignments of vectors."""
        lines = [f"module {self.top} ({', '.join(self.ports)});"]
        wires = dict.fromkeys(self.sinks)
        assigned = []
        for name, (direction, nets) in self.ports.items():
            span = f"[{len(nets) - 1}:0] " if len(nets) > 1 else ""
            lines.append(f"  {direction} {span}{name};")
            for place, net in enumerate(nets):
                bit = f"{name}[{place}]" if len(nets) > 1 else name
                pair = (net_text(net), bit) if direction == "input" else (bit, net_text(net))
                assigned.append(f"  assign {pair[0]} = {pair[1]};")
        lines += [f"  wire {net_text(net)};" for net in wires]
        lines += assigned
        for number, instance in enumerate(self.instances.values()):
            pins = ", ".join(f".{pin}({net_text(net)})" for pin, net in instance.nets.items())
            lines.append(f"  {instance.cell.name} u{number} ({pins});")
        return "\n".join((*lines, "endmodule", ""))


def net_text(net: Net) -> str:
    """A net in Verilog; a constant that may be anything is 0."""
    if isinstance(net, int):
        return f"n{net}"
    return "1'b1" if net == "1" else "1'b0"


def _instances(module: Module, library: CellLibrary) -> Iterator[tuple[str, Instance]]:
    for name, cell in module["cells"].items():
        known = library.cells.get(cell["type"])
        if known is None:
            raise PulsewrightError(
                f"the netlist has a cell {cell['type']}, which library {library.name} has not; "
                "it lacks a latch or a flip-flop that the design needs"
            )
        nets = {pin: bits[0] for pin, bits in cell["connections"].items() if bits}
        yield name, Instance(known, nets)


def _net_names(module: Module) -> dict[int, str]:
    """The name with the longest path of each bit that has one of the design's."""
    names: dict[int, str] = {}
    for name, net in module["netnames"].items():
        if net["hide_name"]:
            continue
        for bit in net["bits"]:
            if isinstance(bit, int) and name.count(".") >= names.get(bit, "").count("."):
                names[bit] = name
    return names
