# SPDX-License-Identifier: Apache-2.0
"""The last step: report and picture of everything that ran."""

from pulsewright.flow.report.curve_plot import plot_curves
from pulsewright.flow.report.document import report_text
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text


def write_report(workspace: Workspace, shown: ShownResults) -> None:
    """Write `report.json` and, of a network trained for read currents, the picture of its curves.

    Raises:
        VerificationError: a simulator measured other cycles than the formulas say.
    """
    text = report_text(workspace, shown)
    made = [str(workspace.report_file), workspace.energy_picture.name]
    if workspace.predicts_currents:
        plot_curves(workspace, workspace.curve_picture)
        made.insert(1, workspace.curve_picture.name)
    write_text(workspace.report_file, text)
    workspace.say(f"report    {', '.join(made)}")
