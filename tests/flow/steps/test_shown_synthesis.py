# SPDX-License-Identifier: Apache-2.0
"""What `pulsewright synth` left is shown if it is of the build's present Verilog, and only then."""

from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.synthesis_figures import synthesis_figures, synthesis_table
from pulsewright.flow.steps.rtl import rtl_files
from pulsewright.flow.steps.shown_synthesis import shown_synthesis
from pulsewright.flow.steps.synthesis_result import (
    BUS,
    CELLS,
    CURVE,
    ENERGY,
    MAPPING,
    RANDOM_ROWS,
    ROUTING,
)
from pulsewright.flow.steps.synthesis_steps import (
    cells_step,
    energy_step,
    mapping_step,
    netlist_file,
    routing_step,
    synthesis_folder,
)
from pulsewright.flow.steps.synthesised import write_result
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.synth.energy.groups import Part
from tests.flow.synthesis_results import (
    DESIGNS,
    ICARUS,
    NEXTPNR,
    YOSYS,
    cell_result,
    fpga_mapping,
    fpga_routing,
    gate_energy,
)
from tests.models import random_model

FPGA, GATES = "ecp5_25k", "cells"
RECIPE = """
name = "given"
[model]
path = "net.json"
[engine]
multipliers = 3
"""


def opened(folder: Path) -> Workspace:
    recipe = load_recipe(folder / "given.toml")
    return Workspace(recipe, folder / "build", Options(folder), Console(quiet=True))


def leave_netlists(workspace: Workspace, target: str) -> None:
    for design in DESIGNS:
        netlist = netlist_file(workspace, target, design)
        netlist.parent.mkdir(parents=True)
        for suffix in (".v", ".json"):
            netlist.with_suffix(suffix).write_text(f"{target} {design}")


def map_to_fpga(workspace: Workspace) -> None:
    leave_netlists(workspace, FPGA)
    write_result(synthesis_folder(workspace, FPGA) / MAPPING, fpga_mapping())


def route(workspace: Workspace) -> None:
    write_result(synthesis_folder(workspace, FPGA) / ROUTING, fpga_routing())


def map_to_gates(workspace: Workspace) -> None:
    leave_netlists(workspace, GATES)
    write_result(synthesis_folder(workspace, GATES) / CELLS, cell_result())


def run_rows(workspace: Workspace) -> None:
    write_result(synthesis_folder(workspace, GATES) / ENERGY, gate_energy())


@pytest.fixture
def finished(tmp_path: Path) -> Path:
    """A build with Verilog, for all that a step knows of it."""
    (tmp_path / "given.toml").write_text(RECIPE)
    model = random_model((6, 4, 1))
    model.save(tmp_path / "net.json")
    workspace = opened(tmp_path)
    model.save(workspace.model_file)
    workspace.verilog("engine").parent.mkdir()
    for path in rtl_files(workspace):
        path.write_text(path.name)
    return tmp_path


@pytest.fixture
def folder(finished: Path) -> Path:
    """The same with results of an FPGA and of gates."""
    workspace = opened(finished)
    mapping_step(FPGA, YOSYS, map_to_fpga).take(workspace)
    routing_step(FPGA, NEXTPNR, (1, 2, 3), route).take(workspace)
    cells_step(GATES, YOSYS, 4, {"typical": "digest"}, map_to_gates).take(workspace)
    energy_step(GATES, ICARUS, "digest", 9, run_rows).take(workspace)
    return finished


def test_every_design_on_every_target_is_told(folder: Path) -> None:
    shown = shown_synthesis(opened(folder))
    engine, coprocessor, alone, attached = synthesis_figures(shown)
    assert engine["megahertz"] == {"median": 95, "least": 90, "most": 110}
    assert engine["megahertz_by_seed"] == {1: 90, 2: 110, 3: 95}
    assert engine["versions"] == NEXTPNR
    assert (coprocessor["megahertz"], coprocessor["remark"]) == ({}, "too large")
    assert coprocessor["resources"]["flip_flops"] == 3
    assert alone["megahertz"] == {"typical": 200, "slow": 125}
    assert list(alone["energy"]) == [RANDOM_ROWS, CURVE]
    assert alone["energy"][CURVE]["with_wires_picojoule"] == 4 * len(Part)
    assert alone["energy"][CURVE]["glitches_picojoule"] == 0.5 * len(Part)
    assert list(attached["energy"]) == [BUS]
    assert attached["energy"][BUS]["picojoule"] == 3 * len(Part)
    assert attached["versions"] == YOSYS | ICARUS
    table = synthesis_table(shown)
    assert table is not None
    keys = [column.key for column in table.columns]
    rows = [dict(zip(keys, row, strict=True)) for row in table.rows]
    assert [row["megahertz"] for row in rows] == [95, None, 200, 200]
    assert [row["luts_with_carries"] for row in rows] == [7, 7, None, None]
    assert [row["picojoule"] for row in rows] == [None, None, len(Part), 3 * len(Part)]
    assert "yosys 1, nextpnr 2, icarus 3" in table.note


def test_nothing_is_told_where_nothing_was_synthesised(finished: Path) -> None:
    shown = shown_synthesis(opened(finished))
    assert synthesis_figures(shown) == []
    assert synthesis_table(shown) is None


@pytest.mark.parametrize(
    ("file", "left"),
    [
        (f"synth/{FPGA}/{MAPPING}", {"mapping": 0, "routing": 0, "cells": 1, "energy": 1}),
        (f"synth/{FPGA}/{ROUTING}", {"mapping": 1, "routing": 0, "cells": 1, "energy": 1}),
        (f"synth/{GATES}/{CELLS}", {"mapping": 1, "routing": 1, "cells": 0, "energy": 0}),
        (f"synth/{GATES}/{ENERGY}", {"mapping": 1, "routing": 1, "cells": 1, "energy": 0}),
        ("rtl/given_engine.v", {"mapping": 0, "routing": 0, "cells": 0, "energy": 0}),
        ("model.json", {"mapping": 1, "routing": 1, "cells": 1, "energy": 0}),
    ],
)
def test_what_is_of_other_files_is_left_out(folder: Path, file: str, left: dict[str, int]) -> None:
    path = folder / "build" / "given" / file
    path.write_text(path.read_text() + "\n")
    shown = shown_synthesis(opened(folder))
    assert left == {
        "mapping": len(shown.fpgas),
        "routing": sum(one.routing is not None for one in shown.fpgas),
        "cells": len(shown.cells),
        "energy": sum(one.energy is not None for one in shown.cells),
    }


def test_results_of_another_version_are_left_out(folder: Path) -> None:
    for file in (f"{FPGA}/{MAPPING}", f"{GATES}/{CELLS}"):
        (folder / "build" / "given" / "synth" / file).write_text('{"version": 0}')
    shown = shown_synthesis(opened(folder))
    assert (shown.fpgas, shown.cells) == ([], [])


def test_another_bus_has_other_results(folder: Path) -> None:
    recipe = folder / "given.toml"
    recipe.write_text(recipe.read_text() + '\n[attachment]\nbus = "apb"\n')
    shown = shown_synthesis(opened(folder))
    assert (shown.fpgas, shown.cells) == ([], [])
