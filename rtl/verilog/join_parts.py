# SPDX-License-Identifier: Apache-2.0
"""One assignment for a net that Yosys assigns part by part."""

import re
from collections import defaultdict

from pulsewright.rtl.verilog.expressions import Operation
from pulsewright.rtl.verilog.names import is_unnamed
from pulsewright.rtl.verilog.parsed_module import Assign, ParsedModule, Statement

_PART = re.compile(r"(\w+)\[(?:(\d+):)?(\d+)\]")


def join_parts(module: ParsedModule) -> None:
    """Join the parts of nets without a name; the parts of a register can then be told apart."""
    parts: dict[str, list[tuple[int, int, Assign]]] = defaultdict(list)
    for statement in module.statements:
        if not isinstance(statement, Assign):
            continue
        found = _PART.fullmatch(statement.target)
        if found and is_unnamed(found[1]):
            low = int(found[3])
            parts[found[1]].append((low, int(found[2] or low), statement))
    dropped: set[int] = set()
    joined: list[Statement] = []
    for net, pieces in parts.items():
        pieces.sort(key=lambda piece: piece[0])
        ends = [-1, *(high for _, high, _ in pieces)]
        if all(low == end + 1 for (low, _, _), end in zip(pieces, ends, strict=False)) and (
            ends[-1] == module.widths[net] - 1
        ):
            dropped |= {id(statement) for _, _, statement in pieces}
            values = tuple(statement.value for _, _, statement in reversed(pieces))
            joined.append(Assign(net, Operation("{}", values)))
    module.statements = [s for s in module.statements if id(s) not in dropped] + joined
