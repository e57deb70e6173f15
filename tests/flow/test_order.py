# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow import order
from pulsewright.flow.order import ORDER, everything_for, make
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from tests.flow.house_copy import HouseCopy
from tests.models import random_model

KEYS = """
import json, sys
from pathlib import Path
from rich.console import Console
from pulsewright.flow.order import ORDER
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace

recipe = Path(sys.argv[1])
options = Options(recipe.parent)
workspace = Workspace(load_recipe(recipe), recipe.parent / "build", options, Console())
steps = [step for step in ORDER if step.applies(workspace)]
print(json.dumps({step.name: step.made_from(workspace) for step in steps}, default=str))
"""
MODEL_RECIPE = """
name = "given"
[model]
path = "net.json"
rows = 40
[[folding]]
pe = 2
simd = 3
[[folding]]
pe = 1
simd = 2
[simulation]
verilator = "off"
"""


def names(*goals: order.Step) -> list[str]:
    return [step.name for step in everything_for(*goals)]


def test_every_step_comes_after_what_it_needs() -> None:
    assert len({step.name for step in ORDER}) == len(ORDER)
    for place, step in enumerate(ORDER):
        assert all(needed in ORDER[:place] for needed in step.needs), step.name
        assert step.shows


def test_a_goal_brings_what_it_needs_and_no_more() -> None:
    assert names(order.FLOAT) == ["dataset", "float"]
    trained = ["dataset", "float", "quantise", "history", "model"]
    assert names(order.RTL) == [*trained, "rtl"]
    assert names(order.QONNX_EXECUTION) == [*trained, "qonnx", "qonnx_executed"]
    assert names(order.HLS_COMPARISON, order.FLOAT) == [*trained, "hls", "hls_emulator"]
    everything = names(order.REPORT)
    assert everything[-1] == "report"
    assert {"package", "sim_icarus", "sim_verilator", "hls_emulator", "energy"} < set(everything)
    assert "qonnx" not in everything


def model_recipe(folder: Path) -> Path:
    random_model((6, 4, 1)).save(folder / "net.json")
    recipe = folder / "given.toml"
    recipe.write_text(MODEL_RECIPE, encoding="utf-8")
    return recipe


def open_workspace(recipe: Path) -> Workspace:
    options = Options(recipe.parent)
    return Workspace(load_recipe(recipe), recipe.parent / "build", options, Console(quiet=True))


def test_what_is_refused_is_refused_before_anything_is_done(tmp_path: Path) -> None:
    recipe = model_recipe(tmp_path)
    workspace = open_workspace(recipe)
    workspace.options = Options(tmp_path, data=tmp_path)
    with pytest.raises(PulsewrightError, match="reads no curves"):
        make(workspace, order.QONNX)
    assert not workspace.model_file.exists()


def test_only_what_is_of_this_recipe_is_shown(tmp_path: Path) -> None:
    """Another folding, another model, another number of rows: what hls and qonnx showed is not."""
    recipe = model_recipe(tmp_path)
    make(open_workspace(recipe), order.HLS_COMPARISON, order.QONNX_EXECUTION)

    def shown() -> tuple[bool, bool]:
        results = order.shown_results(open_workspace(recipe))
        return results.hls is not None, results.qonnx is not None

    assert shown() == (True, True)
    text = recipe.read_text()
    for old, new, expected in (
        ("simd = 3", "simd = 2", (False, True)),
        ("rows = 40", "rows = 41", (False, False)),
        ('name = "given"', 'name = "given"\nseed = 1', (False, False)),
    ):
        recipe.write_text(text.replace(old, new, 1))
        assert shown() == expected, new
    recipe.write_text(text)
    random_model((6, 4, 1), seed=9).save(tmp_path / "net.json")
    make(open_workspace(recipe), order.MODEL)
    assert shown() == (False, False)


@pytest.fixture(scope="module")
def house(tmp_path_factory: pytest.TempPathFactory) -> HouseCopy:
    return HouseCopy(tmp_path_factory.mktemp("house"))


@pytest.fixture(scope="module")
def given(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A recipe whose model is in its build folder."""
    recipe = model_recipe(tmp_path_factory.mktemp("given"))
    make(open_workspace(recipe), order.MODEL)
    return recipe


@pytest.fixture(scope="module")
def keys(house: HouseCopy, given: Path) -> dict[str, object]:
    found: dict[str, object] = json.loads(house.python("-c", KEYS, given))
    return found


@pytest.mark.parametrize(
    ("file", "old", "new", "steps"),
    [
        ("hls_model/energy/table.py", '"""', '"""Just so. ', set()),
        ("hls_model/energy/tables/qtools_45nm.toml", 'name = "', 'name = "_', {"energy", "report"}),
        ("sim/benches/job_bench.py", "CURVES = 3", "CURVES = 2", {"sim_icarus"}),
        *(
            pytest.param(*edit, marks=pytest.mark.regression)
            for edit in (
                # The data sheet prints what an inference costs by this table.
                (
                    "hls_model/energy/tables/horowitz_45nm.toml",
                    "picojoule = 0.2",
                    "picojoule = 0.25",
                    {"energy", "package", "report"},
                ),
                ("rtl/package/templates/read_me.md.j2", "#", "##", {"package"}),
                ("hls_model/hls_cpp/emulator.py", "_STATE =", "_STATE: object =", {"hls_emulator"}),
                ("flow/report/document.py", "REPORT_VERSION = 1", "REPORT_VERSION = 2", {"report"}),
                (
                    "hls_model/qonnx/exporter.py",
                    "import ",
                    "import abc as _, ",
                    {"qonnx", "qonnx_executed"},
                ),
            )
        ),
    ],
)
def test_a_step_repeats_for_its_own_reasons_alone(
    house: HouseCopy,
    given: Path,
    keys: dict[str, object],
    file: str,
    old: str,
    new: str,
    steps: set[str],
) -> None:
    house.edit(file, old, new)
    after = json.loads(house.python("-c", KEYS, given))
    house.edit(file, new, old)
    assert {name for name in keys if after[name] != keys[name]} == steps


@pytest.mark.regression
def test_an_edit_of_the_package_costs_what_it_must(house: HouseCopy, tmp_path: Path) -> None:
    recipe = model_recipe(tmp_path)

    def run() -> list[str]:
        said = house.pulsewright("run", recipe, "--build", tmp_path / "build").splitlines()
        lines = [line.split()[0] for line in said if line and line[0].isalpha()]
        steps = {step.name.partition("_")[0] for step in ORDER}
        return [word for word in lines if word in steps]

    everything = run()
    assert set(everything) == {"model", "rtl", "package", "sim", "hls", "energy", "report"}
    assert run() == []
    house.edit("hls_model/energy/table.py", '"""', '"""In other words: ')
    assert run() == []
    table = "hls_model/energy/tables/qtools_45nm.toml"
    house.edit(table, "add_linear = ", "add_linear = 1")
    assert run() == ["energy", "report"]
