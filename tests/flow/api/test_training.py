# SPDX-License-Identifier: Apache-2.0
"""The same model as the command line's, and its figures in the report of the build."""

from pathlib import Path

import pytest

import pulsewright as pw


def test_the_model_is_that_of_the_command_and_the_report_is_read(finished: Path) -> None:
    recipe = pw.read_recipe(finished / "tiny.toml")
    assert recipe.data.path == (finished / "curves.csv").resolve()
    trained = pw.train(recipe)
    build = finished / "build" / "tiny"
    assert trained.model.digest == pw.load_model(build / "model.json").digest
    report = pw.read_report(build)
    assert report.accuracy["rows"]["integer"] == trained.integer_mse
    assert report.accuracy["rows"]["float"] == trained.float_mse
    assert report.accuracy["rows"]["qat"] == trained.quantised_mse
    assert report.accuracy["rows"]["integer_median_curve"] == trained.median_curve_mse
    assert report.is_exact
    assert report.mismatches["icarus"].rows > 0
    assert report.mismatches["icarus"].mismatches == 0
    design = pw.Design.of_recipe(recipe, trained.model)
    assert report.cycles["ii_formula"] == design.ii
    assert report.cycles["latency_formula"] == design.latency
    assert pw.read_report(build / "report.json") == report


def test_a_finished_model_is_not_trained(tmp_path: Path) -> None:
    recipe = pw.Recipe.model_validate(
        {
            "name": "done",
            "model": {"path": "model.json", "sizes": [6, 4, 1]},
            "folding": [{"pe": 1, "simd": 1}] * 2,
        }
    )
    with pytest.raises(pw.PulsewrightError, match="starts from a finished model"):
        pw.train(recipe)
