# SPDX-License-Identifier: Apache-2.0
import json
from pathlib import Path

import pytest
from rich.console import Console

from pulsewright.flow.recipe import load_recipe
from pulsewright.flow.report.gate_energy_tables import duty_costs
from pulsewright.flow.report.page.gate_section import duty_figure, gate_section
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.steps.synthesis_result import (
    BUS,
    CellsShown,
    FpgaShown,
    GateEnergy,
    SynthesisShown,
)
from pulsewright.flow.workspace import Options, Workspace
from tests.flow.synthesis_results import cell_result, fpga_mapping, fpga_routing, gate_energy


@pytest.fixture
def workspace(finished: Path) -> Workspace:
    recipe = load_recipe(finished / "tiny.toml")
    return Workspace(recipe, finished / "build", Options(finished), Console(quiet=True))


def synthesis(*energies: GateEnergy | None) -> SynthesisShown:
    return SynthesisShown(
        fpgas=[FpgaShown(mapping=fpga_mapping(), routing=fpga_routing())] if energies else [],
        cells=[CellsShown(cells=cell_result(), energy=one) for one in energies],
    )


def shown(*energies: GateEnergy | None) -> ShownResults:
    return ShownResults(
        quantised=None,
        simulations={},
        hls=None,
        hls_bench=None,
        qonnx=None,
        firmware=[],
        synthesis=synthesis(*energies),
    )


def test_nothing_that_was_synthesised_is_no_section(workspace: Workspace) -> None:
    assert gate_section(workspace, shown()) is None


def test_area_timing_energy_and_duty_cycle_are_there(workspace: Workspace) -> None:
    section = gate_section(workspace, shown(gate_energy(), None))
    assert section is not None
    names = [table["name"] for table in section.tables]
    assert names == ["synthesis", "energy_tiers", "gate_energy_gates", "duty_cycle_gates"]
    assert [one.name for one in section.figures] == ["duty-cycle-gates"]


def test_without_an_engine_alone_the_duty_cycle_is_that_of_the_coprocessor(
    workspace: Workspace,
) -> None:
    energy = gate_energy()
    through_bus = energy.model_copy(update={"runs": {BUS: energy.runs[BUS]}})
    section = gate_section(workspace, shown(through_bus))
    assert section is not None
    names = [table["name"] for table in section.tables]
    assert {"gate_energy_gates", "duty_cycle_gates"} <= set(names)
    assert [one.name for one in section.figures] == ["duty-cycle-gates"]
    *_, (_, cost) = duty_costs(through_bus).items()
    assert cost.inference == energy.runs[BUS].total
    section = gate_section(workspace, shown(energy.model_copy(update={"runs": {}})))
    assert section is not None
    assert not section.figures


def test_what_an_inference_costs_is_drawn_to_the_highest_rate() -> None:
    energy = gate_energy(cycles=7)
    stopped, running = json.loads(duty_figure(energy).json)["data"]
    costs = duty_costs(energy)
    for drawn, name in ((stopped, "stopped"), (running, "running")):
        rates, energies = drawn["x"], drawn["y"]
        assert (rates[0], energies[0]) == (1, pytest.approx(costs[name].picojoule(1), rel=1e-3))
        assert rates[-1] == pytest.approx(costs[name].most_a_second, rel=1e-3)
        assert energies == sorted(energies, reverse=True)
    assert all(ours <= theirs for ours, theirs in zip(stopped["y"], running["y"], strict=True))
