# SPDX-License-Identifier: Apache-2.0
"""The step that maps a recipe's Verilog to standard cells, and times it."""

import hashlib
from functools import partial
from pathlib import Path
from typing import NamedTuple

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.synthesis_result import CELLS, CellDesign, CellResult
from pulsewright.flow.steps.synthesis_steps import cells_step, synthesis_folder
from pulsewright.flow.steps.synthesised import designs_of, write_result
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.shortened import shortened
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.mapping import map_to_cells
from pulsewright.synth.cells.technology import TECHNOLOGIES, TYPICAL, Technology, of_liberty
from pulsewright.synth.cells.timing import is_available, longest_path
from pulsewright.synth.cells.timing import version as opensta_version
from pulsewright.synth.tools.yosys import READ_VERILOG
from pulsewright.synth.tools.yowasp import YOSYS


class ChosenCells(NamedTuple):
    """period: that is mapped for, in ns. clock_gates: whether registers may have one."""

    technology: Technology
    period: float
    clock_gates: bool

    @property
    def name(self) -> str:
        """Of the folder of its results, in which only one set of options is kept."""
        return self.technology.name if self.clock_gates else f"{self.technology.name}_ungated"

    @property
    def packages(self) -> tuple[str, ...]:
        """Import names of what brings the tools."""
        return (YOSYS.package,)

    def folder(self, workspace: Workspace) -> Path:
        """Where its results, scripts, logs and netlists are."""
        return synthesis_folder(workspace, self.name)


def chosen_cells(
    target: str | None,
    liberty: Path | None,
    pdk: Path | None,
    period: float,
    clock_gates: bool,
) -> ChosenCells:
    """The cells of that name, or of a Liberty file.

    Raises:
        PulsewrightError: the name is unknown, or the files are not found.
    """
    if liberty is not None:
        digest = hashlib.sha256(str(liberty.resolve()).encode()).hexdigest()[:8]
        if not liberty.is_file():
            raise PulsewrightError(f"--liberty {shortened(str(liberty))} is no file; give a .lib")
        technology = of_liberty(liberty, f"liberty_{digest}")
    else:
        technology = TECHNOLOGIES[target or ""].find(pdk)
    return ChosenCells(technology, period, clock_gates)


def refuse_weight_files(workspace: Workspace) -> None:
    """Refuse a recipe whose tables are files.

    Raises:
        PulsewrightError: they are.
    """
    if workspace.recipe.engine.weight_files:
        raise PulsewrightError(
            "weight_files = true: standard cells have no contents that are read from files; leave "
            "it out for them"
        )


def mapped_cells(workspace: Workspace, chosen: ChosenCells) -> CellResult:
    """Map to these cells unless it is done; what it showed.

    Raises:
        PulsewrightError: a tool is missing, or refuses the design or the library, or tables of the
            design are files.
    """
    refuse_weight_files(workspace)
    work = partial(_map, chosen=chosen)
    libraries = cell_libraries(chosen)
    cells_step(chosen.name, cell_versions(), chosen.period, libraries, work).take(workspace)
    return load_result(chosen.folder(workspace) / CELLS, CellResult)


def cell_libraries(chosen: ChosenCells) -> dict[str, str]:
    """Digests of its files by corner."""
    return {corner: file_digest(path) for corner, path in chosen.technology.corners.items()}


def cell_versions() -> dict[str, str]:
    """Of what maps, and of OpenSTA where it is installed."""
    return {"yosys": YOSYS.version} | ({"opensta": opensta_version()} if is_available() else {})


def _map(workspace: Workspace, chosen: ChosenCells) -> None:
    technology = chosen.technology
    library = read_library(technology.corners[TYPICAL])
    root = fresh_folder(chosen.folder(workspace))
    designs = designs_of(workspace)
    found = []
    with progress_bar(workspace.console, f"mapping to {technology.title}", "designs") as show:
        for done, (label, verilog) in enumerate(designs.items()):
            show(done, len(designs))
            folder = fresh_folder(root / label)
            text = verilog.read_text(encoding="utf-8")
            found.append(mapped_design(label, verilog.stem, text, chosen, library, folder))
    result = CellResult(
        technology=technology.title,
        cell_library=library.name,
        libraries=cell_libraries(chosen),
        period=chosen.period,
        clock_gates=chosen.clock_gates,
        designs=found,
        versions=cell_versions(),
    )
    write_result(root / CELLS, result)


def mapped_design(
    label: str,
    top: str,
    text: str,
    chosen: ChosenCells,
    library: CellLibrary,
    folder: Path,
    reading: str = READ_VERILOG,
) -> CellDesign:
    """Map the module `top` of a text, and time it in every corner; files stay in `folder`.

    label: what the result calls it. library: of the typical corner. reading: Yosys' command.

    Raises:
        PulsewrightError: a tool is missing, or refuses the design or the library.
    """
    technology = chosen.technology
    netlist = map_to_cells(
        text, top, technology, library, chosen.period, chosen.clock_gates, folder, reading
    )
    corners = technology.corners if is_available() else {}
    return CellDesign(
        design=label,
        area=netlist.area,
        gate_equivalents=netlist.area / library.nand2_area,
        cells=len(netlist.instances),
        flip_flops=netlist.count("flip_flop"),
        clock_gates=netlist.count("clock_gate"),
        leakage_nanowatt=netlist.leakage,
        nanoseconds={
            corner: longest_path(netlist, corner, path, folder) for corner, path in corners.items()
        },
    )
