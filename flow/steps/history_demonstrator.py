# SPDX-License-Identifier: Apache-2.0
"""The closed loop on a core: firmware programs devices of the test curves, asking the coprocessor.

Its decisions are compared, one by one, with those of the controller in Python.
"""

import json

import numpy as np
from pydantic import BaseModel, ConfigDict

from pulsewright.flow.errors import VerificationError
from pulsewright.flow.progress import progress_bar
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.closed_loop.history import PulseSetting
from pulsewright.hls_model.files.atomic_write import write_text
from pulsewright.hls_model.reference.fixed_point import IntegerArray
from pulsewright.hls_model.reference.plain_law import check_plain_law
from pulsewright.quant.closed_loop.controllers import history_family
from pulsewright.quant.closed_loop.trials import MeasuredDevices, Trials, make_trials, run_trials
from pulsewright.rtl.package.input_map_header import input_map_header
from pulsewright.sim.simulators import Simulator
from pulsewright.sim.soc.compiler import compile_program
from pulsewright.sim.soc.cores import SocCore
from pulsewright.sim.soc.history_tables import history_tables
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
    decisions, and of their inferences alone; over and short: trials.
    """

    model_config = ConfigDict(extra="forbid")

    core: str
    ways: dict[str, dict[str, int]]


def programmed_devices(workspace: Workspace) -> ProgrammedDevices:
    """The usable curves of the test as devices, three levels each, with Python's decisions.

    Raises:
        PulsewrightError: no curve can be used, or they do not fit the simulated RAM.
    """
    devices = MeasuredDevices(workspace.curves)
    quality = devices.quality
    tested = np.zeros(workspace.curves.curves, dtype=bool)
    rows = workspace.split(workspace.recipe.data.split).test
    tested[workspace.curves.curve_index[rows]] = True
    trials = make_trials(devices, tested & ~(quality.coarse | quality.dead | quality.spoilt))
    used = np.unique(trials.curve)
    return ProgrammedDevices(
        devices.reads[used],
        devices.resolution[used],
        PulseSetting(*(column[used] for column in devices.setting)),
        _decided(workspace, devices, trials, used),
    )


def _decided(
    workspace: Workspace, devices: MeasuredDevices, trials: Trials, used: IntegerArray
) -> list[ProgrammedTrial]:
    bursts: list[list[int]] = [[] for _ in trials.curve]

    def record(numbers: IntegerArray, given: IntegerArray) -> None:
        for number, burst in zip(numbers.tolist(), given.tolist(), strict=True):
            bursts[number].append(burst)

    family = history_family({0: workspace.model}, np.zeros(workspace.curves.curves, dtype=np.int64))
    run_trials(devices, trials, family.members[family.usual], record=record)
    numbers = np.searchsorted(used, trials.curve)
    columns = (numbers.tolist(), trials.level.tolist(), trials.tolerance.tolist(), bursts)
    return [
        ProgrammedTrial(device, level, tolerance, decided)
        for device, level, tolerance, decided in zip(*columns, strict=True)
    ]


def history_demonstrator_step(workspace: Workspace, core: SocCore) -> HistoryDemonstratorResult:
    """Build the system, run the firmware, and store what it printed.

    Raises:
        PulsewrightError: the simulator, the compiler or the core is missing, or no curve is usable.
        VerificationError: a decision of the firmware differs from Python's.
    """
    model = workspace.model
    check_plain_law(model, "the firmware of the closed loop")
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
    result = HistoryDemonstratorResult(core=core.title, ways=ways)
    write_text(folder / "summary.json", json.dumps(result.model_dump(), indent=1) + "\n")
    return result
