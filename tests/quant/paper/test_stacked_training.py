# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.paper.protocol import PublishedTraining
from pulsewright.quant.paper.stacked_training import draws, kept_masks, train_stack

SIZES = (6, 16, 8, 1)
TRAINING = PublishedTraining(epochs=3, batch_size=16, learning_rate=0.01)


def samples(networks: int, rows: int, dtype: torch.dtype = torch.float32) -> tuple[Tensor, Tensor]:
    x = torch.rand(networks, rows, 6, generator=torch.Generator().manual_seed(5), dtype=dtype)
    return x, x[..., :1] - x[..., 1:2] ** 2


def plain_loop(x: Tensor, y: Tensor, seed: int, training: PublishedTraining) -> nn.Sequential:
    """The same training of one network with autograd and Torch's plain Adam."""
    generator = draws(seed)
    layers: list[nn.Module] = []
    for inputs, outputs in pairwise(SIZES):
        layer = nn.Linear(inputs, outputs, dtype=x.dtype)
        bound = (6 / (inputs + outputs)) ** 0.5
        shape = (inputs, outputs) if outputs > 1 else (outputs, inputs)
        drawn = torch.from_numpy(generator.uniform(-bound, bound, shape))
        with torch.no_grad():
            layer.weight.copy_(drawn.T if outputs > 1 else drawn)
            layer.bias.zero_()
        layers.append(layer)
    network = nn.Sequential(*layers)
    adam = torch.optim.Adam(
        network.parameters(), lr=training.learning_rate, eps=training.epsilon, foreach=False
    )
    keep = 1 - training.dropout
    for _ in range(training.epochs):
        order = torch.from_numpy(generator.permutation(len(x)))
        masks = kept_masks(
            [generator], SIZES[1:-1], len(x), training.batch_size, training.dropout, x.dtype
        )
        for part, kept in zip(order.split(training.batch_size), masks, strict=True):
            h = x[part]
            for number, layer in enumerate(layers[:-1]):
                h = torch.relu(layer(h))
                h = h * kept[number][0] / keep if kept is not None else h
            adam.zero_grad()
            nn.functional.mse_loss(layers[-1](h), y[part]).backward()
            adam.step()
    return network


@pytest.mark.parametrize("dropout", [0.0, 0.2])
def test_trajectory_is_that_of_a_plain_loop(dropout: float) -> None:
    training = TRAINING.model_copy(update={"dropout": dropout})
    # 150 rows: a last batch of 6, and a second block of masks.
    x, y = samples(2, 150, torch.float64)
    stacked = train_stack(SIZES, x, y, [3, 8], training)
    for number, seed in enumerate((3, 8)):
        plain = plain_loop(x[number], y[number], seed, training)
        for layer, weight, bias in zip(plain, stacked.weights, stacked.biases, strict=True):
            own = layer.weight.detach()
            torch.testing.assert_close(
                weight[number], own.T if own.shape[0] > 1 else own, rtol=1e-9, atol=1e-12
            )
            torch.testing.assert_close(bias[number, 0], layer.bias, rtol=1e-9, atol=1e-12)


@pytest.mark.parametrize("sizes", [(6, 8, 1), (6, 64, 1), (6, 64, 64, 1)])
def test_same_seed_same_bits_whatever_it_is_stacked_with(sizes: tuple[int, ...]) -> None:
    training = PublishedTraining(epochs=4)
    x, y = samples(5, 200)
    five = train_stack(sizes, x, y, [0, 1, 2, 3, 4], training)
    for chosen in ([3], [4, 3], [3, 1, 0]):
        index = torch.tensor(chosen)
        others = train_stack(sizes, x[index], y[index], chosen, training)
        place = chosen.index(3)
        for whole, part in zip(
            (*five.weights, *five.biases), (*others.weights, *others.biases), strict=True
        ):
            assert torch.equal(whole[3], part[place])
        assert torch.equal(five.predict(x[0])[3], others.predict(x[0])[place])
    again = train_stack(sizes, x, y, [0, 1, 2, 3, 4], training)
    assert torch.equal(five.parameters, again.parameters)


def test_it_learns() -> None:
    x, y = samples(2, 2000)
    training = PublishedTraining(epochs=40, learning_rate=0.01, dropout=0)
    network = train_stack((6, 16, 1), x, y, [0, 1], training)
    assert float(((network.predict(x) - y) ** 2).mean()) < 3e-4


def test_masks() -> None:
    masks = list(kept_masks([draws(0), draws(1)], (64, 32), 1000, 64, 0.2, torch.float32))
    assert [tuple(layer.shape) for layer in masks[0] or []] == [(2, 64, 64), (2, 64, 32)]
    assert [tuple(layer.shape) for layer in masks[-1] or []] == [(2, 40, 64), (2, 40, 32)]
    values = np.concatenate([layer.numpy().ravel() for mask in masks for layer in mask or []])
    assert set(values.tolist()) == {0.0, 1.0}
    # Half a million draws: the mean's standard deviation is below 0.001.
    assert abs(values.mean() - 0.8) < 0.004
    assert list(kept_masks([draws(0)], (64,), 130, 64, 0.0, torch.float32)) == [None, None, None]


def test_progress_and_global_generator() -> None:
    torch.manual_seed(7)
    expected = torch.rand(1)
    torch.manual_seed(7)
    calls: list[tuple[int, int]] = []
    x, y = samples(1, 40)
    train_stack(SIZES, x, y, [0], TRAINING, lambda *call: calls.append(call))
    assert calls == [(3, 9), (6, 9), (9, 9)]
    assert torch.equal(torch.rand(1), expected)
    assert torch.tensor(1e-40) > 0


def test_divergence() -> None:
    x, y = samples(1, 40)
    with pytest.raises(PulsewrightError, match=r"on 40 rows diverged; lower learning_rate"):
        train_stack(SIZES, x, torch.full_like(y, torch.inf), [0], TRAINING)


def test_shapes_that_do_not_fit() -> None:
    x, y = samples(2, 40)
    with pytest.raises(PulsewrightError, match=r"1 seeds, inputs \(2, 40, 6\) .* do not fit"):
        train_stack(SIZES, x, y, [0], TRAINING)
