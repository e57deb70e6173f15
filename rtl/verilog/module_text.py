# SPDX-License-Identifier: Apache-2.0
"""Verilog-2005 text of a module that was taken apart."""

from collections.abc import Mapping
from textwrap import wrap

from pulsewright.rtl.verilog.expressions import INDENT, LINE, Expression, in_lines
from pulsewright.rtl.verilog.interface import ModuleInterface
from pulsewright.rtl.verilog.parsed_module import Assign, Block, Instance, ParsedModule, Register
from pulsewright.rtl.verilog.register_text import register_text


def module_text(module: ParsedModule, interfaces: Mapping[str, ModuleInterface]) -> str:
    """`module` with its comments, and with ports in the order of `interfaces`, by module."""
    interface = interfaces.get(module.name, ModuleInterface())
    comment = comment_lines(interface.comment)
    lines = [*comment, f"module {module.name} (", *_ports(module, interface), ");"]
    inner = [name for name in module.widths if name not in module.ports]
    registers = [name for name in inner if name in module.registers]
    wires = [name for name in inner if name not in module.registers]
    for kind, names in (("reg", registers), ("wire", wires)):
        lines += [f"{INDENT}{kind} {_range(module.widths[name])}{name};" for name in names]
    lines += module.memories
    for wanted in (Instance, Assign, Register, Block):
        group = [s for s in module.statements if isinstance(s, wanted)]
        if group and lines[-1] != ");":
            lines.append("")
        for statement in group:
            lines += _statement_lines(statement, module, interfaces)
    return "\n".join((*lines, "endmodule", ""))


def comment_lines(text: str) -> list[str]:
    """A Verilog comment; every line of `text` starts one of its own."""
    found = []
    for line in text.splitlines():
        found += [f"// {part}".rstrip() for part in wrap(line, LINE - 3) or [""]]
    return found


def _ports(module: ParsedModule, interface: ModuleInterface) -> list[str]:
    names = interface.ordered(module.ports)
    kinds = {
        name: f"{module.ports[name]} {'reg' if name in module.registers else 'wire'}"
        for name in names
    }
    declared = {name: f"{kinds[name]} {_range(module.widths[name])}{name}" for name in names}
    lines = []
    for number, name in enumerate(names, start=1):
        text = INDENT + declared[name] + ("," if number < len(names) else "")
        comment = interface.port_comments.get(name)
        lines.append(f"{text}  // {comment}" if comment else text)
    return lines


def _statement_lines(
    statement: Assign | Register | Instance | Block,
    module: ParsedModule,
    interfaces: Mapping[str, ModuleInterface],
) -> list[str]:
    if isinstance(statement, Block):
        return statement.lines
    if isinstance(statement, Register):
        return register_text(statement, module.widths)
    if isinstance(statement, Assign):
        lead = f"{INDENT}assign {statement.target} = "
        first, *rest = in_lines(statement.value, len(lead), INDENT * 2)
        found = [lead + first, *rest]
        found[-1] += ";"
        return found
    order = interfaces.get(statement.module, ModuleInterface()).ordered(statement.connections)
    ports = [_connection(port, statement.connections[port]) for port in order]
    head = f"{INDENT}{statement.module} {statement.name} ("
    return [head, *(f"{port}," for port in ports[:-1]), ports[-1], f"{INDENT});"]


def _connection(port: str, value: Expression) -> str:
    lead = f"{INDENT * 2}.{port}("
    text = "\n".join(in_lines(value, len(lead), INDENT * 2))
    return f"{lead}{text})"


def _range(width: int) -> str:
    return f"[{width - 1}:0] " if width > 1 else ""
