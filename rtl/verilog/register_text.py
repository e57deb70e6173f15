# SPDX-License-Identifier: Apache-2.0
"""Registers as people write them: `if (load) x <= y`."""

from pulsewright.rtl.verilog.expressions import (
    INDENT,
    Expression,
    Operation,
    in_lines,
    is_choice,
)
from pulsewright.rtl.verilog.parsed_module import Register, width_of


def register_text(register: Register, widths: dict[str, int]) -> list[str]:
    """The always block of a register, without what keeps its value."""
    edges = f"posedge {register.clock}"
    if register.reset_signal:
        edges += f", posedge {register.reset_signal}"
    loads = _loads(register, widths)
    indent = INDENT * 2
    lines = []
    if register.reset_signal:
        lines.append(f"{indent}if ({register.reset_signal}) {register.target} <= {register.reset};")
        if len(loads) == 1:
            return [_always(edges), *lines, *_else(loads[0], indent)]
        body = [line for load in loads for line in load]
        return [_always(edges), *lines, f"{indent}else begin", *_deeper(body), f"{indent}end"]
    body = [line for load in loads for line in load]
    if len(loads) == 1:
        return [_always(edges), *body]
    return [f"{_always(edges)} begin", *body, f"{INDENT}end"]


def _always(edges: str) -> str:
    return f"{INDENT}always @({edges})"


def _loads(register: Register, widths: dict[str, int]) -> list[list[str]]:
    """The statements that load the register, one for each part that is loaded on its own."""
    indent = INDENT * 2
    value, target = register.value, register.target
    if (
        isinstance(value, Operation)
        and value.operator == "{}"
        and any(is_choice(part) for part in value.operands)
    ):
        loads = []
        high = widths[target]
        for part in value.operands:
            bits = width_of(part, widths)
            assert bits is not None, part
            selection = (
                f"{target}[{high - 1}:{high - bits}]" if bits > 1 else f"{target}[{high - 1}]"
            )
            high -= bits
            if part != selection:
                loads.append(_load(part, selection, indent))
        return loads
    return [_load(value, target, indent)]


def _load(value: Expression, target: str, indent: str) -> list[str]:
    """`target` takes `value`, but for the choices in which that is `target` itself."""
    if not is_choice(value):
        lead = f"{indent}{target} <= "
        first, *rest = in_lines(value, len(lead), indent + INDENT)
        found = [lead + first, *rest]
        found[-1] += ";"
        return found
    assert isinstance(value, Operation)
    condition, chosen, other = value.operands
    while (
        other == target
        and isinstance(chosen, Operation)
        and is_choice(chosen)
        and chosen.operands[2] == target
    ):
        condition = Operation("&", (condition, chosen.operands[0]))
        chosen = chosen.operands[1]
    if chosen == target:
        condition, chosen, other = _complement(condition), other, target
    return _if(condition, chosen, other, target, indent)


def _if(
    condition: Expression, chosen: Expression, other: Expression, target: str, indent: str
) -> list[str]:
    lead = f"{indent}if ("
    first, *rest = in_lines(condition, len(lead), indent + INDENT * 2)
    found = [lead + first, *rest]
    found[-1] += ")"
    # An else after a bare if inside would belong to that one.
    if is_choice(chosen):
        found[-1] += " begin"
        found += _load(chosen, target, indent + INDENT)
        found.append(f"{indent}end")
    else:
        load = _load(chosen, target, indent + INDENT)
        if len(found) == 1 and len(load) == 1 and len(found[0]) + len(load[0]) < 98:
            found[-1] += f" {load[0].strip()}"
        else:
            found += load
    if other == target:
        return found
    return found + _else(_load(other, target, indent), indent)


def _complement(condition: Expression) -> Expression:
    if isinstance(condition, Operation) and condition.operator == "~":
        return condition.operands[0]
    return Operation("~", (condition,))


def _else(load: list[str], indent: str) -> list[str]:
    """`load`, one statement, in an else branch."""
    return [f"{indent}else {load[0].strip()}", *load[1:]]


def _deeper(lines: list[str]) -> list[str]:
    return [INDENT + line for line in lines]
