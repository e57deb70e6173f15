# SPDX-License-Identifier: Apache-2.0
"""The step that runs firmware on a simulated system and tells what it shows and costs."""

import json
from functools import partial

from pulsewright.flow.progress import progress_bar
from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.soc_result import SUMMARY, SocResult
from pulsewright.flow.steps.soc_runs import check_ended, evenly, register_driver_sizes
from pulsewright.flow.steps.soc_windows import (
    check_windowed_rows,
    has_windows,
    run_windowed_system,
)
from pulsewright.flow.steps.stimulus import physical_stimulus
from pulsewright.flow.steps.system import system_step
from pulsewright.flow.steps.unused_options import say_unused_options
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.rtl.attachments.admission import check_attachment, check_network
from pulsewright.rtl.buses.registry import BUSES
from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.check_software import check_software
from pulsewright.sim.soc.compiler import cross_prefix
from pulsewright.sim.soc.cores import SocCore
from pulsewright.sim.soc.cycle_table import best_methods, best_software
from pulsewright.sim.soc.rows_header import Curve
from pulsewright.sim.soc.run import ProgramRun
from pulsewright.sim.soc.session import SocSession
from pulsewright.sim.soc.system_energy import hardware_energy, software_energy

MEASURED_ROWS = 256
CURVES = 4
# Icarus runs some 20 000 cycles a second, and a curve in every software takes a million.
ICARUS_ROWS, ICARUS_MEASURED_ROWS, ICARUS_CURVES = 32, 8, 1
STEPS = 5


def check_system(
    workspace: Workspace, core: SocCore, attachment: str, simulator: Simulator
) -> None:
    """Refuse, before anything is trained, a system that cannot be built here.

    Raises:
        PulsewrightError: the core, its compiler or the simulator is missing, or the network does
            not fit the attachment.
    """
    core.sources()
    cross_prefix()
    with simulator_environment(simulator):
        pass
    recipe = workspace.recipe
    if recipe.network is not None:
        check_network(recipe.sizes, recipe.bits.inputs, attachment)


def soc_step(
    workspace: Workspace, core: SocCore, attachment: str, simulator: Simulator
) -> SocResult:
    """Build the system, run its programs, and store what they showed, once the model is there.

    Raises:
        PulsewrightError: the core, its compiler or the simulator is missing, or the network fits
            neither the attachment nor the software that it is compared with.
        VerificationError: a result differs from the integer model, or a fault is not noticed.
    """
    check_attachment(workspace.model, workspace.folded, attachment)
    windowed = has_windows(workspace.model)
    used = {"input_map"} if attachment in BUSES and not windowed else set()
    say_unused_options(workspace, f"the system on {core.title}", used)
    if windowed:
        check_windowed_rows(workspace)
    else:
        check_software(workspace.model)
    name = f"{core.name}_{attachment}_{simulator.value}"
    summary = workspace.folder / "soc" / name / SUMMARY
    # Cores and compilers are others' and may have changed, so that a system always runs again.
    summary.unlink(missing_ok=True)
    run = run_windowed_system if windowed else _run_system
    work = partial(run, core=core, attachment=attachment, simulator=simulator)
    system_step(name, work).take(workspace)
    return load_result(summary, SocResult)


def _run_system(workspace: Workspace, core: SocCore, attachment: str, simulator: Simulator) -> None:
    folder = workspace.folder / "soc" / f"{core.name}_{attachment}_{simulator.value}"
    test = test_rows(workspace)
    curves = measured_curves = test_curves(workspace, CURVES)
    measured = evenly(test, MEASURED_ROWS)
    if simulator is Simulator.ICARUS:
        test, measured = evenly(test, ICARUS_ROWS), evenly(test, ICARUS_MEASURED_ROWS)
        curves, measured_curves = curves[:ICARUS_CURVES], []
    title = f"{core.title}, {attachment}, {simulator.value}"
    with progress_bar(workspace.console, title, "steps") as show:
        show(0, STEPS)
        session = SocSession.build(
            workspace.model,
            workspace.folded,
            core,
            attachment,
            simulator,
            folder,
            maps_inputs=attachment in BUSES and workspace.bus_options.maps_inputs,
        )
        show(1, STEPS)
        checked = session.check_rows(test, curves)
        check_ended(checked)
        show(2, STEPS)
        faults = session.check_faults(test)
        check_ended([faults])
        show(3, STEPS)
        runs = session.measure_cycles(measured, measured_curves)
        check_ended(list(runs.values()))
        show(4, STEPS)
        sizes = register_driver_sizes(folder / "driver")
    methods, model, prices = best_methods(runs), workspace.model, EnergyTable.load()
    packed = methods["hardware_packed"]
    result = SocResult(
        model_digest=model.digest,
        core=core.title,
        attachment=attachment,
        simulator=simulator.value,
        test_rows=len(test),
        rows=sum(_field(run, "rows") for run in checked),
        mismatches=sum(_field(run, "mismatches") for run in checked),
        methods=methods,
        faults={
            name.removeprefix("fault_"): fields["status"]
            for name, fields in faults.measures.items()
            if name.startswith("fault_")
        },
        driver_bytes=sizes,
        hardware_energy=hardware_energy(packed, model, workspace.folded, prices),
        software_energy=software_energy(best_software(methods), model, prices),
    )
    text = json.dumps(result.model_dump(mode="json"), indent=1)
    write_text(folder / SUMMARY, text + "\n")


def test_rows(workspace: Workspace) -> IntegerArray:
    """Physical integers (rows, inputs) of the test rows of the recipe's split."""
    return physical_stimulus(workspace, "test")


def test_curves(workspace: Workspace, count: int) -> list[Curve]:
    """Whole curves over all pulse numbers, with the parameters of test rows."""
    sweep = pulse_sweep(workspace.model)
    if sweep is None:
        return []
    feature = workspace.model.input_map.features[sweep.input_index]
    rows = evenly(test_rows(workspace), count)
    return [Curve(row, feature.minimum, feature.maximum) for row in rows]


def _field(run: ProgramRun, field: str) -> int:
    return sum(fields[field] for fields in run.measures.values() if "mismatches" in fields)
