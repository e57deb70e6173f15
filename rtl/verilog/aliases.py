# SPDX-License-Identifier: Apache-2.0
"""Drops second names of signals, of which Yosys would keep the first of the alphabet."""

import re

_LINE = re.compile(
    r"^module (?P<module>\S+)\n"
    r"|^  wire width (?P<width>\d+)(?P<port> (?:input|output) \d+)?(?: +signed)? +(?P<wire>\\\S+)\n"
    r"|^connect (?P<alias>\\\S+) (?P<name>\\\S+) \[(?:(?P<high>\d+):)?0\]\n",
    re.MULTILINE,
)


def without_aliases(design: str) -> str:
    """RTLIL text `design`, as Amaranth writes it, without wires that are equal to others.

    The names that are left are those that the modules met first. Ports stay, and names of a part of
    a signal, which nothing else has.
    """
    kept: list[str] = []
    end = 0
    widths: dict[str, int] = {}
    ports: set[str] = set()
    for match in _LINE.finditer(design):
        if match["module"]:
            widths, ports = {}, set()
        elif match["wire"]:
            widths[match["wire"]] = int(match["width"])
            if match["port"]:
                ports.add(match["wire"])
        elif match["alias"] not in ports and widths[match["name"]] == int(match["high"] or 0) + 1:
            kept.append(design[end : match.start()])
            end = match.end()
    return "".join((*kept, design[end:]))
