# SPDX-License-Identifier: Apache-2.0
"""The energy figures as tables."""

from collections.abc import Iterable, Sequence

from pulsewright.flow.report.result_table import Column, JsonValue, ResultTable, words
from pulsewright.hls_model.energy.figure import EnergyFigure
from pulsewright.hls_model.energy.figures import (
    PAPER_NODE,
    PICOJOULE_PER_FLOP,
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
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
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
    return three_digits(picojoule / 1000)


def three_digits(value: float | None) -> str:
    """A total in three significant digits; a dash for what is not known."""
    return "-" if value is None else f"{value:.3g}"


def counted(value: float | None) -> str:
    """A part of a total; what a table has no entry for is None, and says so."""
    if value is None:
        return "no entry"
    return three_digits(value or None)


def tier1_line(model: IntegerMlp) -> str:
    """Tier 1 of a model, with its node."""
    figure = tier1(model.sizes)
    return (
        f"Tier 1, the paper's estimate: {figure.what} = {nanojoule(figure.picojoule)} nJ at "
        f"{figure.node}"
    )


def preset_table() -> ResultTable:
    """Tier 1 of the paper's networks, its Table II."""
    figures = {name: tier1(sizes) for name, sizes in PRESETS.items()}
    return ResultTable(
        "presets_tier_1",
        f"Tier 1: the paper's estimate, {PICOJOULE_PER_FLOP} pJ/FLOP",
        (
            words("network", "network"),
            words("layers", "layers"),
            Column("flop", "FLOP"),
            Column("nanojoule", "nJ per inference", three_digits),
            words("node", "node"),
        ),
        [
            (
                name,
                "-".join(map(str, PRESETS[name])),
                floating_point_operations(PRESETS[name]),
                figure.picojoule / 1000,
                figure.node,
            )
            for name, figure in figures.items()
        ],
    )


def preset_tier2_table(tables: Iterable[EnergyTable]) -> ResultTable:
    """Tier 2 of the paper's networks beside its Table II; each row at its own node.

    Weights come from an SRAM, or from registers if the table has none.
    """
    rows: list[Sequence[JsonValue]] = []
    for name in PRESETS:
        model, engine = preset_model(name), preset_engine(name)
        paper = tier1(model.sizes).picojoule / 1000
        for one in tables:
            home = WeightHome.SRAM if one.sram else WeightHome.REGISTERS
            where = f"{one.name}, {one.node}"
            try:
                total = total_energy(model, engine, full_inference(engine), one, home)
            except PulsewrightError:
                rows.append((name, paper, None, None, None, "no SRAM so large", where))
                continue
            arithmetic, reads = total.arithmetic / 1000, _part(total, EnergyPart.WEIGHTS)
            energy = total.picojoule / 1000
            rows.append((name, paper, arithmetic, reads, energy, total.home_name, where))
    return ResultTable(
        "presets_tier_2",
        f"Tier 2: the same networks, nJ at {PRESET_BITS} bits, folded as in the recipes, with "
        f"reloadable weights; the paper's column is {PAPER_NODE}, the others the row's node",
        (
            words("network", "network"),
            Column("paper_nanojoule", "paper", three_digits),
            Column("arithmetic_nanojoule", "arithmetic", three_digits),
            Column("weight_reads_nanojoule", "reads", counted),
            Column("total_nanojoule", "total", three_digits),
            words("weights_in", "weights in"),
            words("table_and_node", "table, node"),
        ),
        rows,
    )


def total_table(name: str, totals: Sequence[EnergyTotal], note: str = "") -> ResultTable:
    """Totals by one table with their parts, one a row."""
    source = totals[0].table
    return ResultTable(
        "energy",
        f"{name}, tier 2 in nJ by {source.name}: {source.operating_point} ({source.source})",
        (
            words("what", "what"),
            words("weights_in", "weights in"),
            Column("arithmetic_nanojoule", "arithmetic", three_digits),
            Column("weight_reads_nanojoule", "weight reads", counted),
            Column("registers_nanojoule", "registers", counted),
            Column("total_nanojoule", "total", three_digits),
        ),
        [
            (
                total.workload.name,
                total.home_name,
                total.arithmetic / 1000,
                _part(total, EnergyPart.WEIGHTS),
                _part(total, EnergyPart.REGISTERS),
                total.picojoule / 1000,
            )
            for total in totals
        ],
        note,
    )


def sensitivity_table(totals: Iterable[EnergyTotal]) -> ResultTable:
    """What dominates each total, and what it would be with half of each entry."""
    return ResultTable(
        "sensitivities",
        "Shares of the entries, and the totals with half of each",
        (
            words("what", "what"),
            words("operating_point", "operating point"),
            Column("total_nanojoule", "total", three_digits),
            words("entry", "entry"),
            Column("share", "share", "{:.0%}".format),
            Column("halved_nanojoule", "with half of it", three_digits),
        ),
        [
            (
                total.what,
                total.table.operating_point,
                total.picojoule / 1000,
                one.entry,
                one.share,
                one.halved_picojoule / 1000,
            )
            for total in totals
            for one in total.sensitivities()
        ],
    )


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


def comparison_table(name: str, by_table: Sequence[Sequence[EnergyTotal]]) -> ResultTable:
    """Totals by every table, a column each; figures of different nodes are never added."""
    cells: dict[tuple[str, WeightHome], list[float | None]] = {}
    for column, totals in enumerate(by_table):
        for total in totals:
            key = total.workload.name, total.home
            row = cells.setdefault(key, [None] * len(by_table))
            row[column] = total.picojoule / 1000
    columns = [
        Column(f"nanojoule_{number}", f"{totals[0].table.name} {totals[0].table.node}", _whole)
        for number, totals in enumerate(by_table)
    ]
    return ResultTable(
        "energy_by_table",
        f"{name}, tier 2, nJ by table and home of the weights",
        (words("what", "what"), *columns),
        [(f"{workload}, {home.value}", *row) for (workload, home), row in cells.items()],
    )


def ratio_table(model: IntegerMlp, totals: Iterable[EnergyTotal]) -> ResultTable:
    """Totals beside the paper's estimate of the same network, with both nodes."""
    paper = tier1(model.sizes)
    return ResultTable(
        "beside_the_paper",
        "Totals beside the paper's estimate, of another node and other arithmetic",
        (
            words("what", "what"),
            words("table", "table"),
            words("operating_point", "operating point"),
            Column("total_nanojoule", "total", three_digits),
            Column("paper_nanojoule", "paper", three_digits),
            words("paper_node", "its node"),
            Column("paper_to_total", "paper / total", three_digits),
        ),
        [
            (
                total.what,
                total.table.name,
                total.table.operating_point,
                total.picojoule / 1000,
                paper.picojoule / 1000,
                paper.node,
                paper.picojoule / total.picojoule,
            )
            for total in totals
        ],
    )


def ratio_line(model: IntegerMlp, total: EnergyTotal) -> str:
    """A total beside the paper's estimate of the same network, with both nodes."""
    paper = tier1(model.sizes)
    return (
        f"{total.what}: {nanojoule(total.picojoule)} nJ at {total.table.operating_point} "
        f"({total.table.name}) beside {nanojoule(paper.picojoule)} nJ at {paper.node}, the paper's "
        f"estimate: 1/{paper.picojoule / total.picojoule:.3g}, of another node and other arithmetic"
    )


def _part(total: EnergyTotal, part: EnergyPart) -> float | None:
    """A part in nJ; None if the table has no entry for it, so that it is not counted."""
    return None if part in total.uncounted else total.part(part) / 1000


def _whole(value: float | None) -> str:
    return "no entry" if value is None else three_digits(value)
