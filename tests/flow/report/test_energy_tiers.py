# SPDX-License-Identifier: Apache-2.0
import pytest

from pulsewright.flow.report.energy_tiers import energy_tiers_table, tier3_figures
from pulsewright.flow.steps.synthesis_result import CellsShown, SynthesisShown
from pulsewright.hls_model.preset_models import preset_engine, preset_model
from tests.flow.synthesis_results import cell_result, gate_energy

MODEL, ENGINE = preset_model("A1"), preset_engine("A1")
SHOWN = SynthesisShown(cells=[CellsShown(cells=cell_result(), energy=gate_energy(picojoule=2))])


def test_every_row_has_its_own_node() -> None:
    table = energy_tiers_table("a1", MODEL, ENGINE, SHOWN)
    assert table is not None
    first, *others = table.document["rows"]  # type: ignore[misc]
    assert (first["tier"], first["picojoule"]) == (1, pytest.approx(896 * 9.3))
    assert "22 nm" in first["node"]
    tables = [row for row in others if row["tier"] == 2]
    assert {row["node"].split(",")[0] for row in tables} == {"45 nm", "40 nm"}
    for row in tables:
        parts = ("arithmetic", "weights", "registers")
        charged = sum(row[f"{part}_picojoule"] or 0 for part in parts)
        assert charged == pytest.approx(row["picojoule"])
    gates, wires = (row for row in others if row["tier"] == 3)
    assert gates["node"] == wires["node"] == "gates, 1.2 V"
    # Six parts, one of them the bus, which an engine has not, of 2 pJ each.
    assert (gates["clock_picojoule"], gates["picojoule"]) == (2, 12)
    assert wires["picojoule"] == 24


def test_what_a_table_has_no_entry_for_is_not_zero() -> None:
    table = energy_tiers_table("a1", MODEL, ENGINE, SHOWN)
    assert table is not None
    by_source = {row["source"].split(",")[0]: row for row in table.document["rows"]}  # type: ignore[index,union-attr]
    assert by_source["horowitz_45nm"]["registers_picojoule"] is None
    assert by_source["aladdin_40nm"]["registers_picojoule"] > 0


def test_without_gates_there_is_nothing_to_compare() -> None:
    unmeasured = SynthesisShown(cells=[CellsShown(cells=cell_result(), energy=None)])
    for shown in (SynthesisShown(), unmeasured):
        assert energy_tiers_table("a1", MODEL, ENGINE, shown) is None
        assert tier3_figures(shown) == []


def test_figures_of_gates_tell_their_tier_and_node() -> None:
    figures = {figure.what: figure for figure in tier3_figures(SHOWN)}
    assert {(figure.tier, figure.node) for figure in figures.values()} == {(3, "gates, 1.2 V")}
    assert figures["inference, random rows"].picojoule == 12
    assert figures["inference, random rows: clock"].picojoule == 2
    assert figures["inference, along a curve, with wires"].picojoule == 48
