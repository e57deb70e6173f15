# SPDX-License-Identifier: Apache-2.0
"""Drops nets that nobody reads."""

from pulsewright.rtl.verilog.parsed_module import Assign, ParsedModule, read_names


def drop_unread_nets(module: ParsedModule) -> None:
    """Drop the assignments of nets that are read nowhere; what led to them may be next.

    The input of a submodule that was dropped leaves its net behind.
    """
    while unread := _unread(module):
        module.statements = [
            s for s in module.statements if not (isinstance(s, Assign) and s.target in unread)
        ]
        for net in unread:
            del module.widths[net]


def _unread(module: ParsedModule) -> set[str]:
    read = set(read_names(module.statements))
    return {
        statement.target
        for statement in module.statements
        if isinstance(statement, Assign)
        and statement.target in module.widths
        and statement.target not in module.ports
        and statement.target not in read
    }
