# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.quant.quantised.integer_descent import integer_descent

LIMIT = 3


def problem(seed: int, columns: int):
    random = np.random.default_rng(seed)
    x = np.column_stack([random.integers(0, 16, (40, columns)), np.ones(40)]).astype(float)
    y = x @ random.integers(-LIMIT, LIMIT + 1, columns + 1) + random.normal(0, 3, 40)
    return x, y


@given(seed=st.integers(0, 10_000), columns=st.integers(1, 6))
def test_the_descent_ends_where_no_single_or_pair_move_improves(seed: int, columns: int) -> None:
    x, y = problem(seed, columns)
    start = np.zeros(columns + 1)
    w = integer_descent(x.T @ x, x.T @ y, start, LIMIT)

    def error(w: np.ndarray) -> float:
        return float(((x @ w - y) ** 2).sum())

    assert (w == np.rint(w)).all()
    assert (np.abs(w[:-1]) <= LIMIT).all()
    assert error(w) <= error(start)
    moves = [np.eye(columns + 1)[i] * sign for i in range(columns + 1) for sign in (-1, 1)]
    pairs = [a + b for a, b in itertools.combinations(moves[:-2], 2)]
    for move in [*moves, *pairs]:
        other = w + move
        if (np.abs(other[:-1]) <= LIMIT).all():
            assert error(other) >= error(w) - 1e-6 * error(start)


def test_a_dead_neuron_keeps_its_weight() -> None:
    x, y = problem(0, 3)
    x[:, 1] = 0
    w = integer_descent(x.T @ x, x.T @ y, np.array([0.0, 2.0, 0.0, 0.0]), LIMIT)
    assert w[1] == 2
