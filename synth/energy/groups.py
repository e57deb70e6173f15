# SPDX-License-Identifier: Apache-2.0
"""Which part of a design a cell belongs to: what it computes is told by the registers it feeds."""

from collections import Counter
from enum import StrEnum

from pulsewright.synth.cells.netlist import Netlist, PinPlace


class Part(StrEnum):
    """clock: gates and pins of clocks. registers: flip-flops but for their clock.

    Logic by what it feeds: weights: tables of weights. control: counters and valid bits. bus: all
    that is outside the engine. arithmetic: the rest.
    """

    CLOCK = "clock"
    REGISTERS = "registers"
    ARITHMETIC = "arithmetic"
    WEIGHTS = "weights"
    CONTROL = "control"
    BUS = "bus"


_WEIGHTS = ("weights", "bias")
# Large tables, and memories, have their registers in their own modules.
_TABLES = ("weight_rom", "bias_rom", "weight_memory", "bias_memory")
_CONTROL = ("valid", "group", "step", "ready", "last", "first", "bank", "row", "state")


def part_of_register(name: str, is_bus: bool) -> Part:
    """What logic belongs to that feeds the register of this name.

    name: its path, such as `engine.layer1.adder_tree0_valid`. is_bus: the design has a bus.
    """
    path = name.split(".")
    if is_bus and "engine" not in path:
        return Part.BUS
    if any(table in path for table in _TABLES):
        return Part.WEIGHTS
    if any(word in path[-1] for word in _WEIGHTS) and not path[-1].endswith("step"):
        return Part.WEIGHTS
    if any(path[-1].rstrip("0123456789_").endswith(word) for word in _CONTROL):
        return Part.CONTROL
    return Part.ARITHMETIC


def parts(netlist: Netlist, is_bus: bool) -> dict[str, Part]:
    """The part of each instance.

    Logic belongs to what most of the pins that it drives belong to: registers by their names,
    further logic by its own part; output ports to the bus, or to control where there is none.
    """
    found: dict[str, Part] = {}
    fed: dict[str, Part] = {}
    for name, instance in netlist.instances.items():
        if instance.cell.clock_gate is not None:
            found[name], fed[name] = Part.CLOCK, Part.CONTROL
        elif instance.cell.flip_flop is not None:
            found[name] = Part.REGISTERS
            nets = [instance.nets.get(pin.name) for pin in instance.cell.outputs]
            names = [
                netlist.names[net] for net in nets if isinstance(net, int) and net in netlist.names
            ]
            fed[name] = part_of_register(names[0] if names else "", is_bus)
    ports = Part.BUS if is_bus else Part.CONTROL
    for name in _from_the_outputs(netlist):
        instance = netlist.instances[name]
        nets = [instance.nets.get(pin.name) for pin in instance.cell.outputs]
        sinks = [sink for net in nets if isinstance(net, int) for sink in netlist.sinks[net]]
        votes = Counter(fed[sink.instance] for sink in sinks if sink.instance in fed)
        fed[name] = found[name] = votes.most_common(1)[0][0] if votes else ports
    return found


def is_clock_pin(netlist: Netlist, place: PinPlace) -> bool:
    """Whether a pin takes a clock."""
    cell = netlist.instances[place.instance].cell
    if cell.clock_gate is not None:
        return place.pin == cell.clock_gate.clock
    return cell.flip_flop is not None and place.pin in cell.flip_flop.clock.pins


def _from_the_outputs(netlist: Netlist) -> list[str]:
    """Instances of logic, each after all logic that it feeds."""
    order: list[str] = []
    seen: set[str] = set()
    logic = {
        name
        for name, one in netlist.instances.items()
        if one.cell.flip_flop is None and one.cell.clock_gate is None
    }
    for root in logic:
        waiting = [(root, False)]
        while waiting:
            name, is_done = waiting.pop()
            if is_done:
                order.append(name)
                continue
            if name in seen:
                continue
            seen.add(name)
            waiting.append((name, True))
            instance = netlist.instances[name]
            for pin in instance.cell.outputs:
                net = instance.nets.get(pin.name)
                sinks = netlist.sinks[net] if isinstance(net, int) else []
                waiting += [(one.instance, False) for one in sinks if one.instance in logic]
    return order
