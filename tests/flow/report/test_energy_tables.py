# SPDX-License-Identifier: Apache-2.0
import re

from rich.console import Console

from pulsewright.flow.report.energy_tables import (
    comparison_table,
    energy_figures,
    nanojoule,
    preset_table,
    preset_tier2_table,
    ratio_line,
    sensitivity_line,
    shipped_tables,
    tier1_line,
    total_table,
)
from pulsewright.flow.report.result_table import ResultTable
from pulsewright.flow.report.table_layout import print_table
from pulsewright.hls_model.energy.figures import energy_totals
from pulsewright.hls_model.energy.table import EnergyTable
from tests.models import fold_model, random_model

MODEL = random_model((6, 64, 1), pulses=100)
ENGINE = fold_model(MODEL, [(8, 6), (1, 8)])


def text_of(table: ResultTable) -> str:
    console = Console(width=250, record=True)
    print_table(console, table)
    return console.export_text()


def test_nanojoules_are_printed_as_the_paper_prints_them() -> None:
    assert [nanojoule(flop * 9.3) for flop in (896, 9088, 17280)] == ["8.33", "84.5", "161"]


def test_the_preset_table_is_the_papers_table_2() -> None:
    text = text_of(preset_table())
    for row in (("A1", "6-64-1", "896", "8.33"), ("A3", "6-64-64-64-1", "17280", "161")):
        assert all(cell in text for cell in row)


def test_tier_2_of_the_presets_stands_beside_the_papers_figures() -> None:
    """A1 by Horowitz: 448 products are 0.0896 nJ, and some 550 additions of 17 to 22 bits."""
    lines = text_of(preset_tier2_table(shipped_tables())).splitlines()
    rows = [[cell.strip() for cell in re.split("[│┃]", line)[1:-1]] for line in lines]
    rows = [row for row in rows if row and row[0] in ("A1", "A2", "A3")]
    assert len(rows) == 3 * 4
    assert [row[1] for row in rows[::4]] == ["8.33", "84.5", "161"]
    assert {row[6] for row in rows} == {f"{table.name}, {table.node}" for table in shipped_tables()}
    a1 = rows[0]
    assert 0.11 < float(a1[2]) < 0.13
    # 3584 bits of weights, 64 biases of 18 and one that is no row, of 10 pJ for 64 bits.
    assert a1[3] == nanojoule((3584 + 64 * 18) / 64 * 10)


def test_presets_by_a_table_with_no_sram_or_a_small_one() -> None:
    table = EnergyTable.load()
    without = table.model_copy(update={"sram": ()})
    assert text_of(preset_tier2_table([without])).count("registers") == 3
    small = table.model_copy(update={"sram": (table.sram[0].model_copy(update={"bytes": 1024}),)})
    text = text_of(preset_tier2_table([small]))
    # A1 has 603 bytes, A2 and A3 have more than a kilobyte.
    assert (text.count("1 KiB SRAM"), text.count("no SRAM so large")) == (1, 2)


def test_all_figures_name_their_node_and_the_default_table_comes_first() -> None:
    figures = energy_figures(MODEL, ENGINE)
    assert figures[0].tier == 1
    assert all("nm" in figure.node for figure in figures)
    tables = list(dict.fromkeys(figure.table for figure in figures[1:]))
    assert tables == [table.name for table in shipped_tables()]
    assert "curve of 100 pulses, weights in logic" in [figure.what for figure in figures]


def test_totals_say_where_the_weights_live_and_what_is_not_counted() -> None:
    text = text_of(total_table("a1", energy_totals(MODEL, ENGINE, EnergyTable.load())))
    for words in ("weights in", "logic", "8 KiB SRAM", "45 nm, 0.9 V", "no entry"):
        assert words in text


def test_a_total_has_a_line_of_what_dominates_and_what_half_of_each_entry_does() -> None:
    logic = energy_totals(MODEL, ENGINE, EnergyTable.load())[0]
    whole, products = logic.picojoule, 448 * 0.2
    added = whole - products
    assert sensitivity_line(logic) == (
        f"inference, weights in logic: {nanojoule(whole)} nJ at 45 nm, 0.9 V, "
        f"{products / whole:.0%} of it multiply[8]; "
        f"{nanojoule(whole - products / 2)} with half of multiply[8], "
        f"{nanojoule(whole - added / 2)} with half of fit.add"
    )


def test_the_comparison_has_a_column_with_its_node_for_every_table() -> None:
    by_table = [energy_totals(MODEL, ENGINE, table) for table in shipped_tables()]
    text = text_of(comparison_table("a1", by_table))
    for table in shipped_tables():
        assert table.name in text
    without = EnergyTable.load().model_copy(update={"sram": ()})
    text = text_of(comparison_table("a1", [*by_table, energy_totals(MODEL, ENGINE, without)]))
    assert text.count("no entry") == 2


def test_tier_1_of_a_model_names_its_node() -> None:
    assert tier1_line(MODEL) == (
        "Tier 1, the paper's estimate: 896 FLOP x 9.3 pJ = 8.33 nJ at 22 nm FD-SOI (NTX, fp32)"
    )


def test_the_ratio_names_both_nodes() -> None:
    total = energy_totals(MODEL, ENGINE, EnergyTable.load())[0]
    line = ratio_line(MODEL, total)
    for words in ("45 nm, 0.9 V", "22 nm FD-SOI", "8.33 nJ", "horowitz_45nm"):
        assert words in line
    ratio = float(line.split("1/")[1].split(",")[0])
    assert abs(ratio / (8332.8 / total.picojoule) - 1) < 0.005
