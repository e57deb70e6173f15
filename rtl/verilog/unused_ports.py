# SPDX-License-Identifier: Apache-2.0
"""Drops the inputs of submodules that nothing in them reads."""

import re
from collections import Counter
from functools import partial

_MODULE = re.compile(
    r"^module (?P<name>\w+)\((?P<ports>[^)]*)\);\n(?P<body>.*?)^endmodule\n", re.M | re.S
)
_INPUT = re.compile(r"^  input (?:\[\d+:0\] )?(\w+);$", re.M)
_CONNECTED_PORT = re.compile(r"\.\w+(?=\()")
_INSTANCE = re.compile(
    r"^  (?P<module>\w+) (?P<name>\w+) \(\n(?P<ports>(?:    \..*\n)+)  \);\n", re.M
)
# An input that is not read stands in its two declarations alone.
_DECLARATIONS = 2


def without_unused_inputs(text: str, top: str) -> str:
    """`text`, as Yosys writes it, without unread inputs; the ports of module `top` stay.

    A vector that passes through a module on its way to the next gives Amaranth's netlist an input
    of the former, although the wire goes past it. Dropping one can leave another unread.
    """
    while unused := _unused_inputs(text, top):
        text = _MODULE.sub(partial(_module_without, unused), text)
        text = _INSTANCE.sub(partial(_instance_without, unused), text)
    return text


def _unused_inputs(text: str, top: str) -> dict[str, set[str]]:
    """Unread inputs of the modules that have some."""
    found = {}
    for match in _MODULE.finditer(text):
        words = Counter(re.findall(r"\w+", _CONNECTED_PORT.sub("", match["body"])))
        unread = {port for port in _INPUT.findall(match["body"]) if words[port] <= _DECLARATIONS}
        if unread and match["name"] != top:
            found[match["name"]] = unread
    return found


def _module_without(unused: dict[str, set[str]], match: re.Match[str]) -> str:
    names = unused.get(match["name"])
    if not names:
        return match[0]
    # Yosys breaks a long list of ports before its last bracket.
    ports = [port.strip() for port in match["ports"].split(",")]
    ports = [port for port in ports if port not in names]
    lines = match["body"].splitlines(keepends=True)
    declared = re.compile(rf"  (?:input|wire) (?:\[\d+:0\] )?(?:{'|'.join(sorted(names))});\n")
    body = "".join(line for line in lines if not declared.fullmatch(line))
    return f"module {match['name']}({', '.join(ports)});\n{body}endmodule\n"


def _instance_without(unused: dict[str, set[str]], match: re.Match[str]) -> str:
    names = unused.get(match["module"])
    if not names:
        return match[0]
    ports = [line.rstrip(",") for line in match["ports"].splitlines()]
    kept = [line for line in ports if line.split("(")[0].strip(" .") not in names]
    return f"  {match['module']} {match['name']} (\n" + ",\n".join(kept) + "\n  );\n"
