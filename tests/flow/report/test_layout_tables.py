# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.flow.report.layout_tables import layout_table, librelane_table
from pulsewright.flow.steps.layout_result import LayoutResult, WireFigures
from pulsewright.flow.steps.librelane import LibrelaneDesign

ROUTED = LayoutResult(
    versions={"qflow": "1.3.17"},
    design="engine",
    cells=7,
    cell_area=300,
    die_area=400,
    signals=WireFigures(nets=3, ends=10, micrometre=50, femtofarad=20),
    clock=WireFigures(nets=1, ends=4, micrometre=30, femtofarad=2),
    layers={"metal1": 80},
    drc_errors=0,
    lvs_errors=2,
    remark="",
)


def test_wires_are_told_a_pin() -> None:
    table = layout_table("tiny", "gates", ROUTED)
    (row,) = table.document["rows"]  # type: ignore[misc]
    assert (row["wire_micrometre_a_pin"], row["wire_femtofarad_a_pin"]) == (5, 2)
    assert (row["clock_pins"], row["clock_femtofarad_a_pin"]) == (4, 0.5)
    assert (row["drc_errors"], row["lvs_errors"]) == (0, 2)
    assert "gave up" not in table.note


def test_what_was_not_reached_stays_empty_and_the_tool_is_quoted() -> None:
    unknown = {"die_area": None, "signals": None, "clock": None, "drc_errors": None}
    given_up = ROUTED.model_copy(update={**unknown, "lvs_errors": None, "remark": "no way"})
    table = layout_table("tiny", "gates", given_up)
    (row,) = table.document["rows"]  # type: ignore[misc]
    assert {name for name, value in row.items() if value is not None} == {
        "cells",
        "cell_area_square_micrometre",
    }
    assert table.note.endswith("A tool gave up: no way.")


def test_the_core_is_told_where_the_cells_are_known() -> None:
    known = LibrelaneDesign("engine", 5.0, 600.0, Path("a"))
    unknown = LibrelaneDesign("obi", 5.0, None, Path("b"))
    first, second = librelane_table("tiny", [known, unknown], 4.0).document["rows"]  # type: ignore[misc]
    assert (first["megahertz"], first["core_area_square_micrometre"]) == (200, 1000)
    assert second["core_area_square_micrometre"] is None
    assert "as asked for" in librelane_table("tiny", [unknown], None).note
