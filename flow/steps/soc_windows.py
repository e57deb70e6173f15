# SPDX-License-Identifier: Apache-2.0
"""Firmware for a network with windows on a simulated system: its rows, and the cycles of a row."""

import json

from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.soc_result import SUMMARY, SocResult
from pulsewright.flow.steps.soc_runs import check_ended, driver_sizes, evenly
from pulsewright.flow.steps.stimulus import stimulus
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.table import EnergyTable
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.weight_window import weight_window
from pulsewright.rtl.registers.room import fits_registers
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import OPTIMISATIONS
from pulsewright.sim.soc.cores import SocCore
from pulsewright.sim.soc.cycle_table import best_methods
from pulsewright.sim.soc.session import SocSession
from pulsewright.sim.soc.system_energy import hardware_energy
from pulsewright.sim.soc.windowed_rows import rows_in_memory, run_windowed_rows

# In five ways and at two settings of the compiler; Icarus runs some 20 000 cycles a second.
ROWS, ICARUS_ROWS = 256, 8
DRIVER = ["pulsewright.c", "pulsewright_windowed.c"]
NEEDED = ("pulsewright_windowed_probe", "pulsewright_windowed_infer")


def has_windows(model: IntegerMlp) -> bool:
    """True if inputs and results of `model` have windows, and a driver of their own."""
    return not fits_registers(model.sizes[0], model.outputs, model.input_format.width)


def check_windowed_rows(workspace: Workspace) -> int:
    """Rows that fit the RAM of the systems.

    Raises:
        PulsewrightError: not one does.
    """
    folded = workspace.folded
    image = weight_window(folded).image(workspace.model) if folded.reloadable else ()
    return rows_in_memory(workspace.model, len(image))


def run_windowed_system(
    workspace: Workspace, core: SocCore, attachment: str, simulator: Simulator
) -> None:
    """Build the system, run the rows in each way of the driver, and store what was found.

    Raises:
        PulsewrightError: it cannot be built here.
        VerificationError: a result differs from the integer model.
    """
    folder = workspace.folder / "soc" / f"{core.name}_{attachment}_{simulator.value}"
    wanted = ICARUS_ROWS if simulator is Simulator.ICARUS else ROWS
    codes = evenly(stimulus(workspace, "test"), min(wanted, check_windowed_rows(workspace)))
    model, folded, runs = workspace.model, workspace.folded, {}
    title = f"{core.title}, {attachment}, {simulator.value}"
    with progress_bar(workspace.console, title, "steps") as show:
        show(0, 1 + len(OPTIMISATIONS))
        session = SocSession.build(model, folded, core, attachment, simulator, folder)
        for done, optimisation in enumerate(OPTIMISATIONS, start=1):
            show(done, 1 + len(OPTIMISATIONS))
            runs[optimisation] = run_windowed_rows(session, codes, optimisation)
            check_ended([runs[optimisation]])
        sizes = driver_sizes(folder / "driver", DRIVER, NEEDED)
    methods = best_methods(runs)
    measured = [
        fields for run in runs.values() for fields in run.measures.values() if "rows" in fields
    ]
    result = SocResult(
        model_digest=model.digest,
        core=core.title,
        attachment=attachment,
        simulator=simulator.value,
        test_rows=len(codes),
        rows=sum(fields["rows"] for fields in measured),
        mismatches=sum(fields["mismatches"] for fields in measured),
        methods=methods,
        faults={},
        driver_bytes=sizes,
        hardware_energy=hardware_energy(
            methods["windowed_packed"], model, folded, EnergyTable.load()
        ),
        software_energy=None,
    )
    text = json.dumps(result.model_dump(mode="json"), indent=1)
    write_text(folder / SUMMARY, text + "\n")
