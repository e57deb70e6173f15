# SPDX-License-Identifier: Apache-2.0
"""Energy of what moved: half of C·V² for each edge of a net, and the cells' own tables."""

from collections.abc import Callable, Mapping

from pulsewright.synth.cells.cell_library import EDGES
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.energy.activity import Activity
from pulsewright.synth.energy.groups import Part, is_clock_pin
from pulsewright.synth.energy.models import PORT_LOAD_PF, SLOPE_NS

Wires = Callable[[int], float]
"""Capacitance of the wires of a net, in pF."""


def no_wires(net: int) -> float:
    """Of a netlist that nobody has placed."""
    return 0.0


def energy_by_part(
    netlist: Netlist,
    activity: Activity,
    parts: Mapping[str, Part],
    wires: Wires = no_wires,
) -> dict[Part, float]:
    """Energy in pJ of all that moved, leakage not included."""
    energy = dict.fromkeys(Part, 0.0)
    for net in netlist.sinks:
        edges = sum(activity.edges[net, edge] for edge in EDGES)
        _add_charge(netlist, net, edges, parts, wires, energy)
    for instance, event, net, counts in activity.events:
        if any(counts):
            load = netlist.load(net, PORT_LOAD_PF) + wires(net)
            tables = [table for _, table in event.cases]
            spent = sum(
                count * table(SLOPE_NS, load) for count, table in zip(counts, tables, strict=True)
            )
            energy[_part(netlist, instance, event.pin, parts)] += event.share * spent
    return energy


def _add_charge(
    netlist: Netlist,
    net: int,
    edges: int,
    parts: Mapping[str, Part],
    wires: Wires,
    energy: dict[Part, float],
) -> None:
    """Half of C·V² an edge, to the part that drives the net; of an input to those that read it.

    The charge of a clock's pins is the clock's, whoever drives it.
    """
    volt = netlist.voltage
    driver = netlist.drivers.get(net)
    sinks = netlist.sinks[net]
    total = netlist.load(net, PORT_LOAD_PF) + wires(net)
    if driver is not None:
        part = parts[driver.instance]
        is_clock = any(is_clock_pin(netlist, sink) for sink in sinks)
        energy[Part.CLOCK if is_clock else part] += 0.5 * total * volt**2 * edges
        return
    for sink in sinks:
        share = total / len(sinks)
        is_clock = is_clock_pin(netlist, sink)
        part = Part.CLOCK if is_clock else parts[sink.instance]
        energy[part] += 0.5 * share * volt**2 * edges


def _part(netlist: Netlist, instance: str, pin: str, parts: Mapping[str, Part]) -> Part:
    cell = netlist.instances[instance].cell
    if cell.flip_flop is not None and pin in cell.flip_flop.clock.pins:
        return Part.CLOCK
    return parts[instance]
