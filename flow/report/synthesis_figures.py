# SPDX-License-Identifier: Apache-2.0
"""What was measured of a build's Verilog, design by design: for the report, and as a table."""

from collections.abc import Iterator
from statistics import median
from typing import Any

from pulsewright.flow.report.result_table import Column, ResultTable, decimals, words
from pulsewright.flow.steps.synthesis_result import (
    BUS,
    CURVE,
    CURVE_JOBS,
    RANDOM_ROWS,
    CellsShown,
    FpgaShown,
    GateEnergy,
    SynthesisShown,
)
from pulsewright.flow.steps.synthesised import ENGINE
from pulsewright.synth.cells.technology import TYPICAL

Figures = dict[str, Any]
# How large a design is, on an FPGA or in cells, in every table that has both.
SIZE_COLUMNS = (
    Column("luts_with_carries", "LUT in all"),
    Column("flip_flops", "FF"),
    Column("dsps", "DSP"),
    Column("block_rams", "BRAM"),
    Column("kilo_gate_equivalents", "kGE", decimals(2)),
)
# What ran through which design.
ENGINE_RUNS, COPROCESSOR_RUNS = (RANDOM_ROWS, CURVE), (BUS, CURVE_JOBS)


def synthesis_figures(shown: SynthesisShown) -> list[Figures]:
    """An object for each design on each target, as `report.json` has it."""
    fpgas = [figures for one in shown.fpgas for figures in _on_fpga(one)]
    return [*fpgas, *(figures for one in shown.cells for figures in _in_cells(one))]


def _on_fpga(shown: FpgaShown) -> Iterator[Figures]:
    mapping, routing = shown.mapping, shown.routing
    routed = {} if routing is None else {one.design: one for one in routing.designs}
    for design in mapping.designs:
        place = routed.get(design.design)
        reached = {} if place is None else place.megahertz
        yield {
            "target": mapping.target,
            "device": mapping.device,
            "design": design.design,
            "resources": design.model_dump(exclude={"design"}),
            "megahertz": _spread(list(reached.values())),
            "megahertz_by_seed": reached,
            "remark": "" if place is None else place.remark,
            "versions": mapping.versions | ({} if routing is None else routing.versions),
        }


def _spread(values: list[float]) -> dict[str, float]:
    if not values:
        return {}
    return {"median": median(values), "least": min(values), "most": max(values)}


def _in_cells(shown: CellsShown) -> Iterator[Figures]:
    cells, energy = shown.cells, shown.energy
    for design in cells.designs:
        versions = cells.versions | ({} if energy is None else energy.versions)
        yield {
            "target": cells.technology,
            "cell_library": cells.cell_library,
            "libraries": cells.libraries,
            "period_nanosecond": cells.period,
            "with_clock_gates": cells.clock_gates,
            "design": design.design,
            "resources": {
                "area_square_micrometre": design.area,
                "gate_equivalents": design.gate_equivalents,
                "cells": design.cells,
                "flip_flops": design.flip_flops,
                "clock_gates": design.clock_gates,
            },
            "megahertz": {corner: 1000 / one for corner, one in design.nanoseconds.items()},
            "leakage_nanowatt": design.leakage_nanowatt,
            "energy": {} if energy is None else _energy(design.design, energy),
            "versions": versions,
        }


def _energy(design: str, energy: GateEnergy) -> Figures:
    """By what ran; the coprocessor's is that of its bus."""
    names = ENGINE_RUNS if design == ENGINE else COPROCESSOR_RUNS
    return {
        name: {
            "rows": run.rows,
            "mismatches": run.mismatches,
            "cycles": run.cycles,
            "picojoule": run.total,
            "picojoule_by_part": run.picojoule,
            "glitches_picojoule": run.glitches,
            "with_wires_picojoule": sum(run.with_wires.values()),
            "idle_picojoule_a_cycle": run.idle_picojoule,
        }
        for name in names
        if (run := energy.runs.get(name)) is not None
    }


def synthesis_table(shown: SynthesisShown) -> ResultTable | None:
    """The main figures of each design; None if nothing was synthesised."""
    every = synthesis_figures(shown)
    if not every:
        return None
    tools = {
        f"{tool} {version}": None for one in every for tool, version in one["versions"].items()
    }
    return ResultTable(
        "synthesis",
        "Synthesis of this Verilog",
        (
            words("target", "target"),
            words("design", "design"),
            Column("luts_with_carries", "LUT in all"),
            Column("flip_flops", "FF"),
            Column("dsps", "DSP"),
            Column("block_rams", "BRAM"),
            Column("kilo_gate_equivalents", "kGE", decimals(2)),
            Column("megahertz", "MHz", decimals(0)),
            Column("picojoule", "pJ", decimals(0)),
        ),
        [_row(one) for one in every],
        f"{', '.join(tools)}. MHz: median of the placements, or the typical corner; pJ an "
        "inference on random rows, without wires and leakage.",
    )


def _row(figures: Figures) -> tuple[Any, ...]:
    where = figures.get("device") or figures["cell_library"]
    return (f"{figures['target']} ({where})", figures["design"], *main_figures(figures))


def main_figures(figures: Figures) -> tuple[Any, ...]:
    """LUT, FF, DSP, BRAM, kGE, MHz and pJ of one of `synthesis_figures`; None of what it has not.

    MHz: median of the placements, or at the typical corner. pJ: on random rows, of an engine alone
    or through the bus.
    """
    resources, megahertz = figures["resources"], figures["megahertz"]
    gates = resources.get("gate_equivalents")
    runs = figures.get("energy", {})
    return (
        resources.get("luts_with_carries"),
        resources["flip_flops"],
        resources.get("dsps"),
        resources.get("block_rams"),
        None if gates is None else gates / 1000,
        megahertz.get("median", megahertz.get(TYPICAL)),
        next((runs[name]["picojoule"] for name in (RANDOM_ROWS, BUS) if name in runs), None),
    )
