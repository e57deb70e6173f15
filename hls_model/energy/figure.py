# SPDX-License-Identifier: Apache-2.0
"""An energy figure, for those who show it and do not compute it."""

from typing import NamedTuple


class EnergyFigure(NamedTuple):
    """One energy figure and where it comes from; `table` is that of tier 2."""

    tier: int
    node: str
    what: str
    picojoule: float
    table: str = ""
