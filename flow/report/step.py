# SPDX-License-Identifier: Apache-2.0
"""The last step: report and picture of everything that ran."""

from pulsewright.flow.report.curve_plot import plot_curves
from pulsewright.flow.report.document import document_text, report_document
from pulsewright.flow.report.page.run_page import run_page
from pulsewright.flow.steps.results import ShownResults
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text


def write_report(workspace: Workspace, shown: ShownResults) -> None:
    """Write `report.json`, `report.html` and, of a network for read currents, a picture of curves.

    Raises:
        VerificationError: a simulator measured other cycles than the formulas say.
    """
    document = report_document(workspace, shown)
    made = [str(workspace.report_file), workspace.report_page.name, workspace.energy_picture.name]
    if workspace.predicts_currents:
        plot_curves(workspace, workspace.curve_picture)
        made.insert(2, workspace.curve_picture.name)
    write_text(workspace.report_page, run_page(workspace, shown, document))
    write_text(workspace.report_file, document_text(document))
    workspace.say(f"report    {', '.join(made)}")
