# SPDX-License-Identifier: Apache-2.0
import re
import tempfile

import pytest
from systemrdl.node import AddrmapNode

from pulsewright.rtl.package.register_page import html_page
from pulsewright.rtl.package.system_rdl import addrmap_name, compiled_rdl, system_rdl
from tests.rtl.package.packages import design


def compiled() -> AddrmapNode:
    return compiled_rdl(system_rdl(design().register_map, "mine"), addrmap_name("mine"))


def test_the_page_names_every_register_and_no_path() -> None:
    register_map = design().register_map
    node = compiled()
    pages = html_page(node, "mine: registers")
    assert b"mine: registers" in pages["index.html"]
    texts = "\n".join(
        data.decode() for path, data in pages.items() if path.endswith((".html", ".json", ".js"))
    )
    for register in register_map.registers:
        name = re.sub(r"\[\d+\]", "", register.name).split(".")[-1]
        assert re.search(rf"\b{name}\b", texts), register.name
    assert tempfile.gettempdir() not in texts


def test_the_page_does_not_depend_on_the_time(monkeypatch: pytest.MonkeyPatch) -> None:
    node = compiled()
    first = html_page(node, "mine")
    monkeypatch.setattr("time.time", lambda: 4e9)
    assert html_page(node, "mine") == first
    assert b"4000000000" not in first["index.html"]


def test_every_file_that_the_page_asks_for_is_there() -> None:
    node = compiled()
    pages = html_page(node, "mine")
    index = pages["index.html"].decode()
    wanted = re.findall(r"""(?:src|href)="([^":#?]+\.\w+)["?]""", index)
    assert len(wanted) > 5
    assert set(wanted) <= set(pages)
    assert any(path.endswith(".woff2") for path in pages)
