# SPDX-License-Identifier: Apache-2.0
"""Firmware on a small system, from the recipe to the tables."""

import json
from pathlib import Path

import numpy as np
import pytest
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.steps.soc import driver_sizes, evenly
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
    sizes = driver_sizes(tmp_path)
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
