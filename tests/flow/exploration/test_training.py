# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from rich.console import Console

from pulsewright.flow.exploration.training import explored_network, share
from pulsewright.flow.order import DATASET
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.workspace import Options, Workspace
from tests.models import random_model


def opened(recipe: Path, build: str, seed: int = 3) -> Workspace:
    loaded = load_recipe(recipe).model_copy(update={"seed": seed})
    return Workspace(loaded, recipe.parent / build, Options(recipe.parent), Console(quiet=True))


def test_what_would_be_made_of_the_same_is_shared_and_nothing_else(recipe: Path) -> None:
    source, same = opened(recipe, "a"), opened(recipe, "b")
    other = opened(recipe, "c", seed=4)
    share(DATASET, source, same)
    assert not same.dataset.exists()
    DATASET.take(source)
    for target in (same, other):
        share(DATASET, source, target)
    assert DATASET.is_current(same)
    assert same.dataset.read_bytes() == source.dataset.read_bytes()
    assert not other.dataset.exists()


def test_a_finished_model_has_no_error(tmp_path: Path) -> None:
    model = random_model((6, 4, 1))
    model.save(tmp_path / "net.json")
    path = tmp_path / "given.toml"
    path.write_text('name = "given"\n[model]\npath = "net.json"\n[engine]\nmultipliers = 2\n')
    workspace = opened(path, "build")
    model.save(workspace.model_file)
    network = explored_network(workspace)
    assert (network.sizes, network.multiply_accumulates) == ((6, 4, 1), 28)
    assert network.weight_bits == tuple(one.weight_format.width for one in model.layers)
    assert (network.measure, network.error, network.pulse_number) == (None, None, "")
