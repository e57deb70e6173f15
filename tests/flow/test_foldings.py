# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.foldings import folded_workspaces, give_model, parse_multipliers
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
        "foldings/2_multipliers/given",
        "foldings/28_multipliers/given",
    ]
    for one in found:
        give_model(workspace, one)
    assert [(one.folded.multipliers, one.folded.initiation_interval) for one in found] == [
        (2, 24),
        (28, 1),
    ]
    assert found[0].model.digest == workspace.model.digest


def test_what_fits_no_folding_is_refused(tmp_path: Path) -> None:
    with pytest.raises(PulsewrightError, match="1 multipliers for 2 layers; give 2 or more"):
        folded_workspaces(opened(tmp_path), (1, 7))
    incremental = opened(tmp_path, RECIPE + "[engine]\nincremental = true\n")
    with pytest.raises(PulsewrightError, match=r"incremental engine of 'given' has its own"):
        folded_workspaces(incremental, (2,))
