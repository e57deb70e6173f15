# SPDX-License-Identifier: Apache-2.0
"""Extends the operands of additions and comparisons, where Verilog would do it silently."""

import re

# Not $mul: an operand extended before a multiplication may cost a wider multiplier.
_CELL = re.compile(
    r"(?P<head> *cell \$(?P<kind>add|sub|eq|ne|lt|le|gt|ge) \S+\n)"
    r" *parameter \\A_SIGNED (?P<a_signed>[01])\n"
    r" *parameter \\B_SIGNED (?P<b_signed>[01])\n"
    r" *parameter \\A_WIDTH (?P<a_width>\d+)\n"
    r" *parameter \\B_WIDTH (?P<b_width>\d+)\n"
    r" *parameter \\Y_WIDTH (?P<y_width>\d+)\n"
    r" *connect \\A (?P<a>.*)\n"
    r" *connect \\B (?P<b>.*)\n"
)
_CONSTANT = re.compile(r"\d+'([01]+)")
_SUMS = ("add", "sub")
_ORDERS = ("lt", "le", "gt", "ge")


def explicit_widths(design: str) -> str:
    """RTLIL text `design`, as Amaranth writes it, with its operands extended explicitly.

    The operands of a sum get its width, those of a comparison the width of the wider one.
    """
    return _CELL.sub(_extended_cell, design)


def _extended_cell(match: re.Match[str]) -> str:
    kind, y_width = match["kind"], int(match["y_width"])
    a_width, b_width = int(match["a_width"]), int(match["b_width"])
    width = y_width if kind in _SUMS else max(a_width, b_width)
    if kind in _SUMS and max(a_width, b_width) > width:
        return match[0]
    signed = match["a_signed"] == "1"
    keeps_sign = int(signed and kind in _ORDERS)
    return (
        f"{match['head']}"
        f"    parameter \\A_SIGNED {keeps_sign}\n"
        f"    parameter \\B_SIGNED {keeps_sign}\n"
        f"    parameter \\A_WIDTH {width}\n"
        f"    parameter \\B_WIDTH {width}\n"
        f"    parameter \\Y_WIDTH {y_width}\n"
        f"    connect \\A {_extended(match['a'], a_width, width, signed)}\n"
        f"    connect \\B {_extended(match['b'], b_width, width, signed)}\n"
    )


def _extended(operand: str, width: int, target: int, signed: bool) -> str:
    """`operand` of `width` bits with its sign, or zeros, in front."""
    missing = target - width
    if missing == 0:
        return operand
    if width == 0:
        return f"{target}'{'0' * target}"
    if constant := _CONSTANT.fullmatch(operand):
        digits = constant[1]
        return f"{target}'{digits.rjust(target, digits[0] if signed else '0')}"
    if signed:
        return f"{{ {f'{operand} [{width - 1}] ' * missing}{operand} }}"
    return f"{{ {missing}'{'0' * missing} {operand} }}"
