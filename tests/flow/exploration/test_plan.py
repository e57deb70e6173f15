# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.exploration.engine_choice import EngineAxes
from pulsewright.flow.exploration.network_choice import network_choices, parse_bits, parse_networks
from pulsewright.flow.exploration.plan import PlannedNetwork, planned
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from tests.models import random_model

FOLDINGS = EngineAxes((1, 2, 35, 36), ("deep",), ("constant",), (False,), ("inferences",))
FINISHED = """
name = "given"
[model]
path = "net.json"
[engine]
multipliers = 2
"""


def opened(recipe: Path) -> Workspace:
    options = Options(recipe.parent)
    return Workspace(load_recipe(recipe), recipe.parent / "build", options, Console(quiet=True))


def plan(workspace: Workspace, networks: str, bits: str, axes: EngineAxes) -> list[PlannedNetwork]:
    choices = network_choices(
        parse_networks(networks) if networks else [], parse_bits(bits) if bits else []
    )
    return planned(workspace, choices, axes)


def test_equal_foldings_are_told_once(recipe: Path) -> None:
    workspace = opened(recipe)
    (network,) = plan(workspace, "", "", FOLDINGS)
    assert network.workspace is workspace
    told = {one.name: one.reason for one in network.variants}
    # 35 products need no 36 multipliers.
    assert list(told) == ["1 multipliers", "2 multipliers", "35 multipliers"]
    folders = [one.workspace.folder.path for one in network.variants if one.workspace]
    root = workspace.folder.path
    assert [path.relative_to(root).as_posix() for path in folders] == [
        "foldings/1_multipliers_deep/tiny",
        "foldings/2_multipliers_deep/tiny",
        "foldings/35_multipliers_deep/tiny",
    ]


def test_another_network_is_trained_in_a_folder_of_its_own(recipe: Path) -> None:
    workspace = opened(recipe)
    own, other = plan(workspace, "6-5-1,6-3-1", "8", FOLDINGS)
    assert own.workspace is workspace
    assert other.workspace is not None
    assert other.workspace.recipe.sizes == (6, 3, 1)
    place = other.workspace.folder.path.relative_to(workspace.folder.path)
    assert place.as_posix() == "networks/6_3_1_w8a8/tiny"
    assert [one.name for one in other.variants][-1] == "21 multipliers"


def test_knots_need_a_network_without_a_requantiser(recipe: Path) -> None:
    curves = EngineAxes((2,), ("deep",), ("constant",), (False, True), ("piecewise_linear",))
    requantised, other = plan(opened(recipe), "", "8,8:accumulator", curves)
    assert all(one.workspace is None for one in requantised.variants)
    assert "a requantiser" in requantised.variants[0].reason
    plain, incremental = other.variants
    assert plain.workspace is not None
    assert plain.workspace.recipe.folded.piecewise_linear is not None
    assert "incremental = True beside" in incremental.reason


def test_a_network_that_does_not_go_with_the_recipe_says_why(recipe: Path) -> None:
    recipe.write_text(recipe.read_text() + "[bits]\nweights = [8, 4]\n")
    fits, other = plan(opened(recipe), "6-4-1,6-4-3-1", "", FOLDINGS)
    assert fits.workspace is not None
    assert (other.workspace, other.variants) == (None, [])
    assert "2 weight widths [8, 4] for 3 layers" in other.reason


def test_an_exploration_of_nothing_possible_is_refused(recipe: Path) -> None:
    nothing = EngineAxes((1,), ("deep",), ("reloadable",), (False,), ("inferences",))
    with pytest.raises(PulsewrightError, match="reloadable weights beside multipliers = 1"):
        plan(opened(recipe), "", "", nothing)


def test_a_finished_model_is_explored_as_it_is(tmp_path: Path) -> None:
    path = tmp_path / "given.toml"
    path.write_text(FINISHED)
    random_model((6, 4, 1)).save(tmp_path / "net.json")
    workspace = opened(path)
    (network,) = plan(workspace, "", "", FOLDINGS)
    assert (network.name, len(network.variants)) == ("6-4-1", 3)
    with pytest.raises(PulsewrightError, match="'given' starts from a finished model; leave them"):
        plan(workspace, "6-5-1", "", FOLDINGS)
