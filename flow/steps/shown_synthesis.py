# SPDX-License-Identifier: Apache-2.0
"""What was measured of a build's Verilog, as far as it is of this recipe, its files and this code.

Synthesis is no step of a run: what is there is shown, and nothing is made.
"""

from collections.abc import Iterator

from pulsewright.flow.results_file import left_result
from pulsewright.flow.steps.synthesis_result import (
    CELLS,
    ENERGY,
    MAPPING,
    ROUTING,
    CellResult,
    CellsShown,
    FpgaMapping,
    FpgaRouting,
    FpgaShown,
    GateEnergy,
    SynthesisShown,
)
from pulsewright.flow.steps.synthesis_steps import (
    cells_step,
    energy_step,
    mapping_step,
    routing_step,
    synthesis_folder,
)
from pulsewright.flow.workspace import Workspace


def shown_synthesis(workspace: Workspace) -> SynthesisShown:
    """Results of all targets, by name; a result that is not current is left out."""
    return SynthesisShown(fpgas=list(_fpgas(workspace)), cells=list(_cells(workspace)))


def _fpgas(workspace: Workspace) -> Iterator[FpgaShown]:
    for target in _targets(workspace, MAPPING):
        folder = synthesis_folder(workspace, target)
        mapping = left_result(folder / MAPPING, FpgaMapping)
        if mapping is None or not mapping_step(target, mapping.versions).is_current(workspace):
            continue
        routing = left_result(folder / ROUTING, FpgaRouting)
        if routing is not None:
            step = routing_step(target, routing.versions, routing.seeds)
            routing = routing if step.is_current(workspace) else None
        yield FpgaShown(mapping=mapping, routing=routing)


def _cells(workspace: Workspace) -> Iterator[CellsShown]:
    for target in _targets(workspace, CELLS):
        folder = synthesis_folder(workspace, target)
        cells = left_result(folder / CELLS, CellResult)
        if cells is None:
            continue
        step = cells_step(target, cells.versions, cells.period, cells.libraries)
        if not step.is_current(workspace):
            continue
        energy = left_result(folder / ENERGY, GateEnergy)
        if energy is not None:
            step = energy_step(target, energy.versions, energy.liberty, energy.counted)
            energy = energy if step.is_current(workspace) else None
        yield CellsShown(cells=cells, energy=energy)


def _targets(workspace: Workspace, file: str) -> list[str]:
    return sorted(path.parent.name for path in synthesis_folder(workspace, "").glob(f"*/{file}"))
