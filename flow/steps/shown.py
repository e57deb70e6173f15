# SPDX-License-Identifier: Apache-2.0
"""What the steps of a build show, as far as it is of this recipe, these files and this code.

A build folder may hold what an earlier recipe of the same name left: it is not shown.
"""

from collections.abc import Mapping
from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel

from pulsewright.flow.results_file import load_result
from pulsewright.flow.steps.coverage import shown_coverage
from pulsewright.flow.steps.mutation import shown_mutation
from pulsewright.flow.steps.proofs import shown_proofs
from pulsewright.flow.steps.results import (
    HistoryResult,
    HlsResult,
    QonnxResult,
    QuantiseResult,
    ShownResults,
    SimulationResult,
)
from pulsewright.flow.steps.shown_synthesis import shown_synthesis
from pulsewright.flow.steps.soc_result import SUMMARY, SocResult
from pulsewright.flow.steps.step import Step
from pulsewright.flow.steps.system import system_step
from pulsewright.flow.steps.volume import shown_volume
from pulsewright.flow.workspace import Workspace
from pulsewright.sim.simulators import Simulator

Result = TypeVar("Result", bound=BaseModel)


def results_of(
    workspace: Workspace,
    quantise: Step,
    history: Step,
    simulations: Mapping[Simulator, Step],
    hls_comparison: Step,
    hls_bench: Step,
    qonnx_execution: Step,
) -> ShownResults:
    """Results of these steps, and of what else was measured; None of a step that is not current."""
    simulated = {
        simulator: _shown(workspace, step, workspace.summary(simulator), SimulationResult)
        for simulator, step in simulations.items()
    }
    systems = (
        _shown(workspace, system_step(summary.parent.name), summary, SocResult)
        for summary in sorted((workspace.folder / "soc").glob("*/" + SUMMARY))
    )
    return ShownResults(
        quantised=_shown(workspace, quantise, workspace.accuracy_file, QuantiseResult),
        history=_shown(workspace, history, workspace.history_file, HistoryResult),
        simulations={one: result for one, result in simulated.items() if result is not None},
        hls=_shown(workspace, hls_comparison, workspace.hls_summary, HlsResult),
        hls_bench=_shown(workspace, hls_bench, workspace.hls_bench_summary, HlsResult),
        qonnx=_shown(workspace, qonnx_execution, workspace.qonnx_result_file, QonnxResult),
        firmware=[result for result in systems if result is not None],
        volume=shown_volume(workspace),
        mutation=shown_mutation(workspace),
        coverage=shown_coverage(workspace),
        proofs=shown_proofs(workspace),
        synthesis=shown_synthesis(workspace),
    )


def _shown(workspace: Workspace, step: Step, file: Path, kind: type[Result]) -> Result | None:
    return load_result(file, kind) if step.is_current(workspace) else None
