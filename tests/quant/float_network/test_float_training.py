# SPDX-License-Identifier: Apache-2.0
import math

import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.float_network.float_training import train_float_network
from pulsewright.quant.minibatches import Samples, cosine, one_cycle
from pulsewright.quant.settings import FloatTraining


def samples(rows: int, seed: int, scale: float = 1.0) -> Samples:
    x = torch.rand(rows, 6, generator=torch.Generator().manual_seed(seed)) * 2 - 1
    return Samples(x, scale * (x[:, :1] * 0.5 + x[:, 1:2].abs()))


@pytest.mark.parametrize("epochs", [120, pytest.param(480, marks=pytest.mark.regression)])
def test_learns_a_simple_function(epochs: int) -> None:
    settings = FloatTraining(epochs=epochs, batch_size=100)
    network, best = train_float_network(
        (6, 16, 1), samples(2000, 0), samples(200, 1), settings, seed=0
    )
    assert best.validation_error < 1e-3
    assert not network.training


def test_best_state_is_the_network_left_behind() -> None:
    validation = samples(200, 1)
    network, best = train_float_network(
        (6, 8, 1), samples(300, 0), validation, FloatTraining(epochs=5), seed=0
    )
    with torch.no_grad():
        error = torch.nn.functional.mse_loss(network(validation.x), validation.y)
    assert float(error) == best.validation_error
    assert all(torch.equal(best.state[name], value) for name, value in network.state_dict().items())


def test_progress_reaches_the_total() -> None:
    calls: list[tuple[int, int]] = []
    settings = FloatTraining(epochs=3, batch_size=100)
    train_float_network(
        (6, 4, 1), samples(250, 0), samples(50, 1), settings, 0, lambda *call: calls.append(call)
    )
    assert calls == [(3, 9), (6, 9), (9, 9)]


def test_progress_runs_through_all_stages() -> None:
    calls: list[tuple[int, int]] = []
    settings = FloatTraining(epochs=8, batch_size=100)
    train_float_network(
        (6, 4, 1), samples(250, 0), samples(50, 1), settings, 0, lambda *call: calls.append(call)
    )
    assert calls == [(3 * epoch, 24) for epoch in range(1, 9)]


def test_growth_ends_at_the_wanted_size_and_same_seed_gives_the_same_bits() -> None:
    settings = FloatTraining(epochs=8, batch_size=100)
    (network, best), (_, again) = (
        train_float_network((6, 4, 3, 1), samples(300, 0), samples(50, 1), settings, 0)
        for _ in range(2)
    )
    assert [tuple(layer.weight.shape) for layer in network.layers] == [(4, 6), (3, 4), (1, 3)]
    assert all(torch.equal(best.state[name], again.state[name]) for name in best.state)
    assert best.epoch == again.epoch > 0


def test_growth_finds_a_better_minimum() -> None:
    errors = [
        train_float_network(
            (6, 8, 1),
            samples(2000, 0),
            samples(200, 1),
            FloatTraining(epochs=40, batch_size=100, growth=growth),
            seed=0,
        )[1].validation_error
        for growth in (1, 4)
    ]
    assert errors[1] < errors[0]


def test_global_generator_is_not_touched() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    train_float_network((6, 4, 1), samples(50, 0), samples(50, 1), FloatTraining(epochs=1), 0)
    assert torch.equal(torch.rand(1), expected)


def test_divergence() -> None:
    with pytest.raises(PulsewrightError, match=r"diverged in epoch 1 .*; lower learning_rate"):
        train_float_network(
            (6, 4, 1), samples(50, 0, math.inf), samples(50, 1), FloatTraining(epochs=2), 0
        )


def test_schedules() -> None:
    assert cosine(0.1)(0.0) == 0.1
    assert cosine(0.1)(1.0) == pytest.approx(0)
    cycle = one_cycle(0.1)
    assert cycle(0.0) == pytest.approx(0.004)
    assert cycle(0.1) == pytest.approx(0.1)
    assert cycle(1.0) == pytest.approx(0)
    assert max(cycle(step / 100) for step in range(101)) == pytest.approx(0.1)
