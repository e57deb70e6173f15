# SPDX-License-Identifier: Apache-2.0
"""A netlist in BLIF, as the tools of qflow read it: one name a net, no assignments."""

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.synth.cells.cell_library import CellLibrary
from pulsewright.synth.cells.netlist import Net, Netlist

SUPPLY, GROUND = "vdd", "gnd"


def net_names(netlist: Netlist) -> dict[int, str]:
    """What nets are called: after the port that they are at, if there is one."""
    names = {net: f"n{net}" for net in netlist.sinks}
    # The driver of an input is outside: its name is the port's, even if it leaves at another.
    for wanted in ("output", "input"):
        for direction, bit, net in _port_bits(netlist):
            if direction == wanted and isinstance(net, int):
                names[net] = bit
    return names


def blif(netlist: Netlist, library: CellLibrary) -> str:
    """The text. A constant is the supply or the ground.

    An output that is an input, a constant or another output as well gets a buffer of its own.

    Raises:
        PulsewrightError: it would, and the library has no buffer.
    """
    names = net_names(netlist)

    def name(net: Net) -> str:
        return names[net] if isinstance(net, int) else SUPPLY if net == "1" else GROUND

    ports = list(_port_bits(netlist))
    lines = [f".model {netlist.top}"]
    for wanted in ("input", "output"):
        bits = [bit for direction, bit, _ in ports if direction == wanted]
        lines.append(f".{wanted}s {' '.join(bits)}")
    for instance in netlist.instances.values():
        pins = " ".join(f"{pin}={name(net)}" for pin, net in instance.nets.items())
        lines.append(f".gate {instance.cell.name} {pins}")
    for direction, bit, net in ports:
        if direction == "output" and name(net) != bit:
            lines.append(f".gate {_buffer(library, name(net), bit)}")
    return "\n".join((*lines, ".end", ""))


def _port_bits(netlist: Netlist) -> list[tuple[str, str, Net]]:
    return [
        (direction, f"{port}[{place}]" if len(nets) > 1 else port, net)
        for port, (direction, nets) in netlist.ports.items()
        for place, net in enumerate(nets)
    ]


def _buffer(library: CellLibrary, driver: str, output: str) -> str:
    cell = library.smallest("01")
    if cell is None:
        raise PulsewrightError(f"library {library.name} has no buffer, which {output} needs")
    return f"{cell.name} {cell.inputs[0].name}={driver} {cell.outputs[0].name}={output}"
