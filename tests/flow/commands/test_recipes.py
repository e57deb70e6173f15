# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from pulsewright.flow.cli import app
from pulsewright.flow.inputs.shipped_recipes import recipe_path, shipped_recipes
from pulsewright.flow.recipe import load_recipe
from tests.flow.conftest import invoke

REFUSED = 2


def test_the_list_names_each_with_what_it_is() -> None:
    printed = invoke("recipes").output
    result = CliRunner().invoke(app, ["recipes", "--json"])
    (table,) = json.loads(result.stdout)["tables"]
    assert [tuple(row.values()) for row in table["rows"]] == [one[:4] for one in shipped_recipes()]
    for row in table["rows"]:
        assert row["name"] in printed
        assert row["description"] in printed


def test_a_copy_is_the_file_and_loads(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    result = invoke("recipes", "--copy", "a2_int8", "--to", "mine/new")
    assert result.exit_code == 0, result.output
    copy = tmp_path / "mine" / "new" / "a2_int8.toml"
    assert copy.read_bytes() == recipe_path("a2_int8").read_bytes()
    assert load_recipe(copy).name == "a2_int8"
    result = CliRunner().invoke(app, ["recipes", "--copy", "study_a1", "--json"])
    assert json.loads(result.stdout)["files"] == {"recipe": "study_a1.toml"}
    assert (tmp_path / "study_a1.toml").read_bytes() == recipe_path("study_a1").read_bytes()


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    mine = tmp_path / "a1_int8.toml"
    mine.write_text("changed")
    result = invoke("recipes", "--copy", "a1_int8", "--to", tmp_path)
    assert result.exit_code == REFUSED
    assert "a1_int8.toml is there already" in result.output
    assert mine.read_text() == "changed"
    assert list(tmp_path.iterdir()) == [mine]


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (("--copy", "a9"), "no shipped recipe is called 'a9'; choose one of a1_curves"),
        (("--copy", "../a1_int8"), "no shipped recipe is called '../a1_int8'"),
        (("--copy", ""), "no shipped recipe is called ''"),
        (("--to", "here"), "--to here is for a copy; name the recipe with --copy NAME"),
    ],
)
def test_a_mistake_is_one_sentence(arguments: tuple[str, ...], sentence: str) -> None:
    result = invoke("recipes", *arguments)
    assert result.exit_code == REFUSED
    assert sentence in " ".join(result.output.split())


def test_what_the_first_sentence_of_a_new_user_may_name_exists(tmp_path: Path) -> None:
    """Examples in error texts are those of the command, not of a checkout."""
    missing = tmp_path / "none.toml"
    for command in ("run", "study", "soc", "demonstrator"):
        result = invoke(command, missing)
        assert result.exit_code == REFUSED
        assert "`pulsewright recipes` lists examples" in " ".join(result.output.split())


@pytest.mark.parametrize("command", ["soc", "demonstrator"])
def test_firmware_commands_take_shipped_recipes_in_any_folder(
    command: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """They come as far as the core, which is looked for in the recipe's build folder."""
    monkeypatch.chdir(tmp_path)
    name = {"soc": "a1_int8", "demonstrator": "a1_demonstrator"}[command]

    def no_sources() -> None:
        raise AssertionError("the recipe was read")

    from pulsewright.sim.soc import cores

    core = cores.CORES["ibex"]._replace(sources=no_sources)  # type: ignore[arg-type]
    monkeypatch.setitem(cores.CORES, "ibex", core)
    result = invoke(command)
    assert "the recipe was read" in result.output
    assert [path.name for path in (tmp_path / "build").iterdir()] == [name]
