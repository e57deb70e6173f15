# SPDX-License-Identifier: Apache-2.0
"""What a layout's wires are: their lengths, and their capacitance by net."""

from collections.abc import Mapping

from pulsewright.synth.layout.lef import Lef
from pulsewright.synth.layout.routed_design import RoutedDesign


def lengths_by_layer(design: RoutedDesign, names: Mapping[int, str]) -> dict[str, float]:
    """Of the wires of these nets, in µm."""
    found: dict[str, float] = {}
    for name in names.values():
        for segment in design.wires.get(name, ()):
            found[segment.layer] = found.get(segment.layer, 0.0) + segment.length
    return dict(sorted(found.items()))


def wire_loads(design: RoutedDesign, lef: Lef, names: Mapping[int, str]) -> dict[int, float]:
    """Capacitance of the wires of each net to ground in pF, without that to its neighbours.

    names: of the netlist's nets in the design.
    """
    return {
        net: sum(
            segment.length * lef.layers[segment.layer].femtofarad
            for segment in design.wires.get(name, ())
        )
        / 1000
        for net, name in names.items()
    }
