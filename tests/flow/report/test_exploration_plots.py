# SPDX-License-Identifier: Apache-2.0
from pathlib import Path

from pulsewright.flow.report.exploration_plots import (
    PAIRS,
    PlottedPoint,
    front_of,
    peer_points,
    plot_exploration,
    points_of,
)
from pulsewright.flow.steps.exploration_result import ExploredPeer
from tests.flow.exploration.explored import design, exploration, network, on_fpga, variant

BY_NAME = {pair.name: pair for pair in PAIRS}


def test_points_are_the_engines_of_which_both_figures_are_known() -> None:
    found = exploration(
        variant("2 multipliers", design(2, 40), design(9, 40, design="obi")),
        variant("8 multipliers, shallow", design(6, 8)),
        variant("unplaced", design(7, None)),
        variant("2 multipliers, reloadable", design(11, 80, design="obi"), weights="reloadable"),
    )
    assert points_of(found, BY_NAME["area_rate"]) == [
        PlottedPoint(25, 2, "2", "small"),
        PlottedPoint(125, 6, "8, shallow", "small"),
        PlottedPoint(12.5, 11, "2, reloadable", "small, with obi"),
    ]


def test_a_figure_that_all_share_needs_no_picture() -> None:
    same = exploration(variant("a", design(2, 40)), variant("b", design(6, 8)))
    assert points_of(same, BY_NAME["area_error"]) == []
    two = exploration(
        variant("a", design(2, 40)),
        variant("b", design(6, 8), network="large"),
        small=network(0.02),
        large=network(0.01),
    )
    assert [one.x for one in points_of(two, BY_NAME["area_error"])] == [0.02, 0.01]


def test_the_front_of_a_pair_is_what_nothing_beats_in_both() -> None:
    points = [PlottedPoint(x, y, "", "") for x, y in ((1, 5), (2, 5), (3, 9), (2, 7))]
    assert front_of(points, BY_NAME["area_rate"]) == [points[1], points[2]]
    assert front_of(points, BY_NAME["area_latency"]) == [points[0]]


def test_every_pair_that_is_known_is_drawn(tmp_path: Path) -> None:
    stale = tmp_path / "energy_error.png"
    stale.write_bytes(b"of an earlier run")
    found = exploration(
        variant("a", on_fpga(90, 1, 8)), variant("b", on_fpga(30, 1, 64)), is_cells=False
    )
    pictures = plot_exploration(found, tmp_path)
    assert list(pictures) == ["area_rate", "area_latency"]
    assert all(path.read_bytes().startswith(b"\x89PNG") for path in pictures.values())
    assert not stale.exists()


def test_where_nothing_was_placed_cycles_take_the_place_of_rates(tmp_path: Path) -> None:
    found = exploration(
        variant("a", on_fpga(90, 1, None), initiation_interval=1),
        variant("b", on_fpga(30, 1, None), initiation_interval=8),
        is_cells=False,
    )
    assert list(plot_exploration(found, tmp_path)) == ["area_cycles"]


def test_designs_of_others_stand_beside_as_far_as_their_figures_are_known() -> None:
    peer = ExploredPeer(
        name="theirs",
        kind="measured",
        source="a test",
        sizes=(6, 4, 1),
        initiation_interval=4,
        latency=5,
        kilo_gate_equivalents=3,
        megahertz=100,
    )
    clockless = peer.model_copy(update={"name": "clockless", "megahertz": None})
    found = exploration(variant("a", design(2, 40)), variant("b", design(6, 8)))
    found = found.model_copy(update={"peers": [peer, clockless]})
    series = "others, measured"
    assert peer_points(found, BY_NAME["area_rate"]) == [PlottedPoint(25, 3, "theirs", series)]
    assert peer_points(found, BY_NAME["area_latency"]) == [PlottedPoint(50, 3, "theirs", series)]
    assert len(peer_points(found, BY_NAME["area_cycles"])) == 2
    assert peer_points(found, BY_NAME["area_error"]) == []
    assert [one.label for one in front_of(points_of(found, BY_NAME["area_rate"]), PAIRS[0])] == [
        "a",
        "b",
    ]
