# SPDX-License-Identifier: Apache-2.0
"""The last step: report and picture of everything that ran."""

from pulsewright.flow.build_folder import source_digest
from pulsewright.flow.report.curve_plot import plot_curves
from pulsewright.flow.report.document import write_report
from pulsewright.flow.report.energy_plot import plot_energy
from pulsewright.flow.steps.hls import hls_step
from pulsewright.flow.steps.simulation import simulation_step
from pulsewright.flow.steps.soc_result import soc_summaries
from pulsewright.flow.workspace import Workspace
from pulsewright.sim.simulators import Simulator


def report_step(workspace: Workspace, command: str) -> None:
    """Run what is missing, then write the report and its pictures."""
    for simulator in Simulator:
        simulation_step(workspace, simulator)
    hls_step(workspace, needed=False)
    picture, energy = workspace.folder / "curves.png", workspace.folder / "energy.png"

    outputs = [workspace.report_file, energy]
    if workspace.recipe.model is None:
        outputs.append(picture)

    def work() -> None:
        if picture in outputs:
            plot_curves(workspace, picture)
        plot_energy(workspace, energy)
        write_report(workspace, command)
        workspace.say(f"report    {', '.join([str(outputs[0]), *(p.name for p in outputs[1:])])}")

    summaries = [workspace.folder / "sim" / s.value / "summary.json" for s in Simulator]
    inputs = {
        "artefacts": workspace.digest(
            workspace.model_file,
            workspace.accuracy_file,
            workspace.dataset,
            workspace.hls_summary,
            workspace.qonnx_result_file,
            *summaries,
            *soc_summaries(workspace),
        ),
        "recipe": workspace.recipe.model_dump(mode="json"),
        "code": source_digest(["flow", "hls_model"]),
    }
    workspace.folder.run_step("report", inputs, outputs, work)
