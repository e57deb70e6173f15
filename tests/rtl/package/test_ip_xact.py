# SPDX-License-Identifier: Apache-2.0
from xml.etree import ElementTree

import pytest
from systemrdl.node import RegNode

from pulsewright.rtl.buses.options import AttachmentOptions
from pulsewright.rtl.package.ip_xact import ip_xact
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import design

IPXACT = "{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}"


def component(
    which: str, bus: str = "obi", options: AttachmentOptions | None = None
) -> ElementTree.Element:
    found = design(bus, which, options=options)
    rdl = system_rdl(found.register_map, found.name)
    return ElementTree.fromstring(ip_xact(found, compiled_rdl(rdl, addrmap_name(found.name))))


def number(element: ElementTree.Element, name: str) -> int:
    return int((element.findtext(f"{IPXACT}{name}") or "").removeprefix("'h"), 16)


@pytest.mark.parametrize("which", ["plain", "other", "reloadable"])
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


# IEEE 1685-2014: the order in which the schema wants the children of these elements.
NAMES = ["name", "displayName", "description"]
ORDER = {
    "component": [
        *("vendor", "library", "name", "version", "memoryMaps"),
        *("description", "parameters"),
    ],
    "parameters": ["parameter"],
    "parameter": ["name", "value"],
    "memoryMap": [*NAMES, "addressBlock"],
    "addressBlock": [
        *(*NAMES, "baseAddress", "range", "width", "usage", "access"),
        *("register", "registerFile"),
    ],
    "registerFile": [*NAMES, "dim", "addressOffset", "range", "register"],
    "register": [*NAMES, "dim", "addressOffset", "size", "field"],
    "field": [
        *NAMES,
        "bitOffset",
        "resets",
        "bitWidth",
        "volatile",
        "access",
        "modifiedWriteValue",
    ],
    "memoryMaps": ["memoryMap"],
    "resets": ["reset"],
    "reset": ["value"],
}


@pytest.mark.parametrize(
    ("which", "bus"),
    [("plain", "obi"), ("other", "obi"), ("reloadable", "obi"), ("plain", "wishbone")],
)
def test_elements_stand_in_the_order_of_the_standard(which: str, bus: str) -> None:
    for element in component(which, bus).iter():
        children = [child.tag.removeprefix(IPXACT) for child in element]
        if children:
            order = ORDER[element.tag.removeprefix(IPXACT)]
            assert children == sorted(children, key=order.index)


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
    assert text.startswith("Wishbone B4 slave; addressing ")
    assert not list(component("plain").iter(f"{IPXACT}parameter"))
