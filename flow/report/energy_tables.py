# SPDX-License-Identifier: Apache-2.0
"""The energy figures as tables."""

from collections.abc import Iterable, Sequence

from rich.console import JustifyMethod
from rich.table import Table

from pulsewright.hls_model.energy.figures import (
    PAPER_NODE,
    PICOJOULE_PER_FLOP,
    EnergyFigure,
    energy_totals,
    figures_of,
    floating_point_operations,
    tier1,
)
from pulsewright.hls_model.energy.table import EnergyTable, table_names
from pulsewright.hls_model.energy.total import EnergyPart, EnergyTotal, WeightHome, total_energy
from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.preset_models import PRESET_BITS, preset_engine, preset_model
from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.schedule.folding import FoldedEngine
from pulsewright.hls_model.schedule.workload import full_inference


def shipped_tables() -> list[EnergyTable]:
    """All tables of the package, the default one first."""
    return [EnergyTable.load(name) for name in table_names()]


def energy_figures(model: IntegerMlp, folded: FoldedEngine) -> list[EnergyFigure]:
    """All figures of `model`, folded as it is: tier 1, then tier 2 by every table."""
    totals = (total for table in shipped_tables() for total in energy_totals(model, folded, table))
    return [tier1(model.sizes), *(figure for total in totals for figure in figures_of(total))]


def nanojoule(picojoule: float) -> str:
    """Three significant digits, as the paper prints them: 8.33, 84.5, 161."""
    return f"{picojoule / 1000:.3g}"


def tier1_line(model: IntegerMlp) -> str:
    """Tier 1 of a model, with its node."""
    figure = tier1(model.sizes)
    return (
        f"Tier 1, the paper's estimate: {figure.what} = {nanojoule(figure.picojoule)} nJ at "
        f"{figure.node}"
    )


def preset_table() -> Table:
    """Tier 1 of the paper's networks, its Table II."""
    table = _table(
        f"Tier 1: the paper's estimate, {PICOJOULE_PER_FLOP} pJ/FLOP",
        ("network", "layers", "FLOP", "nJ per inference", "node"),
        right=("FLOP", "nJ per inference"),
    )
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


def preset_tier2_table(tables: Iterable[EnergyTable]) -> Table:
    """Tier 2 of the paper's networks beside its Table II; each row at its own node.

    Weights come from an SRAM, or from registers if the table has none.
    """
    numbers = ("paper", "arithmetic", "reads", "total")
    table = _table(
        f"Tier 2: the same networks, nJ at {PRESET_BITS} bits, folded as in recipes/, with "
        f"reloadable weights; the paper's column is {PAPER_NODE}, the others the row's node",
        ("network", *numbers, "weights in", "table, node"),
        right=numbers,
    )
    for name in PRESETS:
        model, engine = preset_model(name), preset_engine(name)
        paper = nanojoule(tier1(model.sizes).picojoule)
        for one in tables:
            home = WeightHome.SRAM if one.sram else WeightHome.REGISTERS
            where = f"{one.name}, {one.node}"
            try:
                total = total_energy(model, engine, full_inference(engine), one, home)
            except PulsewrightError:
                table.add_row(name, paper, "-", "-", "-", "no SRAM so large", where)
                continue
            table.add_row(
                name,
                paper,
                nanojoule(total.arithmetic),
                _part(total, EnergyPart.WEIGHTS),
                nanojoule(total.picojoule),
                total.home_name,
                where,
            )
    return table


def total_table(name: str, totals: Sequence[EnergyTotal]) -> Table:
    """Totals by one table with their parts, one a row."""
    source = totals[0].table
    numbers = ("arithmetic", "weight reads", "registers", "total")
    table = _table(
        f"{name}, tier 2 in nJ by {source.name}: {source.operating_point} ({source.source})",
        ("what", "weights in", *numbers),
        right=numbers,
    )
    for total in totals:
        table.add_row(
            total.workload.name,
            total.home_name,
            nanojoule(total.arithmetic),
            _part(total, EnergyPart.WEIGHTS),
            _part(total, EnergyPart.REGISTERS),
            nanojoule(total.picojoule),
        )
    return table


def sensitivity_line(total: EnergyTotal) -> str:
    """What dominates a total, and what it would be with half of each entry."""
    first, *_ = found = total.sensitivities()
    halves = ", ".join(
        f"{nanojoule(one.halved_picojoule)} with half of {one.entry}" for one in found
    )
    return (
        f"{total.what}: {nanojoule(total.picojoule)} nJ at {total.table.operating_point}, "
        f"{first.share:.0%} of it {first.entry}; {halves}"
    )


def comparison_table(name: str, by_table: Sequence[Sequence[EnergyTotal]]) -> Table:
    """Totals by every table, a column each; figures of different nodes are never added."""
    headings = [f"{totals[0].table.name} {totals[0].table.node}" for totals in by_table]
    table = _table(
        f"{name}, tier 2, nJ by table and home of the weights", ("what", *headings), right=headings
    )
    cells: dict[tuple[str, WeightHome], list[str]] = {}
    for column, totals in enumerate(by_table):
        for total in totals:
            key = total.workload.name, total.home
            row = cells.setdefault(key, ["no entry"] * len(by_table))
            row[column] = nanojoule(total.picojoule)
    for (workload, home), row in cells.items():
        table.add_row(f"{workload}, {home.value}", *row)
    return table


def ratio_line(model: IntegerMlp, total: EnergyTotal) -> str:
    """A total beside the paper's estimate of the same network, with both nodes."""
    paper = tier1(model.sizes)
    return (
        f"{total.what}: {nanojoule(total.picojoule)} nJ at {total.table.operating_point} "
        f"({total.table.name}) beside {nanojoule(paper.picojoule)} nJ at {paper.node}, the paper's "
        f"estimate: 1/{paper.picojoule / total.picojoule:.3g}, of another node and other arithmetic"
    )


def _part(total: EnergyTotal, part: EnergyPart) -> str:
    """A part in nJ; what the table has no entry for is not counted, and says so."""
    if part in total.uncounted:
        return "no entry"
    return nanojoule(total.part(part)) if total.part(part) else "-"


def _table(title: str, columns: Sequence[str], right: Sequence[str]) -> Table:
    table = Table(title=title, title_justify="left")
    for column in columns:
        justify: JustifyMethod = "right" if column in right else "left"
        # What must not be cut in a narrow terminal.
        width = max(map(len, column.split())) if column in right else None
        width = len("horowitz_45nm,") if column == "table, node" else width
        table.add_column(column, justify=justify, min_width=width)
    return table
