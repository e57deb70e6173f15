# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import onnx
import pytest
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.recipe import load_recipe
from pulsewright.hls_model.reference.network_output import OutputKind
from tests.flow.conftest import invoke
from tests.hls_model.qonnx.graphs import GraphBuilder
from tests.hls_model.quantised_onnx.test_operators import by_batch_normalisation
from tests.hls_model.tflite.files import chain

REFUSED = 2


@pytest.fixture
def tflite_file(tmp_path: Path) -> Path:
    path = tmp_path / "My Net-1.tflite"
    path.write_bytes(chain((6, 5, 3), 1))
    return path


def test_a_file_is_told_and_gets_a_recipe_that_loads(tflite_file: Path) -> None:
    folder = tflite_file.parent / "recipes"
    result = invoke("import", tflite_file, "--output", "code", "--ii", "10", "--to", folder)
    assert result.exit_code == 0, result.output
    printed = " ".join(result.output.split())
    assert "TFLite 6-5-3" in printed
    assert "codes -128..127 (s8.0)" in printed
    assert "value = scale * integer + offset" in printed
    recipe = load_recipe(folder / "my_net_1.toml")
    assert recipe.name == "my_net_1"
    assert recipe.model is not None
    assert recipe.model.output is OutputKind.CODE
    assert recipe.folded.initiation_interval <= 10
    assert "does not run" not in printed


def test_the_same_as_json(tmp_path: Path) -> None:
    path = tmp_path / "net.onnx"
    onnx.save(by_batch_normalisation(GraphBuilder((1, 4))), path)
    result = CliRunner().invoke(app, ["import", str(path), "--to", str(tmp_path), "--json"])
    document = json.loads(result.stdout)
    layers, foldings = document["tables"]
    assert [row["neurons"] for row in layers["rows"]] == [3, 2]
    assert layers["rows"][0]["thresholds"] == 21
    assert layers["rows"][1]["multiplier_bits"] is None
    assert foldings["rows"][0]["initiation_interval"] == 1
    assert foldings["rows"][0]["multipliers"] == 18
    assert foldings["rows"][0]["requantiser_multipliers"] == 3
    assert document["files"] == {"recipe": str(tmp_path / "net.toml")}


def test_hundreds_of_inputs_have_windows(tmp_path: Path) -> None:
    path = tmp_path / "wide.tflite"
    path.write_bytes(chain((300, 4, 2), 1))
    result = invoke("import", path, "--to", tmp_path)
    assert result.exit_code == 0, result.output
    assert "does not run" not in " ".join(result.output.split())


def test_what_does_not_run_is_said(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("pulsewright.rtl.registers.room.MAX_COUNT", 200)
    path = tmp_path / "wide.tflite"
    path.write_bytes(chain((300, 4, 2), 1))
    result = invoke("import", path, "--to", tmp_path)
    assert result.exit_code == 0, result.output
    said = " ".join(result.output.split())
    assert "It does not run as it stands" in said
    assert "300 inputs" in said


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("none.tflite",), "cannot read it: No such file"),
        (("net.pt",), "ends in '.pt'; name a file of the kind"),
        (("none.onnx", "--input", "s99"), "--input 's99': give s or u"),
    ],
)
def test_a_mistake_is_one_sentence(
    tmp_path: Path, arguments: tuple[str, ...], sentence: str
) -> None:
    name, *options = arguments
    result = invoke("import", tmp_path / name, *options, "--to", tmp_path)
    assert result.exit_code == REFUSED
    assert sentence in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []


def test_nothing_is_overwritten(tflite_file: Path) -> None:
    kept = tflite_file.parent / "my_net_1.toml"
    kept.write_text("mine")
    result = invoke("import", tflite_file, "--to", tflite_file.parent)
    assert result.exit_code == REFUSED
    assert kept.read_text() == "mine"
