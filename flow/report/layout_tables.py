# SPDX-License-Identifier: Apache-2.0
"""Layouts of a recipe's designs, as tables."""

from collections.abc import Sequence

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.layout_result import LayoutResult
from pulsewright.flow.steps.librelane import LibrelaneDesign
from pulsewright.synth.energy.gate_run import WIRE_LOAD_PF, EnergyRun
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


def layout_table(name: str, technology: str, found: LayoutResult) -> ResultTable:
    """Areas and wires of the engine, and what the checks found. name: the recipe's."""
    signals, clock = found.signals, found.clock
    tools = ", ".join(f"{tool} {version}" for tool, version in found.versions.items())
    checks = (
        "DRC: errors of magic over outlines, pins and wires. LVS: errors of netgen, cell by cell"
    )
    gave_up = f" A tool gave up: {found.remark}." if found.remark else ""
    return ResultTable(
        "layout",
        f"Engine of {name} laid out in {technology}",
        (
            Column("cells", "cells"),
            Column("cell_area_square_micrometre", "cells, µm²", decimals(0)),
            Column("die_area_square_micrometre", "die, µm²", decimals(0)),
            Column("wire_micrometre", "wires, µm", decimals(0)),
            Column("wire_micrometre_a_pin", "µm a pin", decimals(1)),
            Column("wire_femtofarad_a_pin", "fF a pin", decimals(2)),
            Column("clock_pins", "clock pins"),
            Column("clock_femtofarad_a_pin", "fF a clock pin", decimals(2)),
            Column("drc_errors", "DRC"),
            Column("lvs_errors", "LVS"),
        ),
        [
            (
                found.cells,
                found.cell_area,
                found.die_area,
                None if signals is None else signals.micrometre,
                None if signals is None else signals.micrometre / signals.ends,
                None if signals is None else signals.femtofarad / signals.ends,
                None if clock is None else clock.ends,
                None if clock is None else clock.femtofarad / clock.ends,
                found.drc_errors,
                found.lvs_errors,
            )
        ],
        f"{tools}. Wires: of all nets but clock and supplies, to ground, without what neighbours "
        f"add; the clock is one net without a tree. {checks}.{gave_up}",
    )


def layout_energy_table(name: str, technology: str, run: EnergyRun) -> ResultTable:
    """What random rows cost with the wires of the layout. name: the recipe's."""
    stated, routed = sum(run.with_wires.values()), sum(run.with_layout.values())
    return ResultTable(
        "layout_energy",
        f"Engine of {name} in {technology}: pJ an inference by its wires",
        (
            Column("rows", "rows"),
            Column("mismatches", "mismatches"),
            Column("cycles", "cycles", decimals(0)),
            Column("picojoule", "no wires", decimals(0)),
            Column("with_layout_picojoule", "the layout's wires", decimals(0)),
            Column("with_wires_picojoule", f"{WIRE_LOAD_PF * 1000:g} fF a pin", decimals(0)),
        ),
        [(run.rows, run.mismatches, run.cycles, run.total, routed, stated)],
        "Random rows through gates in simulation, delays without wires; leakage not included.",
    )
