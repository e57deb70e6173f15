# SPDX-License-Identifier: Apache-2.0
"""The step that runs rows through the designs in standard cells, and tells what they cost."""

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from pathlib import Path

import numpy as np

from pulsewright.flow.build_folder import file_digest
from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.cells import ChosenCells
from pulsewright.flow.steps.cycle_check import curve_formula
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.steps.synthesis_result import (
    BUS,
    CURVE,
    CURVE_JOBS,
    ENERGY,
    RANDOM_ROWS,
    GateEnergy,
)
from pulsewright.flow.steps.synthesis_steps import energy_step, netlist_file
from pulsewright.flow.steps.synthesised import ENGINE, designs_of, write_result
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
from pulsewright.synth.energy.bus_run import (
    WARM_CURVES,
    can_run,
    design_of_gates,
    makes_curves,
    run_coprocessor,
    run_curves,
)
from pulsewright.synth.energy.engine_bench import TAIL_ROWS, WARM_ROWS
from pulsewright.synth.energy.engine_run import run_engine
from pulsewright.synth.energy.gate_run import EnergyRun
from pulsewright.synth.tools.yosys import read_netlist


def check_energies(chosen: ChosenCells) -> None:
    """Refuse cells that do not tell what they take.

    Raises:
        PulsewrightError: the library has no tables of energy or tells no leakage, or is none.
    """
    path = chosen.technology.corners[TYPICAL]
    library = read_library(path)
    for is_told, what in (
        (library.tells_energies, "internal_power tables, and no cell of {} has one"),
        (library.tells_leakage, "the leakage of cells, and {} has none of any"),
    ):
        if not is_told:
            raise PulsewrightError(
                f"--energy needs {what.format(path)}; give a Liberty file with power, or leave "
                "--energy out"
            )


def check_energy(workspace: Workspace) -> None:
    """Refuse a coprocessor of which no rows can run; of instructions that is known without a model.

    Raises:
        PulsewrightError: its weights are reloadable, so that no engine stands alone, and it has no
            registers for its vectors.
    """
    if not can_tell_energy(workspace):
        raise PulsewrightError(
            f"energy is measured through registers if weights are reloadable, and the vectors of "
            f"{workspace.recipe.name!r} go through windows or instructions; give a recipe with "
            "constant weights, or leave --energy out"
        )


def can_tell_energy(workspace: Workspace) -> bool:
    """Whether rows can run through its engine alone, or through the registers of its bus."""
    if not workspace.recipe.folded.reloadable:
        return True
    return workspace.bus not in INSTRUCTIONS and can_run(workspace.model, workspace.bus)


def gate_energy(workspace: Workspace, chosen: ChosenCells, rows: int) -> GateEnergy:
    """Run what `mapped_cells` mapped unless it is done; what it cost.

    rows: whose energy is counted, of each run.

    Raises:
        PulsewrightError: Icarus is missing, the library does not tell enough, or no rows can run.
        VerificationError: a result differs from the integer model.
    """
    check_energy(workspace)
    library = file_digest(chosen.technology.corners[TYPICAL])
    work = partial(_measure, chosen=chosen, rows=rows)
    energy_step(chosen.name, _versions(), library, rows, work).take(workspace)
    return load_result(chosen.folder(workspace) / ENERGY, GateEnergy)


def _versions() -> dict[str, str]:
    found = icarus_version()
    return {} if found is None else {"icarus": found}


def _measure(workspace: Workspace, chosen: ChosenCells, rows: int) -> None:
    library = read_library(chosen.technology.corners[TYPICAL])
    netlists = {kind: _netlist(workspace, chosen, kind, library) for kind in designs_of(workspace)}
    runs = {}
    tasks = list(_runs(workspace, netlists, rows))
    with progress_bar(workspace.console, "gates in simulation", "runs") as show:
        for done, (name, run) in enumerate(tasks):
            show(done, len(tasks))
            folder = _run_folder(workspace, chosen, name)
            runs[name] = run(folder)
            check_rows(name, runs[name], folder)
    main, *_ = netlists.values()
    write_result(chosen.folder(workspace) / ENERGY, _result(chosen, library, main, rows, runs))


def _runs(
    workspace: Workspace, netlists: Mapping[str, Netlist], rows: int
) -> Iterator[tuple[str, Callable[[Path], EnergyRun]]]:
    """What runs, by name, in a folder each: the engine where it stands alone, and the bus."""
    model, folded, bus = workspace.model, workspace.folded, workspace.bus
    given = _workloads(workspace, rows)
    if ENGINE in netlists:
        for name, codes in given.items():
            yield name, partial(run_engine, netlists[ENGINE], model, codes, folded.latency)
    if can_run(model, bus):
        netlist = netlists[bus]
        design = design_of_gates(
            netlist, workspace.recipe.name, bus, workspace.bus_options, model, folded
        )
        yield BUS, partial(run_coprocessor, netlist, design, given[RANDOM_ROWS])
        if makes_curves(design):
            curves = given[RANDOM_ROWS][: WARM_CURVES + _counted_curves(workspace, rows)]
            yield CURVE_JOBS, partial(run_curves, netlist, design, curves)


def _counted_curves(workspace: Workspace, rows: int) -> int:
    """As many as take the clock cycles of so many inferences, and one at least."""
    cycles = curve_formula(workspace.model, workspace.folded) or 1
    return min(rows, max(1, rows * workspace.folded.latency // cycles))


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
