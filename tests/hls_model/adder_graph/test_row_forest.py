# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.adder_graph.row_forest import RowForest, roots_only, row_forest
from pulsewright.hls_model.adder_graph.signed_digits import digit_counts
from pulsewright.hls_model.reference.fixed_point import IntegerArray


def rebuilt(forest: RowForest) -> IntegerArray:
    rows = np.zeros_like(forest.rest)
    for row in forest.order:
        rows[row] = forest.rest[row]
        if forest.parents[row] >= 0:
            rows[row] += forest.signs[row] * (rows[forest.parents[row]] << forest.shifts[row])
    return rows


@given(st.integers(1, 8), st.integers(1, 5), st.integers(0, 3), st.integers(0, 2**16))
def test_rows_are_their_parents_and_their_rests(
    count: int, inputs: int, generations: int, seed: int
) -> None:
    rows = np.random.default_rng(seed).integers(-127, 128, (count, inputs))
    forest = row_forest(rows, generations, (0, 1))
    assert (rebuilt(forest) == rows).all()
    assert sorted(forest.order) == list(range(count))
    assert max(forest.heights()) <= generations
    links = np.array(forest.parents) >= 0
    cost = digit_counts(forest.rest).sum(axis=1) + links
    assert (cost <= digit_counts(rows).sum(axis=1)).all()


def test_a_row_is_made_from_its_nearest_by_shift_and_sign() -> None:
    rows = np.array([[2, 0, 0], [85, 85, 85], [-170, -170, -169]])
    forest = row_forest(rows, 2, (0, 1))
    assert forest.parents == (-1, -1, 1)
    assert (forest.shifts[2], forest.signs[2]) == (1, -1)
    assert forest.rest[2].tolist() == [0, 0, 1]
    assert forest.heights() == [0, 1, 0]
    unshifted = row_forest(rows, 2, (0,))
    assert unshifted.shifts == (0, 0, 0)
    assert digit_counts(unshifted.rest).sum() > digit_counts(forest.rest).sum()


@pytest.mark.parametrize("generations", [0, 1, 2, 3])
def test_no_chain_is_longer_than_its_generations(generations: int) -> None:
    """Each row is the one before and one digit more."""
    rows = np.tril(np.full((5, 5), 85))
    assert max(row_forest(rows, generations, (0,)).heights()) == generations


def test_roots_stand_alone() -> None:
    rows = np.array([[1, 2], [3, 4]])
    forest = roots_only(rows)
    assert forest.heights() == [0, 0]
    assert (rebuilt(forest) == rows).all()
