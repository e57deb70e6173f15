# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.steps import decision_energy as step
from pulsewright.flow.steps.synthesis_result import CellsShown, SynthesisShown
from pulsewright.flow.workspace import Options, Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.sim.soc.cores import CORES
from tests.flow.synthesis_results import cell_result, gate_energy
from tests.history_models import random_history_model

RECIPE = """
name = "decides"
[model]
path = "model.json"
[[folding]]
pe = 2
simd = 1
[[folding]]
pe = 1
simd = 2
[engine]
incremental = true
"""
IBEX = CORES["ibex"]


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """Of a history network 13-4-2 that is there already."""
    random_history_model(0).save(tmp_path / "model.json")
    path = tmp_path / "decides.toml"
    path.write_text(RECIPE)
    made = Workspace(load_recipe(path), tmp_path / "build", Options(tmp_path), Console())
    random_history_model(0).save(made.model_file)
    return made


def test_a_decision_is_two_inferences(workspace: Workspace) -> None:
    """13 * 4 + 4 * 2 products; by tables less than two inferences, since the second saves steps."""
    first, *others = step.decision_energy(workspace, IBEX).coprocessor
    assert (first.tier, first.picojoule) == (1, pytest.approx(2 * 2 * 60 * 9.3))
    assert {one.tier for one in others} == {2}
    for one in others:
        table = EnergyTable.load(one.source.partition(",")[0])
        single = energy_totals(workspace.model, workspace.folded, table)[0].picojoule
        assert single < one.picojoule < 2 * single
        assert one.node == table.operating_point


def test_gates_count_where_rows_ran(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    """Six parts of 5 pJ each an inference, twice that with wires, three times through the bus."""
    cells = [
        CellsShown(cells=cell_result(), energy=gate_energy(5)),
        CellsShown(cells=cell_result(), energy=None),
    ]
    monkeypatch.setattr(step, "shown_synthesis", lambda _: SynthesisShown(cells=cells))
    found = [one for one in step.decision_energy(workspace, IBEX).coprocessor if one.tier == 3]
    assert {one.node for one in found} == {"gates, 1.2 V"}
    assert [(one.source, one.picojoule) for one in found] == [
        ("gates, 2 random rows", 60),
        ("the same with wires", 120),
        ("gates, 2 random rows through the bus", 180),
        ("the same with wires", 360),
    ]


def test_the_core_is_somebody_elses_figure(workspace: Workspace) -> None:
    found = step.decision_energy(workspace, IBEX)
    assert (found.core_picojoule, found.core_node) == (939.5, "130 nm (SG13G2), 1.2 V")
    assert "OpenROAD-flow-scripts" in found.core_source
    other = step.decision_energy(workspace, CORES["cv32e40x"])
    assert (other.core_picojoule, other.core_source) == (None, "")
    own = step.decision_energy(workspace, CORES["cv32e40x"], 7.0)
    assert (own.core_picojoule, own.core_source) == (7, "given by the user")
