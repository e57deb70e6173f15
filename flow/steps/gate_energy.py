# SPDX-License-Identifier: Apache-2.0
"""The step that runs rows through the designs in standard cells, and tells what they cost."""

from functools import partial
from pathlib import Path

import numpy as np

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.steps.synthesis_result import BUS, CURVE, ENERGY, RANDOM_ROWS, GateEnergy
from pulsewright.flow.steps.synthesis_steps import energy_step, netlist_file
from pulsewright.flow.steps.synthesised import ENGINE, write_result
from pulsewright.flow.versions import icarus_version
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.fresh_folder import fresh_folder
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.buses.registry import INSTRUCTIONS
from pulsewright.synth.cells.cell_library import CellLibrary, read_library
from pulsewright.synth.cells.netlist import Netlist
from pulsewright.synth.cells.technology import TYPICAL
from pulsewright.synth.energy.bus_run import can_run, design_of_gates, run_coprocessor
from pulsewright.synth.energy.engine_bench import TAIL_ROWS, WARM_ROWS
from pulsewright.synth.energy.engine_run import run_engine
from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.tools.yosys import read_netlist


def check_energies(chosen: ChosenCells) -> None:
    """Refuse cells that do not tell what they take.

    Raises:
        PulsewrightError: the library has no tables of energy, or is none.
    """
    path = chosen.technology.corners[TYPICAL]
    if not read_library(path).tells_energies:
        raise PulsewrightError(
            f"--energy needs internal_power tables, and no cell of {path} has one; give a "
            "Liberty file with power, or leave --energy out"
        )


def check_energy(workspace: Workspace) -> None:
    """Refuse a recipe whose engine cannot be measured alone.

    Raises:
        PulsewrightError: its weights are reloadable.
    """
    if workspace.recipe.folded.reloadable:
        raise PulsewrightError(
            f"--energy measures the engine alone, and that of {workspace.recipe.name!r} takes its "
            "weights from the bus; give a recipe with constant weights"
        )


def gate_energy(workspace: Workspace, chosen: ChosenCells, rows: int) -> GateEnergy:
    """Run the engine that `mapped_cells` mapped unless it is done; what it cost.

    rows: whose energy is counted, of each run.

    Raises:
        PulsewrightError: Icarus is missing, or the library does not tell enough.
        VerificationError: a result differs from the integer model.
    """
    library = file_digest(chosen.technology.corners[TYPICAL])
    work = partial(_measure, chosen=chosen, rows=rows)
    energy_step(chosen.name, _versions(), library, rows, work).take(workspace)
    return load_result(chosen.folder(workspace) / ENERGY, GateEnergy)


def _versions() -> dict[str, str]:
    found = icarus_version()
    return {} if found is None else {"icarus": found}


def _measure(workspace: Workspace, chosen: ChosenCells, rows: int) -> None:
    library = read_library(chosen.technology.corners[TYPICAL])
    engine = engine_netlist(workspace, chosen, library)
    given = _workloads(workspace, rows)
    runs = {}
    with progress_bar(workspace.console, "gates in simulation", "runs") as show:
        for done, (name, codes) in enumerate(given.items()):
            show(done, len(given) + 1)
            folder = _run_folder(workspace, chosen, name)
            latency = workspace.folded.latency
            runs[name] = run_engine(engine, workspace.model, codes, latency, folder)
            check_rows(name, runs[name], folder)
        through_bus = _through_bus(workspace, chosen, library, given[RANDOM_ROWS])
        runs |= {} if through_bus is None else {BUS: through_bus}
    write_result(chosen.folder(workspace) / ENERGY, _result(chosen, library, engine, rows, runs))


def _through_bus(
    workspace: Workspace, chosen: ChosenCells, library: CellLibrary, codes: IntegerArray
) -> EnergyRun | None:
    """None of a coprocessor without a bus, or whose vectors do not fit its registers."""
    recipe, bus = workspace.recipe, workspace.bus
    if bus in INSTRUCTIONS:
        return None
    netlist = _netlist(workspace, chosen, bus, library)
    design = design_of_gates(
        netlist, recipe.name, bus, workspace.bus_options, workspace.model, workspace.folded
    )
    if not can_run(design):
        return None
    folder = _run_folder(workspace, chosen, BUS)
    run = run_coprocessor(netlist, design, codes, folder)
    check_rows(BUS, run, folder)
    return run


def _run_folder(workspace: Workspace, chosen: ChosenCells, name: str) -> Path:
    return fresh_folder(chosen.folder(workspace) / "energy" / name.replace(" ", "_"))


def engine_netlist(workspace: Workspace, chosen: ChosenCells, library: CellLibrary) -> Netlist:
    """The engine that `mapped_cells` left."""
    return _netlist(workspace, chosen, ENGINE, library)


def _netlist(workspace: Workspace, chosen: ChosenCells, kind: str, library: CellLibrary) -> Netlist:
    top = workspace.verilog(kind).stem
    return Netlist(top, read_netlist(netlist_file(workspace, chosen.name, kind), top), library)


def check_rows(name: str, run: EnergyRun, folder: Path) -> None:
    """Refuse gates that compute something else. name: what ran. folder: its files.

    Raises:
        VerificationError: a result differs from the integer model.
    """
    if run.mismatches:
        raise VerificationError(
            f"{run.mismatches} results of the gates differ from the integer model ({name}); "
            f"see {folder}"
        )


def _result(
    chosen: ChosenCells,
    library: CellLibrary,
    netlist: Netlist,
    rows: int,
    runs: dict[str, EnergyRun],
) -> GateEnergy:
    return GateEnergy(
        versions=_versions(),
        technology=chosen.technology.title,
        cell_library=library.name,
        liberty=file_digest(chosen.technology.corners[TYPICAL]),
        counted=rows,
        voltage=library.voltage,
        leakage_nanowatt=netlist.leakage,
        runs=runs,
    )


def random_rows(workspace: Workspace, rows: int) -> IntegerArray:
    """Input codes (rows, inputs) drawn from the test rows, with those that are not counted."""
    every = stimulus(workspace, "test")
    random = np.random.default_rng(workspace.recipe.seed)
    return every[random.integers(0, len(every), rows + WARM_ROWS + TAIL_ROWS)]


def _workloads(workspace: Workspace, rows: int) -> dict[str, IntegerArray]:
    """Input codes (rows, inputs) by name: drawn from the test rows, and pulse after pulse."""
    random = random_rows(workspace, rows)
    every, needed = stimulus(workspace, "test"), len(random)
    given = {RANDOM_ROWS: random}
    sweep = pulse_sweep(workspace.model)
    if sweep is not None:
        curve = np.repeat(every[len(every) // 2][None, :], needed, axis=0)
        curve[:, sweep.input_index] = np.resize(sweep.codes, needed)
        given[CURVE] = curve
    return given
