# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.quant.studies.points import Point, pareto_front, points_of


def row(network: str, seed: int, mse: float, **more) -> dict:
    return {"network": network, "seed": seed, "integer_mse": mse, "grids": ["g"], "mac": 5, **more}


def test_means_and_spreads_over_seeds() -> None:
    rows = [row("a", 0, 1.0), row("b", 0, 7.0), row("a", 1, 2.0), row("a", 2, 6.0)]
    first, second = points_of(rows)
    assert first.columns == {"network": "a", "integer_mse": 3.0, "grids": ["g"], "mac": 5}
    assert first.spread == {"integer_mse": pytest.approx(np.std([1, 2, 6], ddof=1))}
    assert first.seeds == (0, 1, 2)
    assert (second["integer_mse"], second.spread["integer_mse"], second.seeds) == (7.0, 0.0, (0,))


def test_failed_rows_are_out() -> None:
    rows = [row("a", 0, 1.0), {"network": "a", "seed": 1, "error": "x"}]
    (point,) = points_of(rows)
    assert point.seeds == (0,)


@given(st.lists(st.tuples(st.integers(0, 6), st.integers(0, 6)), min_size=1, max_size=30))
def test_the_front_is_what_no_point_beats(pairs: list[tuple[int, int]]) -> None:
    points = [Point({"cost": cost, "error": error}, {}, (0,)) for cost, error in pairs]
    front = pareto_front(points, lambda one: one["cost"], lambda one: one["error"])
    on_front = {(point["cost"], point["error"]) for point in front}
    for cost, error in pairs:
        beaten = any((c <= cost and e <= error) and (c, e) != (cost, error) for c, e in pairs)
        assert beaten != ((cost, error) in on_front)
    assert all(
        a["cost"] < b["cost"] and a["error"] > b["error"] for a, b in itertools.pairwise(front)
    )
