# SPDX-License-Identifier: Apache-2.0
"""Bits of named signals that are constants of the design."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.files.plain_file import read_plain_text
from pulsewright.synth.tools.yosys import MOST_NETLIST_BYTES, READ_VERILOG, read_netlist, run_script

DESIGN, MODULES, FLAT = "design.v", "modules.json", "flat.json"
# Tables stay logic: of a memory no bit would be seen to be constant.
_COMMANDS = ("proc -norom", f"write_json {MODULES}", "flatten", "opt -full", "techmap", "opt -full")

Bit = tuple[str, str, int]
"""Module, signal and place of a bit, from 0 at the lowest."""


def constant_bits(verilog: str, top: str, folder: Path) -> frozenset[Bit]:
    """Bits that keep one value whatever happens, in every instance of their module.

    They are those that Yosys' simplification of the whole design makes constants, such as a bit
    that no word of a table has. Others may be constant as well. folder: keeps scripts and logs.

    Raises:
        MissingPackageError: Yosys is not installed.
        ToolError: it does not take the design.
    """
    folder.mkdir(parents=True, exist_ok=True)
    write_text(folder / DESIGN, verilog)
    commands = [f"{READ_VERILOG} {DESIGN}", f"hierarchy -top {top}", *_COMMANDS]
    run_script([*commands, f"write_json {FLAT}"], folder, "constant_bits")
    modules = json.loads(read_plain_text(folder / MODULES, MOST_NETLIST_BYTES))["modules"]
    places = dict(_instances(modules, top, ""))
    constant: set[Bit] = set()
    changing: set[Bit] = set()
    for name, net in read_netlist(folder / FLAT, top)["netnames"].items():
        place, _, signal = name.rpartition(".")
        if place not in places:
            continue
        for number, bit in enumerate(net["bits"]):
            (constant if bit in ("0", "1") else changing).add((places[place], signal, number))
    return frozenset(constant - changing)


def _instances(modules: dict[str, Any], module: str, place: str) -> Iterator[tuple[str, str]]:
    """Where each instance stands, and its module."""
    yield place, module
    for name, cell in modules[module]["cells"].items():
        if cell["type"] in modules:
            inside = f"{place}.{name}" if place else name
            yield from _instances(modules, cell["type"], inside)
