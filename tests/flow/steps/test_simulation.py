# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from rich.console import Console

from pulsewright.flow.order import SIMULATIONS, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.sim.simulators import Simulator
from tests.flow.conftest import invoke, simulate_test_rows, stamp_again


def test_hardware_that_differs_from_the_model_ends_with_exit_code_1(finished_copy: Path) -> None:
    build = finished_copy / "build" / "tiny"
    verilog = build / "rtl" / "tiny_obi.v"
    # The result register stores the complement: every row is wrong.
    text = verilog.read_text()
    right, wrong = "results__0 <= result__payload", "results__0 <= ~result__payload"
    assert text.count(right) == 1
    verilog.write_text(text.replace(right, wrong))
    stamp_again(build, "rtl")
    simulate_test_rows(finished_copy / "tiny.toml")
    result = invoke("sim", finished_copy / "tiny.toml", "--build", finished_copy / "build")
    assert result.exit_code == 1, result.output
    said = " ".join(result.output.split())
    assert "rows differ from the reference" in said
    assert "first: row 0" in said


def test_a_simulator_that_the_recipe_turns_off_does_not_run(finished_copy: Path) -> None:
    recipe = load_recipe(finished_copy / "tiny.toml")
    workspace = Workspace(recipe, finished_copy / "build", Options(finished_copy), Console())
    make(workspace, SIMULATIONS[Simulator.VERILATOR])
    assert not (workspace.folder / "sim" / "verilator").exists()


def test_waves_are_written_on_request(finished_copy: Path) -> None:
    simulate_test_rows(finished_copy / "tiny.toml")
    result = invoke(
        "sim", finished_copy / "tiny.toml", "--build", finished_copy / "build", "--waves"
    )
    assert result.exit_code == 0, result.output
    waves = [p for p in (finished_copy / "build").rglob("*") if p.suffix in {".fst", ".vcd"}]
    assert waves
    assert all(path.stat().st_size > 0 for path in waves)
