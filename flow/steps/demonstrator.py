# SPDX-License-Identifier: Apache-2.0
"""The demonstrator: firmware programs simulated memristive devices, asking the coprocessor."""

import json

from pydantic import BaseModel, ConfigDict

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.memristors import unseen_memristors
from pulsewright.flow.steps.unused_options import say_unused_options
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.plain_law import check_plain_law
from pulsewright.hls_model.schedule.pulse_sweep import pulse_sweep
from pulsewright.quant.splits import SplitKind
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.sim.simulators import Simulator, simulator_environment
from pulsewright.sim.soc.compiler import compile_program, cross_prefix
from pulsewright.sim.soc.cores import SocCore
from pulsewright.sim.soc.run import run_program
from pulsewright.sim.soc.session import SocSession

PROGRAM = "program_device"
STEPS = 3


class DemonstratorResult(BaseModel):
    """What the firmware printed, by method: see docs/demonstrator.md for the fields."""

    model_config = ConfigDict(extra="forbid")

    core: str
    cycles: int
    methods: dict[str, dict[str, int]]


def check_demonstrator(workspace: Workspace, core: SocCore) -> None:
    """Refuse, before anything is trained, what could not end well.

    Raises:
        PulsewrightError: the core, its compiler or the simulator is missing, or the recipe has no
            curves that its network is not trained on.
    """
    core.sources()
    cross_prefix()
    if workspace.recipe.model is not None:
        raise PulsewrightError(
            f"recipe {workspace.recipe.name!r} starts from a finished model and has no curves to "
            "make devices of; give a recipe with data"
        )
    if workspace.recipe.data.split is SplitKind.ROWS:
        raise PulsewrightError(
            f"recipe {workspace.recipe.name!r} trains on rows of all curves, and devices are made "
            'of curves that were not trained on; set data.split to "curves" in the recipe'
        )
    with simulator_environment(Simulator.VERILATOR):
        pass


def demonstrator_step(workspace: Workspace, core: SocCore) -> DemonstratorResult:
    """Build the system with its devices, run the controller, and store what it printed.

    Raises:
        PulsewrightError: the network counts no pulses, or there are too few curves that it was not
            trained on.
        VerificationError: the firmware ends with a failure.
    """
    model = workspace.model
    if pulse_sweep(model) is None:
        raise PulsewrightError(
            f"{model.name} has no pulse number among its inputs to count through; "
            "use a model that was trained here"
        )
    check_plain_law(model, "the demonstrator")
    say_unused_options(workspace, "the demonstrator")
    devices = unseen_memristors(
        workspace.curves, workspace.split(workspace.recipe.data.split), model
    )
    folder = workspace.folder / "soc" / f"demonstrator_{core.name}"
    with progress_bar(workspace.console, f"demonstrator on {core.title}", "steps") as show:
        show(0, STEPS)
        session = SocSession.build(
            model, workspace.folded, core, "obi", Simulator.VERILATOR, folder, memristor=True
        )
        show(1, STEPS)
        run_folder = folder / PROGRAM
        run_folder.mkdir(exist_ok=True)
        devices.save(run_folder / "memristor.hex")
        headers = {"network_input_map.h": input_map_header(model, "network")}
        defines = session.soc.design.defines
        firmware = compile_program(PROGRAM, headers, defines, run_folder)
        show(2, STEPS)
        run = run_program(session.soc, firmware, run_folder)
    if run.exit_code != 0:
        first = f"; first: {run.failures[0]}" if run.failures else ""
        raise VerificationError(f"the demonstrator ends with {run.exit_code}, see {run.log}{first}")
    methods = {name: dict(fields) for name, fields in run.measures.items()}
    result = DemonstratorResult(core=core.title, cycles=run.cycles, methods=methods)
    write_text(folder / "summary.json", json.dumps(result.model_dump(), indent=1) + "\n")
    return result
