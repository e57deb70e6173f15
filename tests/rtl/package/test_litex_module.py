# SPDX-License-Identifier: Apache-2.0
"""The text of the LiteX module; tests/sim/litex builds SoCs with it."""

import ast
import re

import pytest

from pulsewright.rtl.buses.options import Addressing, AttachmentOptions
from pulsewright.rtl.package.file_lists import PackagePaths
from pulsewright.rtl.package.litex_module import litex_module
from tests.rtl.package.packages import NAME, design, paperwork

PATHS = PackagePaths(NAME, "wishbone")


def module() -> str:
    return litex_module(design("wishbone"), PATHS)


def test_every_port_is_joined_but_what_pipelined_masters_need() -> None:
    joined = set(re.findall(r"\b[io]_(\w+_(?:i|ni|o))=", module()))
    ports = {port.name for port in design("wishbone").ports}
    assert joined <= ports
    assert ports - joined == {"wb_stall_o", "event_o"}
    inputs = {port.name for port in design("wishbone").ports if port.is_input}
    assert inputs <= joined


@pytest.mark.parametrize("addressing", ["byte", "word"])
def test_the_bus_counts_what_the_port_counts(addressing: Addressing) -> None:
    made = design("wishbone", options=AttachmentOptions(addressing=addressing))
    assert f'addressing="{addressing}"' in litex_module(made, PATHS)


def test_it_can_be_read_by_python_and_names_what_is_there() -> None:
    tree = ast.parse(module())
    defined = {n.name for n in tree.body if isinstance(n, ast.ClassDef | ast.FunctionDef)}
    assert {"Coprocessor", "add_coprocessor", "add_driver"} <= defined
    assert f"region_size = {design('wishbone').address_space:#x}" in module()
    contents = paperwork("wishbone")
    assert contents[PATHS.litex_module].decode() == module()
    assert PATHS.coprocessor in module()
    assert PATHS.litex_library.endswith("/libpulsewright/Makefile")
    assert "../../firmware" in contents[PATHS.litex_library].decode()
