# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.exploration_result import (
    EXPLORATION,
    exploration_folder,
    explorations,
)
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from tests.flow.exploration.explored import design, exploration, variant


def test_explorations_of_a_build_are_found_and_a_damaged_one_is_named(recipe: Path) -> None:
    console = Console(quiet=True)
    workspace = Workspace(
        load_recipe(recipe), recipe.parent / "build", Options(recipe.parent), console
    )
    assert explorations(workspace) == []
    found = exploration(variant("small", design(2)))
    for target in ("gates", "ecp5_25k"):
        folder = exploration_folder(workspace, target)
        folder.mkdir(parents=True)
        text = found.model_copy(update={"target": target}).model_dump_json()
        (folder / EXPLORATION).write_text(text)
    assert [one.target for one in explorations(workspace)] == ["ecp5_25k", "gates"]
    (folder / EXPLORATION).write_text('{"recipe": 3}')
    with pytest.raises(PulsewrightError, match=r"cannot read the result .*exploration\.json"):
        explorations(workspace)
