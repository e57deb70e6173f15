# SPDX-License-Identifier: Apache-2.0
"""Squared errors and their spread as people read them, in units of 1e-3."""

import math
from collections.abc import Mapping

from pulsewright.flow.reproduce.results import FloatArray


def over_seeds(values: FloatArray) -> dict[str, float]:
    """Mean, least and most over the seeds."""
    return {
        "mean": float(values.mean()),
        "least": float(values.min()),
        "most": float(values.max()),
    }


def seeds_text(value: Mapping[str, float]) -> str:
    """Mean (least-most), 1e-3."""
    return f"{milli(value['mean'])} ({milli(value['least'], 2)}-{milli(value['most'], 2)})"


def with_error(value: Mapping[str, float]) -> str:
    """Mean +- standard error."""
    return f"{value['mean']:.5f} +- {value['standard_error']:.5f}"


def thousandths(value: float) -> str:
    """A squared error in units of 1e-3, with all its digits."""
    return f"{1000 * value:g}"


def milli(value: float | None, digits: int = 3) -> str:
    """A squared error in units of 1e-3 with this many significant digits; nothing for None."""
    if value is None:
        return ""
    decimals = max(0, digits - 1 - math.floor(math.log10(1000 * value))) if value > 0 else 0
    return f"{1000 * value:.{decimals}f}"
