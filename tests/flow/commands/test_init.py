# SPDX-License-Identifier: Apache-2.0
import json
import os
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.recipe import load_recipe
from pulsewright.quant.curve_sources import CurveSource
from tests.flow.conftest import invoke, write_curves
from tests.models import random_model

REFUSED = 2


def test_a_recipe_without_a_file_is_valid_as_it_stands(tmp_path: Path) -> None:
    result = invoke("init", "--to", tmp_path)
    assert result.exit_code == 0, result.output
    recipe = load_recipe(tmp_path / "mine.toml")
    assert (recipe.name, recipe.sizes) == ("mine", (6, 64, 1))
    assert recipe.folded.multipliers == 7
    assert "pulsewright run" in result.output


def test_json_names_the_recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = CliRunner().invoke(app, ["init", "other", "--json"])
    assert json.loads(result.stdout)["files"] == {"recipe": "other.toml"}
    assert load_recipe(tmp_path / "other.toml").name == "other"


def test_curves_are_named_from_the_recipes_folder(tmp_path: Path) -> None:
    write_curves(tmp_path / "My curves.csv")
    result = invoke("init", "--from", tmp_path / "My curves.csv", "--to", tmp_path / "new")
    assert result.exit_code == 0, result.output
    recipe = load_recipe(tmp_path / "new" / "my_curves.toml")
    assert (recipe.data.source, str(recipe.data.path)) == (CurveSource.CSV, "../My curves.csv")
    assert "16 curves of 12 pulses" in result.output


def test_curves_that_no_run_could_read_are_refused_and_nothing_is_written(tmp_path: Path) -> None:
    table = tmp_path / "curves.csv"
    table.write_text("pulse_number,current\n0,1\n")
    result = invoke("init", "--from", table, "--to", tmp_path)
    assert result.exit_code == REFUSED
    assert "curves.csv" in result.output
    write_curves(table, curves=1)
    result = invoke("init", "--from", table, "--to", tmp_path)
    assert result.exit_code == REFUSED
    assert "cannot be split" in result.output
    assert list(tmp_path.iterdir()) == [table]


def test_a_model_of_ours_is_read_and_named(tmp_path: Path) -> None:
    random_model((3, 4, 2)).save(tmp_path / "net.json")
    result = invoke("init", "mine", "--from", tmp_path / "net.json", "--to", tmp_path)
    assert result.exit_code == 0, result.output
    assert "a network of 3-4-2" in result.output
    assert load_recipe(tmp_path / "mine.toml").sizes == (3, 4, 2)


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    (tmp_path / "mine.toml").write_text("changed")
    result = invoke("init", "--to", tmp_path)
    assert result.exit_code == REFUSED
    assert "mine.toml is there already" in result.output
    assert (tmp_path / "mine.toml").read_text() == "changed"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("a b",), "'a b'"),
        (("--from", "x.txt"), "--from 'x.txt' is neither curves (.csv) nor a model"),
        (("--from", "none.csv"), "none.csv"),
        (("--from", "none.onnx"), "none.onnx"),
    ],
)
def test_a_mistake_is_one_sentence(
    arguments: tuple[str, ...], sentence: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("init", *arguments)
    assert result.exit_code == REFUSED, result.output
    assert sentence in " ".join(result.output.split())
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("name", [b'a\n[engine]\nx = "\x07.csv', b"\xff.csv", b"#]'\\.csv"])
def test_whatever_a_file_is_called_the_recipe_names_it_or_is_not_written(
    name: bytes, tmp_path: Path
) -> None:
    table = tmp_path / os.fsdecode(name)
    write_curves(table)
    result = invoke("init", "--from", table, "--to", tmp_path)
    written = list(tmp_path.glob("*.toml"))
    if result.exit_code == 0:
        (recipe,) = written
        assert load_recipe(recipe).data.path == Path(table.name)
    else:
        assert (result.exit_code, written) == (REFUSED, [])
