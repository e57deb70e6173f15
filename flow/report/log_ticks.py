# SPDX-License-Identifier: Apache-2.0
"""Numbers at the ticks of a logarithmic axis: 4, 6 and 10 in place of powers of ten."""

import math
from typing import Any

# Within so many powers of ten the ticks between them have numbers as well.
DECADES = 1.3


def logarithmic(axis: Any) -> None:
    """Make both sides of a Matplotlib axis logarithmic; after everything is drawn."""
    axis.set_xscale("log")
    axis.set_yscale("log")
    for side, (low, high) in ((axis.xaxis, axis.get_xlim()), (axis.yaxis, axis.get_ylim())):
        side.set_major_formatter(_number)
        is_short = 0 < low < high and math.log10(high / low) <= DECADES
        side.set_minor_formatter(_number if is_short else "")


def _number(value: float, place: int | None) -> str:
    del place
    return f"{value:g}" if 1e-3 <= value < 1e5 else f"{value:.0e}"
