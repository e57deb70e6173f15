# SPDX-License-Identifier: Apache-2.0
"""The step that prices what the hardware executes: `energy.json` and `energy.png`."""

import json

from pulsewright.flow.report.energy_plot import plot_energy
from pulsewright.flow.report.energy_tables import energy_figures
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.files.atomic_write import write_text


def price_energy(workspace: Workspace) -> None:
    """Every energy figure of the recipe's network by every table, and a picture of them."""
    figures = energy_figures(workspace.model, workspace.folded)
    plot_energy(workspace, workspace.energy_picture)
    text = json.dumps([figure._asdict() for figure in figures], indent=1)
    write_text(workspace.energy_file, text + "\n")
    tables = len({figure.table for figure in figures if figure.table})
    workspace.say(f"energy    {len(figures)} figures by {tables} tables: {workspace.energy_file}")
