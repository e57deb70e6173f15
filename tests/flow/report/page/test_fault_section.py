# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.page.fault_section import fault_section
from pulsewright.flow.steps.results import ShownResults, VolumeShown
from pulsewright.flow.workspace import Options, Workspace
from tests.flow.report.test_code_coverage_tables import RESULT as COVERAGE
from tests.flow.report.test_mutation_tables import RESULT

VOLUME = VolumeShown(vectors=1000, seed=4, cycles=9000, stalled_cycles=20, compiler="g++ 12")
NOTHING = ShownResults.model_validate(
    {
        **dict.fromkeys(("quantised", "hls", "hls_bench", "qonnx")),
        "simulations": {},
        "firmware": [],
        "synthesis": {},
    }
)


@pytest.fixture
def workspace(finished: Path) -> Workspace:
    recipe = load_recipe(finished / "tiny.toml")
    return Workspace(recipe, finished / "build", Options(finished), Console(quiet=True))


def test_without_either_there_is_no_section(workspace: Workspace) -> None:
    assert fault_section(workspace, NOTHING) is None


def test_vectors_scores_and_what_no_bench_saw_are_there(workspace: Workspace) -> None:
    shown = NOTHING.model_copy(update={"volume": VOLUME, "mutation": RESULT})
    section = fault_section(workspace, shown)
    assert section is not None
    volume, scores, survivors = section.tables
    assert [volume["name"], scores["name"], survivors["name"]] == [
        *("volume", "mutation", "survivors")
    ]
    assert "1000" in [cell["text"] for cell in volume["rows"][0]]
    second_line = workspace.verilog(workspace.bus).read_text(encoding="utf-8").splitlines()[1]
    assert survivors["rows"][0][-1]["value"] == second_line.strip()


def test_either_stands_alone(workspace: Workspace) -> None:
    for name, result, tables in (
        ("volume", VOLUME, 1),
        ("mutation", RESULT, 2),
        ("coverage", COVERAGE, 3),
    ):
        section = fault_section(workspace, NOTHING.model_copy(update={name: result}))
        assert section is not None
        assert len(section.tables) == tables
        assert ("lanted faults" in section.title) == (name == "mutation")
