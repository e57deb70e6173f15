# SPDX-License-Identifier: Apache-2.0
"""The modules of the text that Yosys writes, taken apart into declarations and statements."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from pulsewright.rtl.verilog.expressions import (
    COMPARISONS,
    SAME_WIDTH,
    Expression,
    parsed,
)


@dataclass
class Assign:
    """A continuous assignment; `target` is a name, a selection of bits or a concatenation."""

    target: str
    value: Expression


@dataclass
class Register:
    """`target` takes `value` at every clock edge, and `reset` while its reset is high, if any."""

    target: str
    clock: str
    value: Expression
    reset_signal: str | None = None
    reset: str = ""


@dataclass
class Instance:
    """A submodule and what its ports are connected to."""

    module: str
    name: str
    connections: dict[str, Expression]


@dataclass
class Block:
    """Lines that stay as they are: the ports of a memory."""

    lines: list[str]


Statement = Assign | Register | Instance | Block


@dataclass
class ParsedModule:
    """One module.

    ports: "input" or "output" by name. widths: bits of every port, wire and register by name.
    registers: which of them are `reg`. memories: their declarations.
    """

    name: str
    ports: dict[str, str] = field(default_factory=dict)
    widths: dict[str, int] = field(default_factory=dict)
    registers: set[str] = field(default_factory=set)
    memories: list[str] = field(default_factory=list)
    statements: list[Statement] = field(default_factory=list)


_MODULE = re.compile(r"^module (\w+)\([^)]*\);\n(.*?)^endmodule\n", re.M | re.S)
_DECLARATION = re.compile(r"  (input|output|wire|reg) (?:\[(\d+):0\] )?(\w+);")
_MEMORY = re.compile(r"  reg \[\d+:0\] \w+ \[\d+:0\];")
_ASSIGN = re.compile(r"  assign (.*) = (.*);")
_EDGES = re.compile(r"  always @\(posedge (\w+)(?:, posedge (\w+))?\)")
_LOADED = re.compile(r"    (?:else )?(\S+) <= (.*);")
_RESET = re.compile(r"    if \((\w+)\) (?:\S+) <= (.*);")
_INSTANCE = re.compile(r"  (\w+) (\w+) \(")
_CONNECTION = re.compile(r"    \.(\w+)\((.*?)\),?")
_NAME = re.compile(r"(?<![\w$'])[A-Za-z_]\w*")
_WIDTH = re.compile(r"(\d+)'|.*\[(\d+)(?::(\d+))?\]$")


def parsed_modules(text: str) -> Iterator[ParsedModule]:
    """Every module of `text`, in order.

    Raises:
        ValueError: Yosys wrote what is not known here, which only a defect of ours can cause.
    """
    for name, body in _MODULE.findall(text):
        module = ParsedModule(name)
        rest = iter(body.splitlines())
        for line in rest:
            _parse(module, line, rest)
        yield module


def _parse(module: ParsedModule, line: str, rest: Iterator[str]) -> None:
    if found := _ASSIGN.fullmatch(line):
        module.statements.append(Assign(found[1], parsed(found[2])))
    elif found := _DECLARATION.fullmatch(line):
        kind, high, name = found.groups()
        module.widths[name] = int(high or 0) + 1
        if kind == "reg":
            module.registers.add(name)
        elif kind != "wire":
            module.ports[name] = kind
    elif found := _EDGES.fullmatch(line):
        module.statements.append(_register(found[1], found[2], rest))
    elif found := _INSTANCE.fullmatch(line):
        module.statements.append(Instance(found[1], found[2], dict(_connections(rest))))
    elif line.startswith("  always @(posedge ") and line.endswith(" begin"):
        lines = [line]
        while lines[-1] != "  end":
            lines.append(next(rest))
        module.statements.append(Block(lines))
    elif _MEMORY.fullmatch(line):
        module.memories.append(line)
    elif line:
        raise ValueError(f"not a line of Yosys: {line}")


def _register(clock: str, reset_signal: str | None, rest: Iterator[str]) -> Register:
    line = next(rest)
    reset = ""
    if reset_signal:
        found = _RESET.fullmatch(line)
        if found is None or found[1] != reset_signal:
            raise ValueError(f"not a reset of Yosys: {line}")
        reset, line = found[2], next(rest)
    loaded = _LOADED.fullmatch(line)
    if loaded is None:
        raise ValueError(f"not a register of Yosys: {line}")
    return Register(loaded[1], clock, parsed(loaded[2]), reset_signal, reset)


def _connections(rest: Iterator[str]) -> Iterator[tuple[str, Expression]]:
    for line in rest:
        if line == "  );":
            return
        found = _CONNECTION.fullmatch(line)
        if found is None:
            raise ValueError(f"not a connection of Yosys: {line}")
        yield found[1], parsed(found[2]) if found[2] else ""


def width_of(expression: Expression, widths: dict[str, int]) -> int | None:
    """Bits of an expression by itself; None if they are not seen in its text."""
    if isinstance(expression, str):
        return widths.get(expression) or _width_of_text(expression)
    operator, operands = expression
    if operator == "{}":
        parts = [width_of(part, widths) for part in operands]
        return None if None in parts else sum(part or 0 for part in parts)
    if operator in COMPARISONS or operator in ("&1", "|1", "^1", "!1"):
        return 1
    if operator == "?:":
        return width_of(operands[1], widths)
    return width_of(operands[0], widths) if operator in (*SAME_WIDTH, "~", "-1") else None


def _width_of_text(text: str) -> int | None:
    found = _WIDTH.match(text)
    if found is None:
        return None
    if found[1]:
        return int(found[1])
    return int(found[2]) - int(found[3] or found[2]) + 1


def read_names(statements: Iterable[Statement]) -> Iterator[str]:
    """Every name that the statements read, each time they do."""
    for statement in statements:
        if isinstance(statement, Assign):
            yield from names_in(statement.value)
        elif isinstance(statement, Register):
            yield from (statement.clock, statement.reset_signal or "")
            yield from names_in(statement.value)
        elif isinstance(statement, Instance):
            for value in statement.connections.values():
                yield from names_in(value)
        else:
            for line in statement.lines:
                yield from _NAME.findall(line)


def names_in(value: Expression) -> Iterator[str]:
    """Every name in an expression, each time it is there."""
    if isinstance(value, str):
        yield from _NAME.findall(value)
    else:
        for operand in value.operands:
            yield from names_in(operand)
