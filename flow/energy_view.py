# SPDX-License-Identifier: Apache-2.0
"""The energy figures as tables."""

from rich.table import Table

from hls_model.energy import (
    PICOJOULE_PER_FLOP,
    EnergyFigure,
    floating_point_operations,
    tier1,
    tier2,
)
from hls_model.energy_table import EnergyTable
from hls_model.folding import FoldedEngine
from hls_model.integer_mlp import IntegerMlp
from hls_model.presets import PRESETS


def energy_figures(model: IntegerMlp, folded: FoldedEngine) -> list[EnergyFigure]:
    """All figures of one inference of `model`, folded as it is."""
    return [tier1(model.sizes), *tier2(model, folded, EnergyTable.load())]


def nanojoule(picojoule: float) -> str:
    """Three significant digits, as the paper prints them: 8.33, 84.5, 161."""
    return f"{picojoule / 1000:.3g}"


def preset_table() -> Table:
    """Tier 1 of the paper's networks, its Table II."""
    table = Table(
        title=f"Tier 1: the paper's estimate, {PICOJOULE_PER_FLOP} pJ/FLOP", title_justify="left"
    )
    for column in ("network", "layers", "FLOP", "nJ per inference", "node"):
        table.add_column(column, justify="right" if column.startswith(("FLOP", "nJ")) else "left")
    for name, sizes in PRESETS.items():
        figure = tier1(sizes)
        table.add_row(
            name,
            "-".join(map(str, sizes)),
            str(floating_point_operations(sizes)),
            nanojoule(figure.picojoule),
            figure.node,
        )
    return table


def figure_table(name: str, figures: list[EnergyFigure]) -> Table:
    """Figures of one model; each names its node, since those of two nodes are never added."""
    table = Table(title=f"Energy of one inference of {name}", title_justify="left")
    table.add_column("tier")
    table.add_column("what")
    table.add_column("nJ", justify="right", no_wrap=True)
    table.add_column("node")
    for figure in figures:
        table.add_row(str(figure.tier), figure.what, nanojoule(figure.picojoule), figure.node)
    return table
