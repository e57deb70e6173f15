# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise

import numpy as np
import pytest
import torch
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.paper.stacked_network import StackedMlp, Workspace, squared_error_gradients

ROWS = 9


def stack(sizes: tuple[int, ...], networks: int = 3) -> StackedMlp:
    network = StackedMlp(networks, sizes, torch.float64)
    network.initialise([np.random.default_rng(seed) for seed in range(networks)])
    for bias in network.biases:
        bias.copy_(torch.linspace(-0.3, 0.4, bias.numel(), dtype=torch.float64).view(bias.shape))
    return network


def uniform(*shape: int) -> Tensor:
    return torch.rand(shape, generator=torch.Generator().manual_seed(1), dtype=torch.float64)


def autograd_gradients(
    network: StackedMlp, x: Tensor, y: Tensor, kept: list[Tensor] | None, keep: float
) -> list[Tensor]:
    """Weight and bias gradients of every layer, one network after the other."""
    parameters = [
        parameter.clone().requires_grad_() for parameter in (*network.weights, *network.biases)
    ]
    weights, biases = parameters[: len(network.weights)], parameters[len(network.weights) :]
    loss = torch.zeros((), dtype=torch.float64)
    for one in range(network.networks):
        h = x[one]
        for layer in range(len(weights) - 1):
            h = torch.relu(h @ weights[layer][one] + biases[layer][one])
            h = h * kept[layer][one] / keep if kept is not None else h
        output = h @ weights[-1][one].T + biases[-1][one]
        loss = loss + ((output - y[one]) ** 2).mean()
    return list(torch.autograd.grad(loss, parameters))


@pytest.mark.parametrize("sizes", [(6, 8, 1), (6, 5, 7, 1), (2, 4, 3, 5, 1)])
@pytest.mark.parametrize("keep", [1.0, 0.75])
def test_gradients_are_those_of_autograd(sizes: tuple[int, ...], keep: float) -> None:
    network = stack(sizes)
    x, y = uniform(3, ROWS, sizes[0]) * 2 - 1, uniform(3, ROWS, 1)
    kept = None
    if keep < 1:
        kept = [(uniform(3, ROWS, neurons) < keep).double() for neurons in sizes[1:-1]]
    squared_error_gradients(network, x, y, kept, keep, Workspace(network, ROWS))
    found = [*network.weight_gradients, *network.bias_gradients]
    for one, expected in zip(found, autograd_gradients(network, x, y, kept, keep), strict=True):
        torch.testing.assert_close(one, expected, rtol=1e-12, atol=1e-14)


def test_views_cover_all_parameters_once() -> None:
    network = StackedMlp(2, (6, 5, 4, 1))
    for number, view in enumerate((*network.weights, *network.biases), start=1):
        view += number
    count = sum((inputs + 1) * outputs for inputs, outputs in pairwise(network.sizes))
    assert (network.parameters != 0).sum() == 2 * count
    assert [view.unique().tolist() for view in (*network.weights, *network.biases)] == [
        [number] for number in range(1, 7)
    ]


def test_glorot_bounds() -> None:
    network = StackedMlp(1, (6, 64, 1))
    network.initialise([np.random.default_rng(0)])
    for weight, ends in zip(network.weights, (70, 65), strict=True):
        bound = (6 / ends) ** 0.5
        assert 0.9 * bound < float(weight.abs().max()) <= bound
    assert all(not bias.any() for bias in network.biases)


def test_prediction_of_shared_and_of_own_inputs() -> None:
    network = stack((6, 5, 1))
    x = uniform(ROWS, 6)
    shared = network.predict(x)
    assert torch.equal(shared, network.predict(torch.stack([x, x, x])))
    one = torch.relu(x @ network.weights[0][1] + network.biases[0][1])
    expected = one @ network.weights[1][1].T + network.biases[1][1]
    torch.testing.assert_close(shared[1], expected)


@pytest.mark.parametrize("sizes", [(6, 1), (6, 4, 2)])
def test_sizes_that_cannot_be_stacked(sizes: tuple[int, ...]) -> None:
    with pytest.raises(PulsewrightError, match="stacked networks have hidden layers and one"):
        StackedMlp(2, sizes)
