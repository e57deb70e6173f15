# SPDX-License-Identifier: Apache-2.0
"""Gives tables, memories and the gate of a clock their modules, and files the way to them."""

import re

from pulsewright.rtl.clock_gate_text import CLOCK_GATE_TEXT
from pulsewright.rtl.table_text import DEFAULT_HEX_FOLDER, HEX_FOLDER
from pulsewright.rtl.verilog_platform import VerilogPlatform

_MODULE_OR_ROM = re.compile(
    rf"^module (?P<module>\w+)|^  (?P<rom>{VerilogPlatform.ROM_PREFIX}\d+) (?P<instance>\w+)",
    re.MULTILINE,
)
_MEMORY = re.compile(
    rf"^  (?P<memory>{VerilogPlatform.MEMORY_PREFIX}\d+) (?P<instance>\w+) \($", re.MULTILINE
)
_MODULE_OR_INSTANCE = re.compile(
    r"^module (?P<module>\w+) \($|^  (?P<type>\w+) (?P<instance>\w+) \($", re.MULTILINE
)


def with_table_modules(text: str, platform: VerilogPlatform) -> tuple[str, dict[str, str]]:
    """`text` with the modules of its tables, memories and gate, and the files read, by name.

    Each table is named after its parent and its instance. Modules around one that reads a file
    have the parameter HEX_FOLDER, the folder of the files, and hand it on.
    """
    roms: list[str] = []
    files: dict[str, str] = {}
    readers: set[str] = set()
    parent = ""

    def named(match: re.Match[str]) -> str:
        nonlocal parent
        if match["module"]:
            parent = match["module"]
            return match[0]
        module = f"{parent}_{match['instance']}"
        roms.append(platform.rom_text(match["rom"], module))
        if platform.reads_file(match["rom"]):
            readers.add(module)
            files[f"{module}.hex"] = platform.hex_text(match["rom"])
        return f"  {module} {match['instance']}"

    text = _MODULE_OR_ROM.sub(named, text)
    if readers:
        text = _with_folder(text, readers)
    gates = [CLOCK_GATE_TEXT] if platform.has_clock_gate else []
    return "\n".join((_with_memories(text, platform), *gates, *roms)), files


def _with_memories(text: str, platform: VerilogPlatform) -> str:
    """`text` with the parameters of its memories, and the modules of those that it has."""
    modules: dict[str, str] = {}

    def with_parameters(match: re.Match[str]) -> str:
        module, parameters = platform.memory_parameters(match["memory"])
        modules[module.name] = module.text
        return f"  {module.name} #({parameters}) {match['instance']} ("

    text = _MEMORY.sub(with_parameters, text)
    return "\n".join((text, *(modules[name] for name in sorted(modules))))


def _with_folder(text: str, readers: set[str]) -> str:
    """`text` whose modules that contain `readers` hand the parameter HEX_FOLDER on to them."""
    parents: dict[str, list[str]] = {}
    module = ""
    for match in _MODULE_OR_INSTANCE.finditer(text):
        if match["module"]:
            module = match["module"]
        else:
            parents.setdefault(match["type"], []).append(module)
    with_folder, waiting = set(readers), list(readers)
    while waiting:
        found = set(parents.get(waiting.pop(), ())) - with_folder
        with_folder |= found
        waiting += found

    def handed_on(match: re.Match[str]) -> str:
        if (match["module"] or match["type"]) not in with_folder:
            return match[0]
        if match["module"]:
            declared = f'  parameter {HEX_FOLDER} = "{DEFAULT_HEX_FOLDER}"'
            return f"module {match['module']} #(\n{declared}\n) ("
        return f"  {match['type']} #(.{HEX_FOLDER}({HEX_FOLDER})) {match['instance']} ("

    return _MODULE_OR_INSTANCE.sub(handed_on, text)
