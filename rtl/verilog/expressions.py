# SPDX-License-Identifier: Apache-2.0
"""Right-hand sides of Verilog as Yosys writes them: one operator, and operands without any."""

import re
from itertools import groupby
from typing import NamedTuple

INDENT = "  "
LINE = 100

_ATOM = r"(?:\{[^{}]*\}|\$signed\((?:\{[^{}]*\}|[^(){}]*)\)|[^\s{}()]+)"
_PATTERN = re.compile(
    rf"(?P<mux>{_ATOM}) \? (?P<then>{_ATOM}) : (?P<else>{_ATOM})"
    rf"|(?P<left>{_ATOM}) (?P<binary>\S+) (?P<right>{_ATOM})"
    rf"|(?P<unary>[~|&^!-]) (?P<operand>{_ATOM})"
    rf"|(?P<atom>{_ATOM})"
)
# Operators whose operands and result have one width, and may stand in a row without brackets.
CHAINED = ("&", "|", "^", "+")
SAME_WIDTH = (*CHAINED, "-")
SHIFTS = ("<<", ">>", "<<<", ">>>")
COMPARISONS = ("==", "!=", "<", "<=", ">", ">=")


class Operation(NamedTuple):
    """An operator and its operands.

    operator: as in Verilog, with a 1 behind it if there is another one of two operands; "?:"
    chooses between the latter two of three operands, "{}" joins any number. operands: those of text
    are names, selections of bits, constants and signed casts.
    """

    operator: str
    operands: "tuple[Expression, ...]"


Expression = Operation | str


def parsed(text: str) -> Expression:
    """The expression that `text` is.

    Raises:
        ValueError: it is not one of the forms that Yosys writes.
    """
    found = _PATTERN.fullmatch(text)
    if found is None:
        raise ValueError(f"not an expression of Yosys: {text}")
    if found["mux"]:
        return Operation("?:", tuple(_atom(found[part]) for part in ("mux", "then", "else")))
    if found["binary"]:
        return Operation(found["binary"], (_atom(found["left"]), _atom(found["right"])))
    if found["unary"]:
        unary = found["unary"]
        return Operation(unary if unary == "~" else f"{unary}1", (_atom(found["operand"]),))
    return _atom(found["atom"])


def _atom(text: str) -> Expression:
    if text.startswith("{"):
        return Operation("{}", tuple(text[1:-1].strip().split(", ")))
    return text


def is_choice(expression: Expression) -> bool:
    """True if it chooses between two values."""
    return isinstance(expression, Operation) and expression.operator == "?:"


def one_line(expression: Expression) -> str:
    """The text of an expression, however long."""
    if isinstance(expression, str):
        return expression
    operator, operands = expression
    if operator == "{}":
        return f"{{{', '.join(_elements(operands))}}}"
    if operator == "?:":
        condition, chosen, other = operands
        return f"{_bracketed(condition)} ? {_bracketed(chosen)} : {_bracketed(other, '?:')}"
    if len(operands) == 1:
        return operator[0] + _bracketed(operands[0], "~")
    return f" {operator} ".join(_bracketed(operand, operator) for operand in operands)


def in_lines(expression: Expression, column: int, indent: str, within: str = "") -> list[str]:
    """The text of an expression in lines that end by column LINE wherever it can be broken.

    column: where the first line starts. indent: what the others start with. within: the operator
    whose operand this is and decides on brackets; none for a whole right-hand side.
    """
    flat = _bracketed(expression, within) if within else one_line(expression)
    if isinstance(expression, str) or column + len(flat) <= LINE:
        return [flat]
    if within and _needs_brackets(expression, within):
        found = in_lines(expression, column + 1, indent)
        found[0] = f"({found[0]}"
        found[-1] += ")"
        return found
    operator, operands = expression
    if operator == "{}":
        return ["{", *_filled(_elements(operands), indent + INDENT), f"{indent}}}"]
    if operator == "?:":
        return _choice_in_lines(operands, column, indent)
    if len(operands) == 1:
        found = in_lines(operands[0], column + 1, indent, "~")
        return [operator[0] + found[0], *found[1:]]
    first, *others = _row(expression)
    found = in_lines(first, column, indent + INDENT, operator)
    for operand in others:
        found += _on_new_line(f"{operator} ", operand, indent, operator)
    return found


def _choice_in_lines(operands: tuple[Expression, ...], column: int, indent: str) -> list[str]:
    condition, chosen, other = operands
    head = f"{_bracketed(condition)} ? {_bracketed(chosen, '?')}"
    if column + len(head) <= LINE:
        found = [head]
    else:
        found = in_lines(condition, column, indent + INDENT, "?")
        found += _on_new_line("? ", chosen, indent + INDENT, "?")
    return found + _on_new_line(": ", other, indent, "?:")


def _on_new_line(lead: str, operand: Expression, indent: str, within: str) -> list[str]:
    # The branches of a chain of choices stand below one another.
    deeper = indent if within == "?:" else indent + INDENT
    found = in_lines(operand, len(indent) + len(lead), deeper, within)
    return [indent + lead + found[0], *found[1:]]


def _row(expression: Operation) -> list[Expression]:
    """The operands of a row of one operator: three of a & b & c."""
    found: list[Expression] = []
    for operand in expression.operands:
        if isinstance(operand, str) or _needs_brackets(operand, expression.operator):
            found.append(operand)
        elif operand.operator == expression.operator:
            found += _row(operand)
        else:
            found.append(operand)
    return found


def _elements(operands: tuple[Expression, ...]) -> list[str]:
    """Elements of a concatenation, with those that repeat counted."""
    found = []
    for text, group in groupby(one_line(operand) for operand in operands):
        count = len(list(group))
        found.append(text if count == 1 else f"{{{count}{{{text}}}}}")
    return found


def _filled(elements: list[str], indent: str) -> list[str]:
    """Elements behind one another, on as few lines as they take."""
    found = [indent]
    for number, element in enumerate(elements, start=1):
        text = element if number == len(elements) else f"{element},"
        if found[-1] != indent and len(found[-1]) + len(text) >= LINE:
            found.append(indent)
        found[-1] += text if found[-1] == indent else f" {text}"
    return found


def _bracketed(expression: Expression, within: str = "") -> str:
    flat = one_line(expression)
    return f"({flat})" if _needs_brackets(expression, within) else flat


def _needs_brackets(expression: Expression, within: str) -> bool:
    """True unless the operand of operator `within` may stand as it is."""
    if isinstance(expression, str) or expression.operator == "{}":
        return False
    if expression.operator == within:
        return within not in (*CHAINED, "?:")
    return expression.operator != "~" or within == "~"
