# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.order import SIMULATIONS, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.sim.simulators import Simulator
from tests.flow.conftest import invoke, stamp_again


def waves(build: Path) -> list[Path]:
    """Wave files that are not empty."""
    found = [path for path in build.rglob("*") if path.suffix in {".fst", ".vcd"}]
    assert all(path.stat().st_size > 0 for path in found)
    return found


def test_hardware_that_differs_from_the_model_ends_with_exit_code_1(finished_copy: Path) -> None:
    """With the waves that were asked for, which tell why."""
    build = finished_copy / "build" / "tiny"
    verilog = build / "rtl" / "tiny_obi.v"
    # The result register stores the complement: every row is wrong.
    text = verilog.read_text()
    right, wrong = "results__0 <= result__payload", "results__0 <= ~result__payload"
    assert text.count(right) == 1
    verilog.write_text(text.replace(right, wrong))
    stamp_again(build, "rtl")
    arguments = ("--build", finished_copy / "build", "--waves")
    assert not waves(build)
    result = invoke("sim", finished_copy / "tiny.toml", *arguments)
    assert result.exit_code == 1, result.output
    said = " ".join(result.output.split())
    assert "rows differ from the reference" in said
    assert "first: row 0" in said
    assert waves(build)


def test_a_simulator_that_the_recipe_turns_off_does_not_run(finished_copy: Path) -> None:
    recipe = load_recipe(finished_copy / "tiny.toml")
    workspace = Workspace(recipe, finished_copy / "build", Options(finished_copy), Console())
    make(workspace, SIMULATIONS[Simulator.VERILATOR])
    assert not (workspace.folder / "sim" / "verilator").exists()


@pytest.mark.regression
def test_waves_are_written_on_request(finished_copy: Path) -> None:
    build = finished_copy / "build"
    result = invoke("sim", finished_copy / "tiny.toml", "--build", build, "--waves")
    assert result.exit_code == 0, result.output
    assert waves(build)


@pytest.mark.regression
def test_all_rows_are_simulated_on_request(finished_copy: Path) -> None:
    recipe = finished_copy / "tiny.toml"
    recipe.write_text(recipe.read_text().replace('icarus = "test"', 'icarus = "all"'))
    result = invoke("sim", recipe, "--build", finished_copy / "build")
    assert result.exit_code == 0, result.output
    assert "icarus: 192 rows through the bus, 0 mismatches" in result.output
