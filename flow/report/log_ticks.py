# SPDX-License-Identifier: Apache-2.0
"""Numbers at the ticks of a logarithmic axis: 4, 6 and 10 in place of powers of ten."""

import math
from typing import Any

# Within so many powers of ten all ticks between them have numbers, or those of 2 and 5.
ALL_TICKS, SOME_TICKS = 1.3, 2.3


def logarithmic(axis: Any) -> None:
    """Make both sides of a Matplotlib axis logarithmic; after everything is drawn."""
    axis.set_xscale("log")
    axis.set_yscale("log")
    for side, (low, high) in ((axis.xaxis, axis.get_xlim()), (axis.yaxis, axis.get_ylim())):
        side.set_major_formatter(_number)
        decades = math.log10(high / low) if 0 < low < high else math.inf
        between = _number if decades <= ALL_TICKS else _twos_and_fives
        side.set_minor_formatter(between if decades <= SOME_TICKS else "")


def _twos_and_fives(value: float, place: int | None) -> str:
    return _number(value, place) if f"{value:.0e}"[0] in "25" else ""


def _number(value: float, place: int | None) -> str:
    del place
    return f"{value:g}" if 1e-3 <= value < 1e5 else f"{value:.0e}"
