# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

import pulsewright as pw
from tests.models import random_model

RECIPE = """
name = "done"
[model]
path = "model.json"
[[folding]]
pe = 2
simd = 1
[[folding]]
pe = 1
simd = 2
"""


def test_paths_of_a_recipe_start_at_its_folder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    model = random_model((3, 4, 2))
    model.save(tmp_path / "model.json")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    (tmp_path / "elsewhere").mkdir()
    monkeypatch.chdir(tmp_path / "elsewhere")
    recipe = pw.read_recipe("../recipe.toml")
    assert recipe.model is not None
    assert pw.load_model(recipe.model.path).digest == model.digest
    design = pw.Design.of_recipe(recipe, model)
    assert (design.ii, design.name, design.bus) == (6, "done", "obi")


def test_a_recipe_is_of_one_network(tmp_path: Path) -> None:
    random_model((3, 4, 2)).save(tmp_path / "model.json")
    (tmp_path / "recipe.toml").write_text(RECIPE)
    recipe = pw.read_recipe(tmp_path / "recipe.toml")
    with pytest.raises(pw.PulsewrightError, match=r"the model has \(3, 5, 2\)"):
        pw.Design.of_recipe(recipe, random_model((3, 5, 2)))
