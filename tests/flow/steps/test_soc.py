# SPDX-License-Identifier: Apache-2.0
"""Firmware on a small system, from the recipe to the tables."""

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.steps.soc_runs import evenly, register_driver_sizes
from pulsewright.hls_model.importer import ImportChoices, import_model
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding_search import cheapest_folding
from tests.hls_model.public_models import needs_public_models, public_file
from tests.models import changed, random_model
from tests.sim.soc.systems import need_core

REFUSED = 2


def test_rows_are_spread_from_the_first_to_the_last() -> None:
    rows = np.arange(20).reshape(10, 2)
    assert evenly(rows, 3)[:, 0].tolist() == [0, 8, 18]
    assert evenly(rows, 100).tolist() == rows.tolist()


def test_a_core_that_is_not_there_is_refused(recipe: Path) -> None:
    result = CliRunner().invoke(app, ["soc", str(recipe), "--core", "arm"])
    assert result.exit_code == REFUSED
    assert "unknown core 'arm'" in result.output
    result = CliRunner().invoke(app, ["soc", str(recipe), "--core", "ibex", "--attachment", "pcpi"])
    assert result.exit_code == REFUSED
    assert "Ibex has no attachment 'pcpi'" in result.output


def test_a_network_that_software_cannot_compute_is_refused_before_the_build(
    tmp_path: Path,
) -> None:
    need_core("picorv32")
    model = random_model((4, 1, 2), weight_width=12, input_width=16)
    hidden, output = model.layers
    wide = changed(hidden, bias=np.array([2**33]))
    changed(model, layers=(wide, output)).save(tmp_path / "model.json")
    recipe = tmp_path / "wide.toml"
    recipe.write_text(
        'name = "wide"\n[model]\npath = "model.json"\n' + 2 * "[[folding]]\npe = 1\nsimd = 1\n"
    )
    arguments = ["--core", "picorv32", "--build", str(tmp_path / "build")]
    for attachment, sentence in (
        ("obi", "the software baselines have 32; train or export the model with fewer bits"),
        ("pcpi", "use at most 4 inputs"),
    ):
        if attachment == "pcpi":
            random_model((5, 1, 2), input_width=9).save(tmp_path / "model.json")
        result = CliRunner().invoke(
            app, ["soc", str(recipe), *arguments, "--attachment", attachment]
        )
        assert result.exit_code == REFUSED, result.output
        assert sentence in " ".join(result.output.split())
        assert not (tmp_path / "build" / "wide" / "soc").exists()


def test_the_driver_is_measured_whole_and_for_an_inference(tmp_path: Path) -> None:
    need_core("picorv32")
    sizes = register_driver_sizes(tmp_path)
    assert 0 < sizes["probe and infer"] < sizes["all"] < 8192


@pytest.mark.regression
def test_a_recipe_runs_on_picorv32(recipe: Path, tmp_path: Path) -> None:
    need_core("picorv32")
    build = tmp_path / "build"
    arguments = ["--core", "picorv32", "--simulator", "icarus", "--build", str(build)]
    result = CliRunner().invoke(app, ["soc", str(recipe), *arguments])
    assert result.exit_code == 0, result.output
    assert "0 mismatches" in result.output
    (summary,) = build.glob("*/soc/*/firmware.json")
    found = json.loads(summary.read_text())
    again = CliRunner().invoke(app, ["report", str(recipe), "--build", str(build)])
    assert again.exit_code == 0, again.output
    (report,) = build.glob("*/report.json")
    shown = json.loads(report.read_text())["mismatches"]["firmware"]
    assert shown == {"rows": found["rows"], "mismatches": 0}
    assert found["mismatches"] == 0
    assert found["rows"] >= found["test_rows"] > 0


def windowed_recipe(folder: Path, model: IntegerMlp, foldings: list[tuple[int, int]]) -> Path:
    model.save(folder / "model.json")
    path = folder / "wide.toml"
    path.write_text(
        'name = "wide"\n[model]\npath = "model.json"\nrows = 16\n'
        + "".join(f"[[folding]]\npe = {pe}\nsimd = {simd}\n" for pe, simd in foldings)
    )
    return path


def check_windows(recipe: Path, core: str, build: Path) -> dict[str, Any]:
    """Run a network with windows on a core over OBI; what is stored of it."""
    need_core(core)
    arguments = ["--core", core, "--attachment", "obi", "--build", str(build)]
    result = CliRunner().invoke(app, ["soc", str(recipe), *arguments])
    assert result.exit_code == 0, result.output
    output = " ".join(result.output.split())
    assert "0 mismatches" in output
    assert "a lower bound, see docs/soc.md" in output
    (summary,) = build.glob(f"*/soc/{core}_obi_verilator/firmware.json")
    found: dict[str, Any] = json.loads(summary.read_text())
    ways = ("words", "single", "streamed", "packed", "polled", "asleep")
    assert set(found["methods"]) == {f"windowed_{way}" for way in ways}
    # Each way at two settings of the compiler.
    assert found["rows"] == 2 * len(ways) * found["test_rows"]
    assert found["mismatches"] == 0
    return found


@pytest.mark.regression
@pytest.mark.parametrize("core", ["ibex", "picorv32", "cv32e40x"])
def test_a_network_with_windows_runs_on_every_core(core: str, tmp_path: Path) -> None:
    model = random_model((200, 16, 10), input_width=4)
    # An engine that takes long enough for the core to do something else meanwhile.
    recipe = windowed_recipe(tmp_path, model, [(1, 2), (1, 4)])
    found = check_windows(recipe, core, tmp_path / "build")
    cycles = {name: one[1] for name, one in found["methods"].items()}
    # Packed rows go through while others are computed.
    assert cycles["windowed_packed"] < cycles["windowed_streamed"] < cycles["windowed_single"]


@pytest.mark.regression
@needs_public_models
def test_handwritten_digits_at_2_bits_take_an_interval_a_row(tmp_path: Path) -> None:
    """784-64-64-64-10 on Ibex: the core is done with a packed row before the engine is."""
    found = import_model(public_file("TFC_2W2A.onnx"), ImportChoices())
    folded = cheapest_folding(found.model.sizes, 1000)
    recipe = windowed_recipe(
        tmp_path, found.model, [(layer.pe, layer.simd) for layer in folded.layers]
    )
    methods = check_windows(recipe, "ibex", tmp_path / "build")["methods"]
    rows, cycles = methods["windowed_packed"][4], methods["windowed_packed"][1]
    # The first row takes a latency, of which all of them have a part.
    assert 0 < cycles - 980 < 2 * 3133 / rows
