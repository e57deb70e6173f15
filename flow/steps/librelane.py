# SPDX-License-Identifier: Apache-2.0
"""Folders for LibreLane, one a design, with the clock that was measured of it."""

from pathlib import Path
from typing import NamedTuple

from pulsewright.flow.steps.cells import ChosenCells, mapped_cells, refuse_weight_files
from pulsewright.flow.steps.synthesised import designs_of, layout_folder
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.synth.cells.technology import SG13G2, SLOW
from pulsewright.synth.cells.timing import REMEDY
from pulsewright.synth.layout.librelane import (
    CONFIGURATION,
    CORE_UTILISATION_PERCENT,
    clock_period,
    librelane_files,
)


class LibrelaneDesign(NamedTuple):
    """A design as LibreLane gets it.

    period: of the clock, in ns. cell_area: of its cells in µm², None if it was not mapped.
    """

    design: str
    period: float
    cell_area: float | None
    configuration: Path

    @property
    def core_area(self) -> float | None:
        """What the cells will lie in, in µm²."""
        return None if self.cell_area is None else self.cell_area * 100 / CORE_UTILISATION_PERCENT


def write_librelane(workspace: Workspace, clock: float | ChosenCells) -> list[LibrelaneDesign]:
    """Write the folders' files anew, beside what LibreLane left there.

    clock: its period in ns, or the cells whose slow corner tells it, with a margin for wires.

    Raises:
        PulsewrightError: a tool to measure the clock is missing, or tables of the design are files.
    """
    refuse_weight_files(workspace)
    measured = _measured(workspace, clock) if isinstance(clock, ChosenCells) else {}
    root = layout_folder(workspace, SG13G2.name)
    found = []
    for label, verilog in designs_of(workspace).items():
        period, area = measured[label] if isinstance(clock, ChosenCells) else (clock, None)
        # LibreLane keeps its runs in the same folder.
        folder = root / label
        text = verilog.read_text(encoding="utf-8")
        for name, content in librelane_files(verilog.stem, text, period).items():
            write_text(folder / name, content)
        found.append(LibrelaneDesign(label, period, area, folder / CONFIGURATION))
    return found


def _measured(workspace: Workspace, chosen: ChosenCells) -> dict[str, tuple[float, float]]:
    """Period in ns, and area of the cells in µm², by design."""
    cells = mapped_cells(workspace, chosen)
    if not all(one.nanoseconds for one in cells.designs):
        raise PulsewrightError(f"the clock cannot be measured: {REMEDY}, or give --period")
    return {one.design: (clock_period(one.nanoseconds[SLOW]), one.area) for one in cells.designs}
