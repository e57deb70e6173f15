# SPDX-License-Identifier: Apache-2.0
"""What was measured beside a run is shown while it is of this build, and no longer."""

from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.order import shown_results
from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps import volume
from pulsewright.flow.steps.mutation import mutation_file, mutation_origin
from pulsewright.flow.steps.results import VolumeShown
from pulsewright.flow.steps.volume import volume_file, volume_result
from pulsewright.flow.workspace import Options, Workspace
from tests.flow.report.test_mutation_tables import RESULT


@pytest.fixture
def workspace(finished_copy: Path) -> Workspace:
    recipe = load_recipe(finished_copy / "tiny.toml")
    return Workspace(recipe, finished_copy / "build", Options(finished_copy), Console(quiet=True))


def change_verilog(workspace: Workspace) -> None:
    for kind in ("engine", workspace.bus):
        with workspace.verilog(kind).open("a", encoding="utf-8") as file:
            file.write("// Changed.\n")


def drive(workspace: Workspace, vectors: int, seed: int) -> None:
    shown = VolumeShown(vectors=vectors, seed=seed, cycles=9, stalled_cycles=1, compiler="none")
    volume_file(workspace).write_text(shown.model_dump_json(), encoding="utf-8")


def test_drawn_vectors(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(drive, "__module__", volume.__name__)
    monkeypatch.setattr(volume, "_drive", drive)
    assert shown_results(workspace).volume is None
    # Nobody drove them here.
    drive(workspace, 5, 1)
    assert shown_results(workspace).volume is None
    driven = volume_result(workspace, 7, 2)
    assert shown_results(workspace).volume == driven
    assert driven.vectors == 7
    change_verilog(workspace)
    assert shown_results(workspace).volume is None


def test_planted_faults(workspace: Workspace) -> None:
    file = mutation_file(workspace)
    assert shown_results(workspace).mutation is None
    file.parent.mkdir()
    file.write_text(RESULT.model_dump_json(), encoding="utf-8")
    assert shown_results(workspace).mutation is None
    origin = mutation_origin(workspace, RESULT.choice)
    judged = RESULT.model_copy(update={"made_from": origin})
    file.write_text(judged.model_dump_json(), encoding="utf-8")
    assert shown_results(workspace).mutation == judged
    change_verilog(workspace)
    assert shown_results(workspace).mutation is None
    workspace.verilog(workspace.bus).unlink()
    assert shown_results(workspace).mutation is None
