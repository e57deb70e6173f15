# SPDX-License-Identifier: Apache-2.0
"""A picture of what the energy is spent for, by every table."""

from collections.abc import Sequence
from pathlib import Path

from pulsewright.flow.report.energy_tables import shipped_tables
from pulsewright.flow.workspace import Workspace
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.total import EnergyPart, EnergyTotal
from pulsewright.hls_model.escape.plots import plot_text
from pulsewright.hls_model.files.atomic_write import atomic_path

COLOURS = {
    EnergyPart.MULTIPLY: "tab:blue",
    EnergyPart.ADD: "tab:cyan",
    EnergyPart.WEIGHTS: "tab:orange",
    EnergyPart.REGISTERS: "tab:gray",
}


def plot_energy(workspace: Workspace, target: Path) -> None:
    """Stacked bars of every total of tier 2, a panel a workload, as PNG.

    The axis is linear, since parts of a stack can be compared on no other.
    """
    model, folded = workspace.model, workspace.folded
    totals = [total for table in shipped_tables() for total in energy_totals(model, folded, table)]
    title = f"{workspace.recipe.name}: {'-'.join(map(str, model.sizes))}, energy of tier 2"
    draw_energy(totals, title, target)


def draw_energy(totals: Sequence[EnergyTotal], title: str, target: Path) -> None:
    """Draw totals of several workloads, tables and homes of the weights."""
    import matplotlib as mpl

    mpl.use("Agg")
    from matplotlib import pyplot as plt

    names = list(dict.fromkeys(total.workload.name for total in totals))
    groups = [[total for total in totals if total.workload.name == name] for name in names]
    rows = len(groups[0])
    figure, axes = plt.subplots(
        1, len(groups), figsize=(4 + 3 * len(groups), 1.6 + 0.3 * rows), sharey=True, squeeze=False
    )
    for axis, name, group in zip(axes[0], names, groups, strict=True):
        for row, total in enumerate(group):
            left = 0.0
            for part in EnergyPart:
                width = total.part(part) / 1000
                label = part.value if row == 0 else None
                axis.barh(row, width, left=left, color=COLOURS[part], label=label)
                left += width
            axis.annotate(
                f"{left:.3g}",
                (left, row),
                (3, 0),
                textcoords="offset points",
                va="center",
                fontsize=7,
            )
        # Room for the figure behind the longest bar.
        axis.set_xlim(0, 1.18 * max(total.picojoule for total in group) / 1000 or 1)
        axis.set_title(plot_text(name), fontsize=9)
        axis.set_xlabel("nJ")
        axis.grid(axis="x", alpha=0.3)
    labels = [plot_text(_label(total)) for total in groups[0]]
    axes[0][0].set_yticks(range(rows), labels, fontsize=8)
    axes[0][0].set_ylabel("table (node), home of the weights", fontsize=8)
    axes[0][0].invert_yaxis()
    handles, parts = axes[0][0].get_legend_handles_labels()
    figure.suptitle(plot_text(title), fontsize=10)
    figure.legend(handles, parts, loc="lower right", ncols=len(parts), fontsize=8, frameon=False)
    note = "* no entry for register writes, ** nor for reads of weights: not counted"
    figure.text(0.01, 0.02, note, fontsize=7)
    figure.tight_layout(rect=(0, 0.05, 1, 1))
    with atomic_path(target) as temporary:
        figure.savefig(temporary, format="png", dpi=120)
    plt.close(figure)


def _label(total: EnergyTotal) -> str:
    """Table, node and home of the weights."""
    table = total.table
    return f"{table.name} ({table.node}), {total.home_name}{'*' * len(total.uncounted)}"
