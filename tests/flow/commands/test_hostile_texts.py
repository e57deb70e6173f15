# SPDX-License-Identifier: Apache-2.0
"""Text of users and of their files on the screen: shown as it is."""

import tomllib
from importlib.resources import files
from pathlib import Path

import pytest
import tomli_w
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.hls_model.escape.terminal import visible
from tests.models import random_model

RECIPE = """name = "mine"
[model]
path = "model.json"
[[folding]]
pe = 1
simd = 1
[[folding]]
pe = 1
simd = 1
"""
TEXTS = ["[/x]", "[red]", "[bold]a", "\x1b[31mred", ":warning:", "a\nb", "\u202eb", "\udcff"]
TABLE = files("pulsewright.hls_model.energy") / "tables" / "horowitz_45nm.toml"


@pytest.fixture
def recipe(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "500")
    random_model((2, 2, 1)).save(tmp_path / "model.json")
    path = tmp_path / "r.toml"
    path.write_text(RECIPE, encoding="utf-8")
    return path


def shown(*words: str) -> tuple[int, str]:
    result = CliRunner().invoke(app, list(words))
    return result.exit_code, result.output


@pytest.mark.parametrize("text", TEXTS)
def test_the_build_folder_is_named_as_it_is(text: str, recipe: Path) -> None:
    code, output = shown("qonnx", str(recipe), "--build", text)
    assert code == 0
    assert f"{visible(text)}/mine/mine.onnx" in output
    assert all(line.isprintable() for line in output.split("\n"))


@pytest.mark.parametrize("text", TEXTS[:-1])
@pytest.mark.parametrize("key", ["node", "supply", "source"])
def test_so_is_what_an_energy_table_says(text: str, key: str, recipe: Path) -> None:
    table = tomllib.loads(TABLE.read_text(encoding="utf-8")) | {key: f"x {text} y"}
    Path("t.toml").write_text(tomli_w.dumps(table), encoding="utf-8")
    code, output = shown("energy", str(recipe), "--table", "t.toml", "--explain")
    assert code == 0
    assert f"x {visible(text)} y" in output
    assert all(line.isprintable() for line in output.split("\n"))


@pytest.mark.parametrize("text", TEXTS)
def test_so_is_a_file_that_is_not_there(text: str) -> None:
    code, output = shown("energy", f"{text}.toml")
    assert code == 2
    assert f"cannot read recipe {visible(text)}.toml: " in output
