# SPDX-License-Identifier: Apache-2.0
"""All that is measured of one build's Verilog on one target."""

from pulsewright.flow.steps.cells import ChosenCells, mapped_cells
from pulsewright.flow.steps.fpga import ChosenFpga, fpga_steps
from pulsewright.flow.steps.gate_energy import gate_energy
from pulsewright.flow.steps.synthesis_result import CellsShown, FpgaShown, SynthesisShown
from pulsewright.flow.workspace import Workspace

Chosen = ChosenCells | ChosenFpga


def measure(workspace: Workspace, chosen: Chosen, rows: int) -> SynthesisShown:
    """Synthesise the Verilog that is there, each step unless it is done.

    rows: whose energy in standard cells is counted; none if 0.

    Raises:
        PulsewrightError: a tool is missing, or refuses the design.
        VerificationError: a result of the gates differs from the integer model.
    """
    if isinstance(chosen, ChosenFpga):
        mapping, routing = fpga_steps(workspace, chosen)
        return SynthesisShown(fpgas=[FpgaShown(mapping=mapping, routing=routing)])
    cells = mapped_cells(workspace, chosen)
    energy = gate_energy(workspace, chosen, rows) if rows else None
    return SynthesisShown(cells=[CellsShown(cells=cells, energy=energy)])
