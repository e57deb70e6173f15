# SPDX-License-Identifier: Apache-2.0
"""The step of one simulated system: a core, an attachment, and a simulator."""

from collections.abc import Callable

from pulsewright.flow.steps import settings
from pulsewright.flow.steps.soc_result import SUMMARY
from pulsewright.flow.steps.step import Step
from pulsewright.flow.workspace import Workspace


def _nothing(workspace: Workspace) -> None:
    """For those who only ask what a system showed."""


def system_step(name: str, work: Callable[[Workspace], None] = _nothing) -> Step:
    """The step that runs firmware on the system `name`, `<core>_<attachment>_<simulator>`.

    It stands in no order: a build has as many systems as its user asks for.
    """
    return Step(
        f"soc_{name}",
        shows=f"0 mismatches of the firmware on {name}, and its cycles",
        outputs=lambda w: [w.folder / "soc" / name / SUMMARY],
        work=work,
        # Not its prices: what is reported of a system are rows and mismatches.
        code=lambda w: ["pulsewright.sim.soc.session", "pulsewright.flow.steps.stimulus"],
        inputs=lambda w: [w.model_file, *settings.data_files(w)],
        settings=lambda w: {**settings.engine(w), **settings.chosen_rows(w)},
    )
