# SPDX-License-Identifier: Apache-2.0
"""The closed loop on a core: firmware programs devices of the test curves, asking the coprocessor.

Its decisions are compared, one by one, with those of the controller in Python.
"""

import json

import numpy as np
import numpy.typing as npt
from pydantic import BaseModel, ConfigDict

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.steps.decision_energy import DecisionEnergy, decision_energy
from pulsewright.flow.steps.unused_options import say_unused_options
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.closed_loop.history import PulseSetting
from pulsewright.hls_model.closed_loop.memory import MARGIN
from pulsewright.hls_model.closed_loop.population import Population
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.plain_law import check_plain_law
from pulsewright.quant.closed_loop.controllers import history_family
from pulsewright.quant.closed_loop.memory_controller import RememberingNetwork
from pulsewright.quant.closed_loop.population import usual_rise
from pulsewright.quant.closed_loop.programmings import programmings, run_programmings
from pulsewright.quant.closed_loop.trials import MeasuredDevices, Trials, make_trials, run_trials
from pulsewright.quant.datasets.sessions import sessions
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import compile_program
from pulsewright.sim.soc.cores import SocCore
from pulsewright.sim.soc.history_tables import history_population, history_tables
from pulsewright.sim.soc.history_trials import ProgrammedDevices, ProgrammedTrial
from pulsewright.sim.soc.network_header import network_header
from pulsewright.sim.soc.run import run_program
from pulsewright.sim.soc.session import SocSession

PROGRAM = "history_trials"
SOFTWARE = "baseline/mlp_fused.c"
STEPS = 3


class HistoryDemonstratorResult(BaseModel):
    """What the firmware printed, by who inferred: coprocessor or software.

    Totals over all trials: decisions, mismatches with Python, reads, pulses, cycles of the
    decisions, and of their inferences alone; over and short: trials. energy: of a decision.
    """

    model_config = ConfigDict(extra="forbid")

    core: str
    ways: dict[str, dict[str, int]]
    energy: DecisionEnergy


def programmed_devices(workspace: Workspace) -> ProgrammedDevices:
    """The usable curves of the test, or all, as devices, three levels each, as Python decides.

    Raises:
        PulsewrightError: no curve can be used, or they do not fit the simulated RAM.
    """
    devices = MeasuredDevices(workspace.curves)
    quality = devices.quality
    chosen = ~(quality.coarse | quality.dead | quality.spoilt)
    if workspace.recipe.controller.trials == "test":
        chosen &= tested_curves(workspace)
    trials = make_trials(devices, chosen)
    used = np.unique(trials.curve)
    remember = workspace.recipe.controller.memory
    return ProgrammedDevices(
        devices.reads[used],
        devices.resolution[used],
        PulseSetting(*(column[used] for column in devices.setting)),
        _decided(workspace, devices, trials, used),
        remember,
    )


def population_of(workspace: Workspace) -> Population:
    """The usual rise of the curves that the network was trained on.

    Raises:
        PulsewrightError: none of them rises.
    """
    devices = MeasuredDevices(workspace.curves)
    return usual_rise(devices, np.flatnonzero(devices.learnable & ~tested_curves(workspace)))


def tested_curves(workspace: Workspace) -> npt.NDArray[np.bool_]:
    """(curves,) which are of the recipe's test."""
    tested = np.zeros(workspace.curves.curves, dtype=bool)
    rows = workspace.split(workspace.recipe.data.split).test
    tested[workspace.curves.curve_index[rows]] = True
    return tested


def _decided(
    workspace: Workspace, devices: MeasuredDevices, trials: Trials, used: IntegerArray
) -> list[ProgrammedTrial]:
    """The trials in the order in which firmware has them, each with its bursts."""
    bursts: list[list[int]] = [[] for _ in trials.curve]

    def record(numbers: IntegerArray, given: IntegerArray) -> None:
        for number, burst in zip(numbers.tolist(), given.tolist(), strict=True):
            bursts[number].append(burst)

    models, fold = {0: workspace.model}, np.zeros(workspace.curves.curves, dtype=np.int64)
    order = programmings(trials, sessions(workspace.curves))
    if workspace.recipe.controller.memory:
        remembering = RememberingNetwork(models, {0: population_of(workspace)}, fold, MARGIN)
        run_programmings(devices, trials, order, remembering, record)
    else:
        family = history_family(models, fold)
        run_trials(devices, trials, family.members[family.usual], record=record)
    return [
        ProgrammedTrial(
            int(np.searchsorted(used, trials.curve[number])),
            int(trials.level[number]),
            int(trials.tolerance[number]),
            bursts[number],
            int(order.device[number]),
        )
        for number in np.lexsort((order.turn, order.device)).tolist()
    ]


def history_demonstrator_step(
    workspace: Workspace, core: SocCore, core_picojoule: float | None = None
) -> HistoryDemonstratorResult:
    """Build the system, run the firmware, and store what it printed.

    core_picojoule: of a cycle of the core, instead of the published one.

    Raises:
        PulsewrightError: the simulator, the compiler or the core is missing, or no curve is usable.
        VerificationError: a decision of the firmware differs from Python's.
    """
    model = workspace.model
    check_plain_law(model, "the firmware of the closed loop")
    say_unused_options(workspace, "the closed loop")
    energy = decision_energy(workspace, core, core_picojoule)
    devices = programmed_devices(workspace)
    folder = workspace.folder / "closed_loop" / core.name
    with progress_bar(workspace.console, f"closed loop on {core.title}", "steps") as show:
        show(0, STEPS)
        session = SocSession.build(
            model, workspace.folded, core, "obi", Simulator.VERILATOR, folder
        )
        show(1, STEPS)
        run_folder = folder / PROGRAM
        run_folder.mkdir(exist_ok=True)
        headers = {
            "network.h": network_header(model),
            "network_input_map.h": input_map_header(model, "network"),
            "history_tables.h": history_tables(),
            "history_trials.h": devices.header(),
        }
        if devices.remember:
            headers["history_population.h"] = history_population(population_of(workspace))
        defines = session.soc.design.defines
        firmware = compile_program(PROGRAM, headers, defines, run_folder, further=(SOFTWARE,))
        show(2, STEPS)
        run = run_program(session.soc, firmware, run_folder)
    if run.exit_code != 0:
        wrong = sum(fields["mismatches"] for fields in run.measures.values())
        first = f"; first: {run.failures[0]}" if run.failures else ""
        raise VerificationError(
            f"firmware differs from Python in {wrong} decisions, see {run.log}{first}"
        )
    ways = {name.removeprefix("history_"): dict(one) for name, one in run.measures.items()}
    result = HistoryDemonstratorResult(core=core.title, ways=ways, energy=energy)
    write_text(folder / "summary.json", json.dumps(result.model_dump(), indent=1) + "\n")
    return result
