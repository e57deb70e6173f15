# SPDX-License-Identifier: Apache-2.0
"""The designs of a recipe in standard cells, as a table."""

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.synthesis_result import CellDesign, CellResult
from pulsewright.synth.cells.technology import SLOW, TYPICAL
from pulsewright.synth.cells.timing import REMEDY


def cell_table(name: str, result: CellResult) -> ResultTable:
    """Area, clock frequency and leakage of each design.

    name: the recipe's.
    """
    gated = "with clock gates" if result.clock_gates else "without clock gates"
    tools = ", ".join(f"{tool} {version}" for tool, version in result.versions.items())
    timed = any(one.nanoseconds for one in result.designs)
    speed = "MHz: longest path by OpenSTA, no wires" if timed else f"no MHz: {REMEDY}"
    return ResultTable(
        "cells",
        f"{name} in cells of {result.technology} ({result.cell_library}), {gated}",
        (
            words("design", "design"),
            Column("area_square_micrometre", "µm²", decimals(0)),
            Column("kilo_gate_equivalents", "kGE", decimals(2)),
            Column("cells", "cells"),
            Column("flip_flops", "FF"),
            Column("clock_gates", "clock gates"),
            Column("megahertz_typical", "MHz", decimals(0)),
            Column("megahertz_slow", "slow", decimals(0)),
            Column("leakage_microwatt", "leakage, µW", decimals(3)),
        ),
        [
            (
                one.design,
                one.area,
                one.gate_equivalents / 1000,
                one.cells,
                one.flip_flops,
                one.clock_gates,
                _megahertz(one, TYPICAL),
                _megahertz(one, SLOW),
                one.leakage_nanowatt / 1000,
            )
            for one in result.designs
        ],
        f"{tools}, buffered for {result.period:g} ns; {speed}.",
    )


def _megahertz(design: CellDesign, corner: str) -> float | None:
    nanoseconds = design.nanoseconds.get(corner)
    return None if nanoseconds is None else 1000 / nanoseconds
