# SPDX-License-Identifier: Apache-2.0
"""A recipe with float scales, from curves to Verilog: multipliers, and no mismatch anywhere."""

import json
from pathlib import Path

import pytest

from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from tests.flow.conftest import RECIPE, invoke, write_curves

FLOAT_BITS = """
[bits]
weight_scales = "per_channel_float"
activation_scales = "float"
"""


def float_recipe(folder: Path) -> Path:
    write_curves(folder / "curves.csv")
    path = folder / "floats.toml"
    text = RECIPE.replace('name = "tiny"', 'name = "floats"') + FLOAT_BITS
    path.write_text(text, encoding="utf-8")
    return path


def test_the_model_has_multipliers_and_undecided_rows_are_counted(tmp_path: Path) -> None:
    result = invoke("quantise", float_recipe(tmp_path), "--build", tmp_path / "build")
    assert result.exit_code == 0, result.output
    assert "of 192 rows have a value that float32 rounds" in " ".join(result.output.split())
    build = tmp_path / "build" / "floats"
    model = IntegerMlp.load(build / "model.json")
    assert model.layers[0].requantiser.multiplies
    assert model.output_scale is not None
    accuracy = json.loads((build / "accuracy.json").read_text())
    assert (accuracy["brevitas_rows"], accuracy["brevitas_mismatches"]) == (3 * 192, 0)
    assert set(accuracy["float32_undecided"]) == {"rows", "curves", "parameter_sets"}


@pytest.mark.regression
def test_a_run_has_no_mismatch_in_any_comparison(tmp_path: Path) -> None:
    recipe = float_recipe(tmp_path)
    result = invoke("run", recipe, "--build", tmp_path / "build")
    assert result.exit_code == 0, result.output
    report = json.loads((tmp_path / "build" / "floats" / "report.json").read_text())
    assert {"brevitas", "icarus", "hls_cpp"} <= set(report["mismatches"])
    assert all(one["mismatches"] == 0 for one in report["mismatches"].values())
    assert report["cycles"]["latency"] == report["cycles"]["latency_formula"]
    assert report["cycles"]["requantiser_multipliers"] == 2
    assert set(report["float32_undecided"]) == {"rows", "curves", "parameter_sets"}
    assert "other side of a step" in " ".join(result.output.split())


@pytest.mark.parametrize(
    ("key", "value", "words"),
    [
        ("weight_scales", "per_row_float", "weight_scales"),
        ("activation_scales", "floats", "activation_scales"),
    ],
)
def test_other_scales_are_refused_by_their_key(
    tmp_path: Path, key: str, value: str, words: str
) -> None:
    path = float_recipe(tmp_path)
    text = path.read_text(encoding="utf-8")
    old = next(line for line in text.splitlines() if line.startswith(key))
    path.write_text(text.replace(old, f'{key} = "{value}"'), encoding="utf-8")
    result = invoke("quantise", path, "--build", tmp_path / "build")
    assert result.exit_code == 2
    assert words in result.output
    assert value in result.output
