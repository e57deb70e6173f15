# SPDX-License-Identifier: Apache-2.0
"""Files that the page is made of."""

from functools import cache
from importlib.resources import files


@cache
def asset(name: str) -> str:
    """Text of a file in `assets/`."""
    return (files("pulsewright.flow.report.page") / "assets" / name).read_text(encoding="utf-8")
