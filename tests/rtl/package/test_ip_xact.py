# SPDX-License-Identifier: Apache-2.0
from xml.etree import ElementTree

import pytest

from pulsewright.rtl.package.ip_xact import ip_xact
from pulsewright.rtl.package.system_rdl import system_rdl
from tests.rtl.package.packages import design

IPXACT = "{http://www.accellera.org/XMLSchema/IPXACT/1685-2014}"


def component(which: str) -> ElementTree.Element:
    found = design("obi", which)
    return ElementTree.fromstring(ip_xact(found, system_rdl(found.register_map, found.name)))


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
    names = [b.findtext(f"{IPXACT}name") for b in component("plain").iter(f"{IPXACT}addressBlock")]
    assert names == ["REGISTERS"]
