# SPDX-License-Identifier: Apache-2.0
"""How the programming of an array grows with its side."""

from collections.abc import Sequence
from typing import NamedTuple

from pulsewright.flow.closed_loop.results import HISTORY, REFERENCE
from pulsewright.flow.closed_loop.tables import percent
from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.quant.closed_loop.array import ArrayFigures, program_array
from pulsewright.quant.closed_loop.controllers import Family
from pulsewright.quant.closed_loop.trials import MeasuredDevices


class ArrayLine(NamedTuple):
    """An array's figures by one controller."""

    controller: str
    figures: ArrayFigures


def array_lines(
    devices: MeasuredDevices, families: Sequence[Family], sides: Sequence[int], seed: int
) -> list[ArrayLine]:
    """Arrays of standard-pulse devices by the network and by the untuned extrapolation.

    Without devices of the standard pulse that can be used there is none.
    """
    quality = devices.quality
    chosen = devices.standard & ~(quality.coarse | quality.dead | quality.spoilt)
    if not chosen.any():
        return []
    return [
        ArrayLine(
            family.name,
            program_array(devices, chosen, side, family.members[family.usual], seed),
        )
        for side in sides
        for family in families
        if family.name in (HISTORY, REFERENCE)
    ]


def array_table(lines: Sequence[ArrayLine]) -> ResultTable:
    """One row an array and controller."""
    return ResultTable(
        "arrays",
        "Arrays of standard-pulse devices, random levels, programmed row by row",
        (
            words("array", "array"),
            words("controller", "controller"),
            Column("reads", "reads a cell", decimals(2)),
            Column("pulses", "pulses a cell", decimals(1)),
            Column("overshoot", "over", percent),
            Column("row_reads", "reads a row", decimals(2)),
            Column("row_pulses", "pulse slots a row", decimals(1)),
        ),
        [
            (
                f"{one.side} x {one.side}",
                controller,
                one.reads,
                one.pulses,
                one.overshoot,
                one.row_reads,
                one.row_pulses,
            )
            for controller, one in lines
        ],
    )
