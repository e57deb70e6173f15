# SPDX-License-Identifier: Apache-2.0
"""What a decision of the closed loop takes: the coprocessor by every tier, a cycle of the core."""

from collections.abc import Iterator

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.steps.shown_synthesis import shown_synthesis
from pulsewright.flow.steps.synthesis_result import BUS, RANDOM_ROWS
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.closed_loop.decision import decision_workload
from pulsewright.hls_model.energy.figures import energy_totals, tier1
from pulsewright.hls_model.energy.table import EnergyTable, table_names
from pulsewright.sim.soc.core_energy import core_energy
from pulsewright.sim.soc.cores import SocCore

INFERENCES = 2


class CoprocessorEnergy(BaseModel):
    """picojoule: of one decision, two inferences. tier, node: see docs/energy.md."""

    model_config = ConfigDict(extra="forbid")

    tier: int
    source: str
    node: str
    picojoule: float


class DecisionEnergy(BaseModel):
    """Of the coprocessor by source; core_picojoule: of a cycle of the core, None if not known."""

    model_config = ConfigDict(extra="forbid")

    coprocessor: list[CoprocessorEnergy]
    core_picojoule: float | None
    core_node: str
    core_source: str


def decision_energy(
    workspace: Workspace, core: SocCore, core_picojoule: float | None = None
) -> DecisionEnergy:
    """All that is known of a decision; gates where `pulsewright synth --energy` ran rows.

    core_picojoule: of a cycle, instead of the published one.

    Raises:
        PulsewrightError: `core_picojoule` is not above 0.
    """
    cycle = core_energy(core, core_picojoule)
    return DecisionEnergy(
        coprocessor=[*_estimated(workspace), *_in_gates(workspace)],
        core_picojoule=None if cycle is None else cycle.picojoule,
        core_node="" if cycle is None else cycle.node,
        core_source="" if cycle is None else cycle.source,
    )


def _estimated(workspace: Workspace) -> Iterator[CoprocessorEnergy]:
    """Tier 1, then tier 2 by every table, weights where the engine has them."""
    model, engine = workspace.model, workspace.folded
    first = tier1(model.sizes)
    yield CoprocessorEnergy(
        tier=1,
        source=f"{INFERENCES} x {first.what}",
        node=first.node,
        picojoule=INFERENCES * first.picojoule,
    )
    for name in table_names():
        table = EnergyTable.load(name)
        total, *_ = energy_totals(model, engine, table, [decision_workload(engine)])
        yield CoprocessorEnergy(
            tier=2,
            source=f"{name}, weights in {total.home_name}",
            node=table.operating_point,
            picojoule=total.picojoule,
        )


def _in_gates(workspace: Workspace) -> Iterator[CoprocessorEnergy]:
    """Tier 3: two random rows, of which an engine saves nothing, alone and through the bus."""
    for cells in shown_synthesis(workspace).cells:
        if cells.energy is None:
            continue
        node = f"{cells.energy.technology}, {cells.energy.voltage:g} V"
        for name in (RANDOM_ROWS, BUS):
            run = cells.energy.runs.get(name)
            if run is None:
                continue
            for source, spent in (
                (f"gates, {INFERENCES} {name}", run.total),
                ("the same with wires", sum(run.with_wires.values())),
            ):
                yield CoprocessorEnergy(
                    tier=3, source=source, node=node, picojoule=INFERENCES * spent
                )
