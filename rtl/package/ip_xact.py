# SPDX-License-Identifier: Apache-2.0
"""The coprocessor as IP-XACT (IEEE 1685-2014): a component, and its bus with its signals."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from systemrdl.node import AddrmapNode

from pulsewright.rtl.buses.bus import Bus, Source
from pulsewright.rtl.package.design import PackagedDesign, Port
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.templates import render
from pulsewright.rtl.register_texts.register_view import map_view
from pulsewright.rtl.registers.register_map import ADDRESS_BITS
from pulsewright.rtl.top import CLOCK_PORTS, COPROCESSOR_PORTS

# Of the definitions of buses; another one whenever their signals change.
BUS_VERSION = "1.0"
ADDRESSES = (Source.ADDRESS, Source.WORD_ADDRESS)
# By the ending of a file's name; IEEE 1685-2014 has no word for the configurations of Verilator.
FILE_TYPES = {
    "v": "<ipxact:fileType>verilogSource</ipxact:fileType>",
    "sv": "<ipxact:fileType>systemVerilogSource</ipxact:fileType>",
    "vlt": '<ipxact:fileType user="verilatorConfiguration">user</ipxact:fileType>',
    "sdc": "<ipxact:fileType>SDC</ipxact:fileType>",
    "c": "<ipxact:fileType>cSource</ipxact:fileType>",
    "h": "<ipxact:fileType>cSource</ipxact:fileType>",
    "hex": '<ipxact:fileType user="memoryContents">user</ipxact:fileType>',
}


@dataclass(frozen=True)
class BusSignal:
    """A signal of the bus: its name in the definition, its port, and what it carries."""

    logical: str
    port: Port
    is_address: bool
    is_data: bool


def ip_xact(
    design: PackagedDesign, paths: PackagePaths, node: AddrmapNode, firmware: Sequence[str]
) -> str:
    """Component of the coprocessor: its bus interface, registers, ports and files.

    node: the compiled map of the coprocessor's own SystemRDL. firmware: paths of the package's C.
    Registers and reloadable weights are blocks side by side, since IP-XACT has no memory among
    registers; the block of the registers has all the address space that they take.
    """
    file_sets = {
        "coprocessor": (paths.coprocessor_waivers, paths.coprocessor),
        "engine": (paths.engine_waivers, paths.engine),
        **{wrapper.name: (paths.wrapper(wrapper),) for wrapper in design.wrappers},
        "constraints": (paths.constraints,),
        "test_bench": (paths.test_bench,),
        **({"tables": paths.hex_files} if paths.hex_files else {}),
        "firmware": tuple(firmware),
    }
    return render(
        "ip_xact.xml.j2",
        design=design,
        map=map_view(node),
        registers_bytes=1 << ADDRESS_BITS,
        signals=bus_signals(design),
        bus_version=BUS_VERSION,
        port_texts={**CLOCK_PORTS, **COPROCESSOR_PORTS},
        file_sets=file_sets,
        file_types=FILE_TYPES,
    )


def ip_xact_bus(design: PackagedDesign) -> str:
    """Bus definition of the attachment."""
    return render("ip_xact_bus.xml.j2", design=design, bus_version=BUS_VERSION)


def ip_xact_abstraction(design: PackagedDesign) -> str:
    """Abstraction definition of the attachment: its signals, of any width."""
    return render(
        "ip_xact_abstraction.xml.j2",
        design=design,
        bus_version=BUS_VERSION,
        signals=bus_signals(design),
    )


def bus_signals(design: PackagedDesign) -> list[BusSignal]:
    """The signals of the bus by the standard's names in capitals.

    Of two that the standard tells apart by their direction alone, the manager's has `_W` behind
    it and the subordinate's `_R`.
    """
    addresses, words = _carried(design)
    start = len(design.description.prefix) + 1
    names = {port: port.name[start:-2].upper() for port in design.bus_ports}
    shared = Counter(names.values())
    return [
        BusSignal(
            logical=name if shared[name] == 1 else f"{name}_{'W' if port.is_input else 'R'}",
            port=port,
            is_address=port.name in addresses,
            is_data=port.name in words,
        )
        for port, name in names.items()
    ]


def _carried(design: PackagedDesign) -> tuple[set[str], set[str]]:
    """Ports that carry addresses, and those that carry words; none of an instruction's."""
    bus = design.description
    addresses: set[str] = set()
    words: set[str] = set()
    if isinstance(bus, Bus):
        for access in (bus.read, bus.write):
            for phase in access.phases:
                driven = phase.drives.items()
                addresses |= {name for name, what in driven if what in ADDRESSES}
                words |= {name for name, what in driven if what is Source.DATA}
        words |= {access.data for access in (bus.read, bus.write) if access.data is not None}
    return addresses, words
