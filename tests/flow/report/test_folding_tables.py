# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

import pytest

from pulsewright.flow.report.folding_tables import (
    MeasuredFolding,
    cheapest_table,
    folding_costs,
    folding_table,
    on_front,
    plot_foldings,
)
from pulsewright.flow.steps.synthesis_result import CellsShown, FpgaShown, SynthesisShown
from pulsewright.hls_model.schedule.folding_search import fastest_folding
from tests.flow.synthesis_results import cell_result, fpga_mapping, fpga_routing, gate_energy

SMALL, LARGE = fastest_folding((6, 4, 1), 2), fastest_folding((6, 4, 1), 28)


def on_fpga(placed: bool) -> list[MeasuredFolding]:
    routing = fpga_routing() if placed else None
    shown = SynthesisShown(fpgas=[FpgaShown(mapping=fpga_mapping(), routing=routing)])
    return [MeasuredFolding(one, shown) for one in (SMALL, LARGE)]


def in_cells() -> list[MeasuredFolding]:
    """The large one takes half of the energy and leaks ten times as much."""
    figures = ((SMALL, 1500, 200, 24, 1000), (LARGE, 6000, 100, 1, 10_000))
    return [
        MeasuredFolding(
            folded,
            SynthesisShown(
                cells=[
                    CellsShown(
                        cells=cell_result(gates), energy=gate_energy(picojoule, cycles, leakage)
                    )
                ]
            ),
        )
        for folded, gates, picojoule, cycles, leakage in figures
    ]


def test_every_design_of_every_folding_is_a_row() -> None:
    table = folding_table("given", "ecp5_25k", on_fpga(placed=True))
    rows = table.document["rows"]
    assert isinstance(rows, list)
    assert [(row["multipliers"], row["design"], row["ii"]) for row in rows] == [
        (2, "engine", 24),
        (2, "obi", 24),
        (28, "engine", 1),
        (28, "obi", 1),
    ]
    # 95 MHz; a coprocessor's rate is that of its bus.
    assert [row["million_a_second"] for row in rows] == [95 / 24, None, 95, None]
    rows = folding_table("given", "cells", in_cells()).document["rows"]
    assert isinstance(rows, list)
    assert [row["kilo_gate_equivalents"] for row in rows] == [1.5, 1.5, 6, 6]
    assert [row["picojoule"] for row in rows] == [1200, 3600, 600, 1800]
    assert [row["latency_nanosecond"] for row in rows] == [
        5 * SMALL.latency,
        None,
        5 * LARGE.latency,
        None,
    ]
    assert [row["on_front"] for row in rows] == [True, None, True, None]
    # As large as the quick one and slower, it is on no front.
    assert on_front([in_cells()[1], MeasuredFolding(SMALL, in_cells()[1].shown)]) == [True, False]


def test_the_cheapest_folding_changes_where_leakage_weighs_what_it_saves() -> None:
    measured = in_cells()
    table = cheapest_table("given", folding_costs(measured))
    # 600 pJ are saved, and 9 µW more leak.
    (slow, change, small), (also_change, fast, large) = table.rows
    assert (slow, small, large) == (1, "2 multipliers", "28 multipliers")
    assert change == also_change == pytest.approx(9e-6 / 600e-12)
    assert fast == pytest.approx(50e6)


def test_what_was_measured_is_drawn(tmp_path: Path) -> None:
    picture = tmp_path / "area.png"
    assert not plot_foldings("given", on_fpga(placed=False), picture)
    assert not picture.exists()
    for measured in (on_fpga(placed=True), in_cells()):
        picture.unlink(missing_ok=True)
        assert plot_foldings("given", measured, picture)
        assert picture.read_bytes().startswith(b"\x89PNG")
