# SPDX-License-Identifier: Apache-2.0
"""Layouts of a recipe's designs, as tables."""

from collections.abc import Sequence

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.librelane import LibrelaneDesign
from pulsewright.synth.layout.librelane import CORE_UTILISATION_PERCENT, MARGIN


def librelane_table(
    name: str, designs: Sequence[LibrelaneDesign], sized_for: float | None
) -> ResultTable:
    """What LibreLane is given.

    name: the recipe's. sized_for: in ns, of the cells that the clock was measured in; None if it
    was asked for.
    """
    clock = (
        "ns: as asked for"
        if sized_for is None
        else f"ns: {MARGIN} times the longest path by OpenSTA at the slow corner without wires, in "
        f"cells sized for {sized_for:g} ns without gates of clocks"
    )
    return ResultTable(
        "librelane",
        f"{name} for LibreLane, IHP SG13G2",
        (
            words("design", "design"),
            Column("period_nanosecond", "ns", decimals(1)),
            Column("megahertz", "MHz", decimals(0)),
            Column("cell_area_square_micrometre", "cells, µm²", decimals(0)),
            Column("core_area_square_micrometre", "core, µm²", decimals(0)),
            words("configuration", "configuration"),
        ),
        [
            (
                one.design,
                one.period,
                1000 / one.period,
                one.cell_area,
                one.core_area,
                str(one.configuration),
            )
            for one in designs
        ],
        f"{clock}. The core is what the cells fill to {CORE_UTILISATION_PERCENT} %; LibreLane maps "
        "the Verilog anew.",
    )
