# SPDX-License-Identifier: Apache-2.0
"""Several networks of equal sizes evaluated at once, with gradients written out.

One small network is all overhead: a step of Torch's autograd takes 0.3 ms for some 10 us of
arithmetic. Here every tensor has the network as its first dimension, one call does the work of
all, and the few derivatives of ReLU layers with dropout and a squared error need no graph.
"""

import math
from collections.abc import Sequence
from itertools import pairwise

import numpy as np
import torch
from torch import Tensor

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.float_network.network import check_sizes

# Parameters are padded to a multiple of this, so that no element-wise operation has a remainder:
# scalar and vector instructions round differently, and then a network's bits would depend on how
# many others it is stacked with.
PADDING = 64


class StackedMlp:
    """Dense layers with ReLU between them and one linear output, for every network of the stack.

    networks: how many. sizes: inputs, hidden neurons, 1. All parameters lie in the one-dimensional
    tensor `parameters`, all gradients in `gradients`; `weights`, `biases` and their gradients are
    views. Hidden weights are (networks, inputs, neurons), the output's (networks, 1, inputs),
    biases (networks, 1, neurons).

    Raises:
        PulsewrightError: the sizes make no network, or not one of a single output.
    """

    def __init__(
        self, networks: int, sizes: tuple[int, ...], dtype: torch.dtype = torch.float32
    ) -> None:
        check_sizes(sizes)
        if sizes[-1] != 1 or len(sizes) < 3:
            raise PulsewrightError(
                f"layer sizes are {sizes}; stacked networks have hidden layers and one output"
            )
        self.networks, self.sizes = networks, sizes
        self.shapes = [(networks, *ends) for ends in pairwise(sizes[:-1])]
        self.shapes.append((networks, 1, sizes[-2]))
        count = networks * sum((inputs + 1) * outputs for inputs, outputs in pairwise(sizes))
        padded = -(-count // PADDING) * PADDING
        self.parameters = torch.zeros(padded, dtype=dtype)
        self.gradients = torch.zeros(padded, dtype=dtype)
        self.weights, self.biases = self._views(self.parameters)
        self.weight_gradients, self.bias_gradients = self._views(self.gradients)

    def _views(self, flat: Tensor) -> tuple[list[Tensor], list[Tensor]]:
        weights: list[Tensor] = []
        biases: list[Tensor] = []
        first = 0
        for shape, neurons in zip(self.shapes, self.sizes[1:], strict=True):
            for views, wanted in (
                (weights, shape),
                (biases, (self.networks, 1, neurons)),
            ):
                views.append(flat[first : first + math.prod(wanted)].view(wanted))
                first += math.prod(wanted)
        return weights, biases

    def initialise(self, generators: Sequence[np.random.Generator]) -> None:
        """Draw as Keras does: weights uniform within +-sqrt(6 / (inputs + outputs)), biases zero.

        generators: one for each network.
        """
        ends = list(pairwise(self.sizes))
        for network, generator in enumerate(generators):
            for weight, (inputs, outputs) in zip(self.weights, ends, strict=True):
                bound = math.sqrt(6 / (inputs + outputs))
                drawn = generator.uniform(-bound, bound, tuple(weight.shape[1:]))
                weight[network] = torch.from_numpy(drawn)

    def predict(self, x: Tensor) -> Tensor:
        """(networks, rows, 1) outputs for x (networks, rows, inputs), or (rows, inputs) for all."""
        h = x.expand(self.networks, *x.shape[-2:])
        for weight, bias in zip(self.weights[:-1], self.biases[:-1], strict=True):
            h = torch.baddbmm(bias, h, weight).relu_()
        return torch.sum(h * self.weights[-1], 2, keepdim=True).add_(self.biases[-1])


class Workspace:
    """Intermediate results of one batch size, so that a step allocates nothing."""

    def __init__(self, network: StackedMlp, rows: int) -> None:
        dtype = network.parameters.dtype
        self.rows = rows
        hidden = network.sizes[1:-1]
        self.activations = [
            torch.empty(network.networks, rows, neurons, dtype=dtype) for neurons in hidden
        ]
        self.deltas = [torch.empty_like(activation) for activation in self.activations]
        self.scratch = [torch.empty_like(activation) for activation in self.activations]
        self.output = torch.empty(network.networks, rows, 1, dtype=dtype)


def squared_error_gradients(
    network: StackedMlp,
    x: Tensor,
    y: Tensor,
    kept: Sequence[Tensor] | None,
    keep: float,
    work: Workspace,
) -> None:
    """Set `network.gradients` to those of each network's mean squared error.

    x: (networks, rows, inputs), y: (networks, rows, 1). kept: for each hidden layer (networks,
    rows, neurons) of 1 where an activation is kept and 0 where it is dropped; None drops none.
    keep: the chance to be kept; what is kept counts 1 / keep times. That factor is left to the
    products that follow, where it costs nothing.
    """
    gain = 1 / keep
    inputs = _propagate(network, x, kept, gain, work)
    delta = _output_gradients(network, inputs, y, gain, work)
    _hidden_gradients(network, x, delta, gain, work)


def _propagate(
    network: StackedMlp, x: Tensor, kept: Sequence[Tensor] | None, gain: float, work: Workspace
) -> Tensor:
    """Set the activations, short of the factor `gain`; those of the last hidden layer."""
    inputs, factor = x, 1.0
    for layer, h in enumerate(work.activations):
        torch.baddbmm(network.biases[layer], inputs, network.weights[layer], alpha=factor, out=h)
        h.relu_()
        if kept is not None:
            h.mul_(kept[layer])
        inputs, factor = h, gain
    return inputs


def _output_gradients(
    network: StackedMlp, inputs: Tensor, y: Tensor, gain: float, work: Workspace
) -> Tensor:
    """Set the gradients of the output layer; the gradient with respect to its inputs."""
    weights, last = network.weights, len(work.activations)
    # A matrix product with one column is slower than a product and a sum.
    error, scratch, delta = work.output, work.scratch[-1], work.deltas[-1]
    torch.mul(inputs, weights[last], out=scratch)
    torch.sum(scratch, 2, keepdim=True, out=error)
    error.mul_(gain).add_(network.biases[last]).sub_(y).mul_(2 / work.rows)
    torch.sum(error, 1, keepdim=True, out=network.bias_gradients[last])
    error.mul_(gain)
    torch.mul(inputs, error, out=scratch)
    torch.sum(scratch, 1, keepdim=True, out=network.weight_gradients[last])
    torch.mul(error, weights[last], out=delta)
    return delta


def _hidden_gradients(
    network: StackedMlp, x: Tensor, delta: Tensor, gain: float, work: Workspace
) -> None:
    """Set the gradients of the hidden layers, from the last to the first."""
    for layer in range(len(work.activations) - 1, -1, -1):
        # The activation is positive exactly where ReLU and dropout let the gradient through.
        torch.sign(work.activations[layer], out=work.scratch[layer])
        delta.mul_(work.scratch[layer])
        torch.sum(delta, 1, keepdim=True, out=network.bias_gradients[layer])
        below = work.activations[layer - 1] if layer else x
        gradient = network.weight_gradients[layer]
        factor = gain if layer else 1.0
        # beta = 0 ignores what was there before.
        torch.baddbmm(gradient, below.transpose(1, 2), delta, beta=0, alpha=factor, out=gradient)
        if layer:
            next_delta = work.deltas[layer - 1]
            torch.baddbmm(
                next_delta,
                delta,
                network.weights[layer].transpose(1, 2),
                beta=0,
                alpha=gain,
                out=next_delta,
            )
            delta = next_delta
