# SPDX-License-Identifier: Apache-2.0
import itertools

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from quant.float_training import train_float_network
from quant.minibatches import Samples, mean_error
from quant.output_refit import integer_descent, refit_output_layer
from quant.quantised_training import train_quantised_network
from quant.settings import BitWidths, FloatTraining, QuantisedTraining

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


@pytest.mark.parametrize("outputs", [1, 2])
@pytest.mark.parametrize("weights", [8, 3])
def test_the_training_error_falls_and_the_weights_stay_in_their_format(
    outputs: int, weights: int
) -> None:
    generator = torch.Generator().manual_seed(0)
    x = torch.randint(-127, 128, (500, 4), generator=generator) / 128
    y = torch.cat([x[:, :1].abs() - x[:, 1:2] * x[:, 2:3], x[:, 3:].sin()], dim=1)[:, :outputs]
    samples = Samples(x, y)
    network, _ = train_float_network((4, 8, outputs), samples, samples, FloatTraining(epochs=5), 0)
    widths = BitWidths(weights=weights)
    settings = QuantisedTraining(epochs=3, batch_size=100, output_refit=False)
    quantised, _ = train_quantised_network(
        network, widths, widths.code_format, samples, samples, settings, 0
    )
    before = mean_error(quantised, samples)
    refit_output_layer(quantised, samples)
    assert mean_error(quantised, samples) <= before
    weight = quantised.dense[-1].quant_weight()
    integers = (weight.value / weight.scale).detach()
    assert torch.equal(integers, integers.round())
    assert float(integers.abs().max()) <= 2 ** (weights - 1) - 1
    # What is stored is what Brevitas evaluates: nothing is left to round.
    assert torch.allclose(quantised.dense[-1].weight, weight.value)
