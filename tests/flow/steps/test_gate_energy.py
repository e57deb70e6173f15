# SPDX-License-Identifier: Apache-2.0
from collections.abc import Callable
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps.gate_energy import can_tell_energy, check_energy
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.errors import PulsewrightError
from tests.models import random_model

Opened = Callable[..., Workspace]


@pytest.fixture
def opened(tmp_path: Path) -> Opened:
    """Of a network with these inputs, weights and attachment."""

    def make(inputs: int, weights: str, bus: str) -> Workspace:
        model = random_model((inputs, 2, 1), 4)
        model.save(tmp_path / "model.json")
        recipe = tmp_path / "told.toml"
        recipe.write_text(
            'name = "told"\n[model]\npath = "model.json"\n'
            f'[engine]\nmultipliers = 2\nweights = "{weights}"\n[attachment]\nbus = "{bus}"\n'
        )
        made = Workspace(load_recipe(recipe), tmp_path / "build", Options(tmp_path), Console())
        model.save(made.model_file)
        return made

    return make


@pytest.mark.parametrize(
    ("inputs", "weights", "bus"),
    [
        (5, "constant", "obi"),
        (5, "reloadable", "obi"),
        (5, "constant", "pcpi"),
        (129, "constant", "obi"),
    ],
)
def test_rows_run_through_the_engine_or_the_registers(
    inputs: int, weights: str, bus: str, opened: Opened
) -> None:
    workspace = opened(inputs, weights, bus)
    assert can_tell_energy(workspace)
    check_energy(workspace)


def test_reloadable_weights_behind_instructions_are_refused_before_there_is_a_model(
    opened: Opened,
) -> None:
    workspace = opened(5, "reloadable", "pcpi")
    workspace.model_file.unlink()
    with pytest.raises(PulsewrightError, match="of 'told' go through windows or instructions"):
        check_energy(workspace)


def test_reloadable_weights_behind_windows_are_refused(opened: Opened) -> None:
    workspace = opened(129, "reloadable", "obi")
    assert not can_tell_energy(workspace)
    sentence = "of 'told' go through windows or instructions; give a recipe with constant weights"
    with pytest.raises(PulsewrightError, match=sentence):
        check_energy(workspace)
