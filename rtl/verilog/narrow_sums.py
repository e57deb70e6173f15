# SPDX-License-Identifier: Apache-2.0
"""Sums without the upper bits that nobody reads."""

import re
from collections import defaultdict

from pulsewright.rtl.verilog.expressions import Expression, Operation
from pulsewright.rtl.verilog.names import is_unnamed
from pulsewright.rtl.verilog.parsed_module import (
    Assign,
    Instance,
    ParsedModule,
    Register,
    names_in,
    read_names,
    width_of,
)

_SELECTION = re.compile(r"(\w+)\[(?:(\d+):)?(\d+)\]")
_UPPER_AND_LOWER = re.compile(
    r"\{ (?P<net>\w+)\[(?:\d+:)?(?P<low>\d+)\], (?P<lower>\w+(?:\[[\d:]+\])?) \}"
)
_CONSTANT = re.compile(r"\d+'([hdb])([0-9a-f]+)")
_BASES = {"h": 16, "d": 10, "b": 2}


def narrow_sums(module: ParsedModule) -> None:
    """Cut sums and choices of which only the lower bits are read down to those.

    A count, which wraps, is x + 1 with one bit more where it comes from.
    """
    _cut_targets(module)
    while _narrowed(module):
        pass


def _narrowed(module: ParsedModule) -> bool:
    """Cut what can be cut now; True if that was anything."""
    values = {
        statement.target: statement
        for statement in module.statements
        if isinstance(statement, Assign)
        and is_unnamed(statement.target)
        and _is_narrowable(statement.value)
    }
    renamed = {}
    for net, width in _widths_read(module, values).items():
        value = _narrow_value(values[net].value, width, module.widths)
        if value is not None:
            renamed[f"{net}[{width - 1}:0]" if width > 1 else f"{net}[0]"] = net
            values[net].value = value
            module.widths[net] = width
    if not renamed:
        return False
    for statement in module.statements:
        if isinstance(statement, Assign | Register):
            statement.value = _renamed(statement.value, renamed)
        elif isinstance(statement, Instance):
            for port, value in statement.connections.items():
                statement.connections[port] = _renamed(value, renamed)
    return True


def _cut_targets(module: ParsedModule) -> None:
    """Assign {net_1[9:8], total} = x, of which total is all that is read, drives total alone."""
    read = set(read_names(module.statements))
    copies = {
        statement.target: statement
        for statement in module.statements
        if isinstance(statement, Assign) and isinstance(statement.value, str)
    }
    dropped = []
    for statement in module.statements:
        if not isinstance(statement, Assign):
            continue
        found = _UPPER_AND_LOWER.fullmatch(statement.target)
        if found is None or found["net"] in read or not _is_narrowable(statement.value):
            continue
        low, lower = int(found["low"]), found["lower"]
        copy = copies.get(f"{found['net']}[{low - 1}:0]" if low > 1 else f"{found['net']}[0]")
        value = _narrow_value(statement.value, low, module.widths)
        if copy is not None and copy.value == lower and value is not None:
            statement.target, statement.value = lower, value
            dropped.append(copy)
            del module.widths[found["net"]]
    module.statements = [s for s in module.statements if not any(s is one for one in dropped)]


def _is_narrowable(value: Expression) -> bool:
    return isinstance(value, Operation) and (
        (value.operator in ("+", "-") and len(value.operands) == 2) or value.operator == "?:"
    )


def _narrow_value(value: Expression, width: int, widths: dict[str, int]) -> Expression | None:
    assert isinstance(value, Operation)
    kept = value.operands[:1] if value.operator == "?:" else ()
    operands = [narrow(operand, width, widths) for operand in value.operands[len(kept) :]]
    found = [operand for operand in operands if operand is not None]
    return Operation(value.operator, (*kept, *found)) if len(found) == len(operands) else None


def _widths_read(module: ParsedModule, sums: dict[str, Assign]) -> dict[str, int]:
    """The bits that are read of sums of which the same lower ones are read everywhere."""
    selections: dict[str, set[str]] = defaultdict(set)
    for statement in module.statements:
        if isinstance(statement, Assign | Register):
            _collect(statement.value, sums, selections)
        elif isinstance(statement, Instance):
            for value in statement.connections.values():
                _collect(value, sums, selections)
        else:
            for name in read_names([statement]):
                if name in sums:
                    selections[name].add(name)
    found = {}
    for net, texts in selections.items():
        selection = _SELECTION.fullmatch(next(iter(texts)))
        if len(texts) == 1 and selection and selection[3] == "0":
            found[net] = int(selection[2] or 0) + 1
    return found


def _collect(value: Expression, sums: dict[str, Assign], found: dict[str, set[str]]) -> None:
    if isinstance(value, Operation):
        for operand in value.operands:
            _collect(operand, sums, found)
        return
    for name in names_in(value):
        if name in sums:
            found[name].add(value)


def narrow(operand: Expression, width: int, widths: dict[str, int]) -> Expression | None:
    """The lower `width` bits of an operand; None if its text does not show them."""
    own = width_of(operand, widths)
    if own is None or own < width:
        return None
    if own == width:
        return operand
    if isinstance(operand, Operation):
        return _narrow_join(operand, width, widths)
    if constant := _CONSTANT.fullmatch(operand):
        value = int(constant[2], _BASES[constant[1]])
        return f"{width}'h{value % (1 << width):0{-(-width // 4)}x}"
    selection = _SELECTION.fullmatch(operand)
    if selection is None and not operand.isidentifier():
        return None
    name, low = (selection[1], int(selection[3])) if selection else (operand, 0)
    return f"{name}[{low + width - 1}:{low}]" if width > 1 else f"{name}[{low}]"


def _narrow_join(operand: Operation, width: int, widths: dict[str, int]) -> Expression | None:
    kept: list[Expression] = []
    for element in reversed(operand.operands):
        own = width_of(element, widths)
        if own is None:
            return None
        part = narrow(element, min(own, width), widths)
        if part is None:
            return None
        kept.insert(0, part)
        width -= min(own, width)
        if width == 0:
            break
    return kept[0] if len(kept) == 1 else Operation("{}", tuple(kept))


def _renamed(value: Expression, renamed: dict[str, str]) -> Expression:
    if isinstance(value, str):
        return renamed.get(value, value)
    return Operation(value.operator, tuple(_renamed(one, renamed) for one in value.operands))
