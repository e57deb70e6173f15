# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.foldings import (
    PIPELINES,
    changed_recipe,
    doubled_multipliers,
    folded_name,
    folded_workspaces,
    give_model,
    parse_multipliers,
    write_folded_recipe,
)
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from tests.models import random_model

RECIPE = """
name = "given"
[model]
path = "net.json"
[[folding]]
pe = 1
simd = 3
[[folding]]
pe = 1
simd = 1
"""
TRAINED = """
name = "trained"
seed = 5
[data]
source = "csv"
path = "curves.csv"
[network]
hidden = [4]
[bits]
weights = [4, 8]
[training.float]
epochs = 3
[[folding]]
pe = 1
simd = 3
[[folding]]
pe = 1
simd = 1
[attachment]
bus = "apb"
"""


def opened(folder: Path, recipe: str = RECIPE) -> Workspace:
    path = folder / "given.toml"
    path.write_text(recipe)
    model = random_model((6, 4, 1))
    model.save(folder / "net.json")
    workspace = Workspace(load_recipe(path), folder / "build", Options(folder), Console(quiet=True))
    model.save(workspace.model_file)
    return workspace


def test_numbers_are_read_in_order_and_once() -> None:
    assert parse_multipliers("56, 2,7,2") == (2, 7, 56)


@pytest.mark.parametrize("text", ["", "2,", "0", "-1", "2;7", "1e3", "²", "9" * 12])
def test_what_is_no_list_of_numbers_is_refused(text: str) -> None:
    with pytest.raises(PulsewrightError, match="is no number from 1 on; give numbers such as 2,7"):
        parse_multipliers(text)


def test_too_many_numbers_are_refused() -> None:
    assert len(parse_multipliers(",".join(map(str, range(1, 33))))) == 32
    with pytest.raises(PulsewrightError, match="has 33 numbers; give 32 at most"):
        parse_multipliers(",".join(map(str, range(1, 34))))


def test_each_folding_is_a_build_with_the_model(tmp_path: Path) -> None:
    workspace = opened(tmp_path)
    # 28 is all that 29 multipliers can do.
    found = folded_workspaces(workspace, (2, 28, 29))
    assert [one.folder.path.relative_to(workspace.folder.path).as_posix() for one in found] == [
        "foldings/2_multipliers_deep/given",
        "foldings/28_multipliers_deep/given",
    ]
    for one in found:
        give_model(workspace, one)
    assert [(one.folded.multipliers, one.folded.initiation_interval) for one in found] == [
        (2, 24),
        (28, 1),
    ]
    assert found[0].model.digest == workspace.model.digest


def test_pipelines_are_tried_with_every_folding(tmp_path: Path) -> None:
    found = folded_workspaces(opened(tmp_path), (2, 28), PIPELINES)
    latencies = [one.recipe.folded.latency for one in found]
    assert len(found) == 4
    assert latencies[1] < latencies[0]
    assert latencies[3] < latencies[2]


def test_multipliers_are_doubled_up_to_one_a_product() -> None:
    assert doubled_multipliers((6, 64, 1)) == (2, 4, 8, 16, 32, 64, 128, 256, 448)
    assert doubled_multipliers((1, 1)) == (1,)


def test_a_folding_is_written_as_a_recipe(tmp_path: Path) -> None:
    deep, shallow = folded_workspaces(opened(tmp_path), (7,), PIPELINES)
    other = tmp_path / "other"
    other.mkdir()
    written = [write_folded_recipe(deep, "one", other), write_folded_recipe(shallow, "two", other)]
    assert [path.name for path in written] == ["one.toml", "two.toml"]
    for path, folding in zip(written, (deep, shallow), strict=True):
        recipe = load_recipe(path)
        assert recipe.name == path.stem
        assert recipe.folded == folding.recipe.folded
        assert recipe.model is not None
        assert recipe.model.path == tmp_path / "net.json"


def test_the_name_of_a_folding_is_as_short_as_names_are() -> None:
    assert folded_name("a1_int8", "56_multipliers_deep") == "a1_int8_56_deep"
    long = folded_name("n" * 40, "448_multipliers_shallow")
    assert (len(long), long.endswith("n_448_shallow")) == (40, True)
    longest = [
        folded_name("net", f"6_64_64_64_1_w8a8_448_multipliers_{one}_incremental_reloadable")
        for one in PIPELINES
    ]
    assert all(one.startswith("net_") and len(one) <= 40 for one in longest)
    assert len(set(longest)) == 2


def test_a_trained_recipe_is_written_with_its_training(tmp_path: Path) -> None:
    path = tmp_path / "trained.toml"
    path.write_text(TRAINED)
    recipe = load_recipe(path)
    workspace = Workspace(recipe, tmp_path / "build", Options(tmp_path), Console(quiet=True))
    (folding,) = folded_workspaces(workspace, (4,))
    written = load_recipe(write_folded_recipe(folding, "other", tmp_path))
    changed = {"name", "data", "engine", "folding"}
    assert written.model_dump(exclude=changed) == recipe.model_dump(exclude=changed)
    assert written.data.path == tmp_path / "curves.csv"
    assert written.engine.multipliers == 4


def test_a_recipe_with_other_keys_is_checked_as_one_from_a_file(tmp_path: Path) -> None:
    path = tmp_path / "trained.toml"
    path.write_text(TRAINED + '[engine]\nweight_memory = "logic"\npipeline = "shallow"\n')
    recipe = load_recipe(path)
    changed = changed_recipe(recipe, {"engine": {"multipliers": 9}, "network": {"hidden": [3]}})
    assert (changed.sizes, changed.folding) == ((6, 3, 1), ())
    assert (changed.engine.weight_memory, changed.engine.pipeline) == ("logic", "deep")
    assert (changed.bits, changed.attachment, changed.seed) == (
        recipe.bits,
        recipe.attachment,
        recipe.seed,
    )
    with pytest.raises(PulsewrightError, match=r"beside weights = \"reloadable\""):
        changed_recipe(recipe, {"engine": {"multipliers": 9, "weights": "reloadable"}})


def test_one_multiplier_is_a_folding_like_others(tmp_path: Path) -> None:
    one, seven = folded_workspaces(opened(tmp_path), (1, 7))
    assert (one.folder.path.parent.name, one.recipe.folded.multipliers) == ("1_multipliers_deep", 1)
    assert one.recipe.folded.shared_multiplier is not None
    assert seven.recipe.folded.shared_multiplier is None


def test_what_fits_no_folding_is_refused(tmp_path: Path) -> None:
    reloadable = opened(tmp_path, RECIPE + '[engine]\nweights = "reloadable"\n')
    with pytest.raises(PulsewrightError, match="reloadable weights beside multipliers = 1"):
        folded_workspaces(reloadable, (1, 7))
    incremental = opened(tmp_path, RECIPE + "[engine]\nincremental = true\n")
    with pytest.raises(PulsewrightError, match=r"incremental engine of 'given' has its own"):
        folded_workspaces(incremental, (2,))
