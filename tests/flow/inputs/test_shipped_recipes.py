# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.inputs import shipped_recipes as module
from pulsewright.flow.inputs.shipped_recipes import (
    recipe_path,
    shipped_recipe,
    shipped_recipes,
)
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.study.study_file import load_study
from pulsewright.hls_model.errors import PulsewrightError

RECIPES = Path(__file__).parents[3] / "recipes"


def test_all_recipes_of_the_repository_are_shipped_for_the_command_that_takes_them() -> None:
    every = shipped_recipes()
    assert [one.name for one in every] == sorted(path.stem for path in RECIPES.glob("*.toml"))
    for one in every:
        assert one.text == (RECIPES / f"{one.name}.toml").read_text(encoding="utf-8")
        if one.command == "study":
            assert load_study(recipe_path(one.name)).data.source == one.curves
        else:
            assert load_recipe(recipe_path(one.name)).data.source == one.curves


def test_the_description_is_the_first_sentence_of_the_file() -> None:
    assert shipped_recipe("a1_int8").description == (
        "A1 (6-64-1) at 8 bits on synthetic curves: 56 multipliers, one inference every 8 cycles."
    )
    for one in shipped_recipes():
        assert one.description.endswith((".", "?"))
        assert "SPDX" not in one.description


def test_a_name_may_have_its_ending_and_any_other_is_refused() -> None:
    assert shipped_recipe("a1_int8.toml") == shipped_recipe("a1_int8")
    with pytest.raises(PulsewrightError, match=r"called 'a1_int9'; choose one of a1_curves, .*"):
        shipped_recipe("a1_int9")


def test_an_installation_without_recipes_says_so(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "files", lambda package: tmp_path)
    with pytest.raises(PulsewrightError, match="holds no recipes; install Pulsewright again"):
        shipped_recipes()
