# SPDX-License-Identifier: Apache-2.0
from html.parser import HTMLParser

import pytest
from systemrdl.node import AddrmapNode

from pulsewright.rtl.register_texts.register_page import register_page
from pulsewright.rtl.register_texts.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import design


class Page(HTMLParser):
    """Identifiers, targets of links, rows of tables, and elements that are open too long."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.identifiers: list[str] = []
        self.links: list[str] = []
        self.rows: list[list[str]] = []
        self.open: list[str] = []
        self.fetched: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        values = dict(attrs)
        if tag != "meta":
            self.open.append(tag)
        if tag == "tr":
            self.rows.append([])
        if tag in ("td", "th"):
            self.rows[-1].append("")
        if tag in ("script", "img", "link", "iframe"):
            self.fetched.append(tag)
        if "id" in values:
            self.identifiers.append(values["id"] or "")
        if "href" in values:
            self.links.append(values["href"] or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        if self.open[-1:] and {"td", "th"} & set(self.open):
            self.rows[-1][-1] += data


def compiled(which: str) -> AddrmapNode:
    found = design("obi", which)
    return compiled_rdl(system_rdl(found.register_map, "mine"), addrmap_name("mine"))


@pytest.mark.parametrize("which", ["plain", "reloadable"])
def test_the_page_has_every_register_and_every_field(which: str) -> None:
    node = compiled(which)
    text = register_page(node, "mine: registers")
    page = Page(text)
    assert "<title>mine: registers</title>" in text
    fields = {(row[1], row[0]) for row in page.rows if len(row) == 5}
    addresses = {row[0] for row in page.rows if len(row) == 3}
    for register in node.registers():
        assert register.inst_name in page.identifiers
        assert f"0x{register.raw_address_offset:03x}" in addresses
        for field in register.fields():
            bits = str(field.high) if field.width == 1 else f"{field.high}:{field.low}"
            assert (field.inst_name, bits) in fields
    assert "LAYER.WINDOW" in page.identifiers
    assert ("WEIGHTS" in page.identifiers) == (which == "reloadable")


def test_the_page_stands_alone_and_its_links_lead_somewhere() -> None:
    page = Page(register_page(compiled("plain"), "mine"))
    assert page.open == []
    assert page.fetched == []
    assert len(set(page.identifiers)) == len(page.identifiers)
    assert page.links
    assert {link.removeprefix("#") for link in page.links} <= set(page.identifiers)


def test_a_title_is_text_and_no_markup() -> None:
    text = register_page(compiled("plain"), "<script>alert(1)</script> & more")
    assert Page(text).fetched == []
    assert "&lt;script&gt;alert(1)&lt;/script&gt; &amp; more" in text
