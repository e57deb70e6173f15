# SPDX-License-Identifier: Apache-2.0
"""What the options of `pulsewright demonstrator` make of a recipe."""

import json
from pathlib import Path

import pytest

from pulsewright.flow.commands.soc import ControllerOptions
from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.errors import PulsewrightError
from tests.flow.conftest import invoke
from tests.sim.soc.systems import need_core

RECIPE = """
name = "decides"
task = "pulses_to_target"

[data]
split = "curves"
test_fraction = 0.2

[network]
hidden = [4]

[training]
tuples = 20

[training.float]
epochs = 2
batch_size = 512
growth = 1.0

[training.quantised]
epochs = 1
refinement = "none"

[engine]
multipliers = 6
incremental = true
"""


@pytest.fixture
def history_recipe(tmp_path: Path) -> Path:
    path = tmp_path / "decides.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def test_options_stand_above_the_recipe(history_recipe: Path) -> None:
    recipe = load_recipe(history_recipe)
    assert ControllerOptions().changed(recipe) == recipe
    both = ControllerOptions(all_trials=True, memory=True).changed(recipe).controller
    assert (both.trials, both.memory) == ("all", True)
    own = history_recipe.read_text(encoding="utf-8") + "\n[controller]\nmemory = true\n"
    history_recipe.write_text(own, encoding="utf-8")
    kept = ControllerOptions(all_trials=True).changed(load_recipe(history_recipe)).controller
    assert (kept.trials, kept.memory) == ("all", True)


@pytest.mark.parametrize(
    ("options", "named"),
    [
        (ControllerOptions(all_trials=True), "--all-trials"),
        (ControllerOptions(memory=True), "--memory"),
        (ControllerOptions(core_picojoule=3.0), "--core-picojoule"),
    ],
)
def test_options_of_a_controller_are_refused_for_other_recipes(
    recipe: Path, options: ControllerOptions, named: str
) -> None:
    with pytest.raises(PulsewrightError, match=f"^{named} is for recipes with task = .*leave it"):
        options.changed(load_recipe(recipe))


def test_the_command_refuses_in_a_sentence(recipe: Path, tmp_path: Path) -> None:
    result = invoke("demonstrator", recipe, "--all-trials", "--build", tmp_path / "build")
    assert result.exit_code == 2
    assert "--all-trials is for recipes with task" in " ".join(result.output.split())
    result = invoke("demonstrator", recipe, "--core-picojoule", "inf")
    assert result.exit_code == 2
    assert "no finite number" in " ".join(result.output.split())


@pytest.mark.regression
def test_all_trials_on_ibex(history_recipe: Path, tmp_path: Path) -> None:
    """Every decision of the firmware is Python's, by coprocessor and software, with and without
    memory.
    """
    need_core("ibex")
    arguments = ["--all-trials", "--core-picojoule", "5", "--json", "--build", tmp_path / "build"]
    for options in ([], ["--memory"]):
        result = invoke("demonstrator", history_recipe, *arguments, *options)
        assert result.exit_code == 0, result.output
        tables = {one["name"]: one["rows"] for one in json.loads(result.stdout)["tables"]}
        hardware, software = tables["history_demonstrator"]
        assert hardware["decisions"] == software["decisions"] > 500
        assert hardware["mismatches"] == software["mismatches"] == 0
        assert hardware["core_nanojoule"] == pytest.approx(hardware["cycles"] * 5 / 1000)
        saved = software["cycles"] - hardware["cycles"]
        for row in tables["decision_energy"]:
            assert row["break_even_picojoule"] == pytest.approx(row["picojoule"] / saved)
