# SPDX-License-Identifier: Apache-2.0
"""Neurons taken out of a trained network so that the others take over their work."""

import torch
from torch import Tensor
from torch.nn.functional import linear

from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import Samples, mean_error

# Of the neurons' mean variance. On rows the small one is better; on curves never seen it can go
# astray, so the validation rows choose. With 1e-6 the weights cancel each other so finely that
# 8 bits cannot hold them.
DAMPINGS = (1e-4, 1e-2)


def pruned_for(
    network: FloatMlp, sizes: tuple[int, ...], train: Samples, validation: Samples
) -> FloatMlp:
    """Prune with each of `DAMPINGS` and return the network that is best on validation."""
    candidates = [pruned(network, sizes, train, damping) for damping in DAMPINGS]
    return min(candidates, key=lambda candidate: mean_error(candidate, validation))


def pruned(network: FloatMlp, sizes: tuple[int, ...], samples: Samples, damping: float) -> FloatMlp:
    """Copy of `network` with the hidden layers of `sizes`, which are at most as large.

    Each hidden layer keeps the neurons that tell the next layer's sums best, and the last one
    those that tell the targets best. Built outside `quiet_torch` it draws from Torch's global
    generator.
    """
    small = FloatMlp(sizes)
    with torch.no_grad():
        layers: list[tuple[Tensor, Tensor]] = [
            (layer.weight, layer.bias) for layer in network.layers
        ]
        x = samples.x
        for number, size in enumerate(sizes[1:-1]):
            weight, bias = layers[number]
            y = torch.relu(linear(x, weight, bias))
            wanted = samples.y if number == len(sizes) - 3 else linear(y, *layers[number + 1])
            kept, next_weight, next_bias = select(y.double(), wanted.double(), size, damping)
            layers[number] = weight[kept], bias[kept]
            layers[number + 1] = next_weight.to(x.dtype), next_bias.to(x.dtype)
            x = y[:, kept]
        for target, (weight, bias) in zip(small.layers, layers, strict=True):
            target.weight.copy_(weight)
            target.bias.copy_(bias)
    return small


def select(x: Tensor, y: Tensor, size: int, damping: float) -> tuple[Tensor, Tensor, Tensor]:
    """(columns of `x` kept, ascending; weight; bias): the linear fit of `y` from `size` columns.

    Backward elimination: from the least-squares fit with all columns the one goes whose loss
    raises the squared error least once the others are fitted again, until `size` are left.

    x: (rows, columns), y: (rows, outputs), both in double precision. damping: of a ridge
    regression, times the columns' mean variance; dead columns need some.
    """
    mean, centre = x.mean(0), y.mean(0)
    spread = x - mean
    covariance = spread.T @ spread / len(x)
    variance = covariance.diagonal()
    variance += damping * variance.mean() + torch.finfo(torch.float32).tiny
    inverse = torch.linalg.inv(covariance)
    weight = (y - centre).T @ spread / len(x) @ inverse
    kept = torch.arange(len(mean))
    while len(kept) > size:
        worst = int((weight.square().sum(0) / inverse.diagonal()).argmin())
        row = inverse[worst] / inverse[worst, worst]
        others = torch.arange(len(kept)) != worst
        weight = (weight - torch.outer(weight[:, worst], row))[:, others]
        inverse = (inverse - torch.outer(inverse[:, worst], row))[others][:, others]
        kept = kept[others]
    return kept, weight, centre - weight @ mean[kept]
