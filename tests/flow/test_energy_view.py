# SPDX-License-Identifier: Apache-2.0
from rich.console import Console

from flow.energy_view import energy_figures, figure_table, nanojoule, preset_table
from tests.models import fold_model, random_model


def text_of(table: object) -> str:
    console = Console(width=200, record=True)
    console.print(table)
    return console.export_text()


def test_nanojoules_are_printed_as_the_paper_prints_them() -> None:
    assert [nanojoule(flop * 9.3) for flop in (896, 9088, 17280)] == ["8.33", "84.5", "161"]


def test_the_preset_table_is_the_papers_table_2() -> None:
    text = text_of(preset_table())
    for row in (("A1", "6-64-1", "896", "8.33"), ("A3", "6-64-64-64-1", "17280", "161")):
        assert all(cell in text for cell in row)


def test_every_figure_names_its_node_and_says_where_the_weights_live() -> None:
    model = random_model((6, 64, 1))
    figures = energy_figures(model, fold_model(model, [(8, 6), (1, 8)]))
    assert all("nm" in figure.node for figure in figures)
    text = text_of(figure_table("a1", figures))
    assert "weights in logic" in text
    assert "SRAM" in text
