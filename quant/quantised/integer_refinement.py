# SPDX-License-Identifier: Apache-2.0
"""A search over the integers of the last hidden layer and the output layer, after training.

Gradients are blind to rounding: quantisation-aware training rounds every weight by itself and hopes
that the errors cancel. Here single integers are changed where that lowers the training error of
what the hardware computes, roundings included, until no move helps. One neuron is looked at at a
time: each of its weights one up or down, its bias by fractions and multiples of an activation step,
and pairs of these; or it is replaced by a variation of another one whose kink passes through a
training row. Every candidate has the output weight that suits it best, and in between the output
layer is solved anew. One neuron is one column of activations, so ten thousand candidates a second
are tried exactly.

On test rows of five random splits of the measured curves the error of A1 over that of its float
network fell from 1.24 to 1.11 with 4 bits everywhere.
"""

import numpy as np
import torch

from pulsewright.quant.minibatches import Samples
from pulsewright.quant.quantised.hidden_layer_search import (
    COARSE_GAIN,
    FINE_GAIN,
    REPLACEMENT_ROUNDS,
    HiddenLayerSearch,
    pair_moves,
    single_moves,
)
from pulsewright.quant.quantised.output_refit import refit_output_layer
from pulsewright.quant.quantised.quantised_network import QuantisedMlp


def refine_last_two_layers(network: QuantisedMlp, train: Samples, seed: int) -> None:
    """Lower the training error by single integers; the scales stay as they are.

    The order in which neurons are looked at is drawn from `seed`. A network without a hidden layer
    or with several outputs has its output layer solved alone, as has one whose hidden layer hands
    on accumulators: there are no roundings of activations for the search to undo.
    """
    refit_output_layer(network, train)
    if len(network.dense) < 2 or network.sizes[-1] != 1 or network.widths.keeps_accumulators:
        return
    search = _search_of(network, train)
    generator = np.random.default_rng(seed)
    inputs = search.rows.shape[1]
    coarse = single_moves(inputs)
    fine = np.concatenate([coarse, pair_moves(inputs)])
    search.descend(coarse, COARSE_GAIN, generator)
    for _ in range(REPLACEMENT_ROUNDS):
        search.replace(generator)
        search.descend(coarse, COARSE_GAIN, generator)
    search.descend(fine, FINE_GAIN, generator)
    _write_to(network, search)


def _search_of(network: QuantisedMlp, train: Samples) -> HiddenLayerSearch:
    """Take the integers out of the Brevitas network."""
    network.eval()
    layers = len(network.dense)
    hidden, output = network.dense[-2], network.dense[-1]
    with torch.no_grad():
        taken = network.activations_before(layers - 2, train.x)
        given = network.activations_before(layers - 1, train.x)
        hidden_weight, output_weight = hidden.quant_weight(), output.quant_weight()
        # Integers already, but for what float scales leave of their last digits.
        steps = np.rint(taken.value.double().numpy() / float(taken.scale))
        rows, index = np.unique(steps, axis=0, return_inverse=True)
        count = np.bincount(index.reshape(-1)).astype(np.float64)
        output_step = float(given.scale) * float(output_weight.scale)
        targets = train.y[:, 0].double().numpy() / output_step
        target = np.bincount(index.reshape(-1), weights=targets) / count
        neurons = len(hidden.weight)
        scale = hidden_weight.scale.double().numpy().reshape(-1) * np.ones(neurons)
        bias_step = float(taken.scale) * scale
        return HiddenLayerSearch(
            rows=rows,
            count=count,
            target=target,
            weights=np.rint(hidden_weight.value.double().numpy() / scale[:, None]),
            bias=np.rint(hidden.bias.double().numpy() / bias_step),
            gain=bias_step / float(given.scale),
            top=2 ** network.widths.activation_width(layers - 2, layers) - 1,
            limit=2 ** (network.widths.weight_width(layers - 2, layers) - 1) - 1,
            output=np.rint(output_weight.value[0].double().numpy() / float(output_weight.scale)),
            output_bias=float(np.rint(float(output.bias[0]) / output_step)),
            output_limit=2 ** (network.widths.weight_width(layers - 1, layers) - 1) - 1,
        )


def _write_to(network: QuantisedMlp, search: HiddenLayerSearch) -> None:
    """Put the integers back."""
    hidden, output = network.dense[-2], network.dense[-1]
    with torch.no_grad():
        scale = hidden.quant_weight().scale.double().reshape(-1, 1)
        given = float(network.activation_scale(len(network.dense) - 2))
        output_scale = float(output.quant_weight().scale)
        hidden.weight.copy_(torch.from_numpy(search.weights) * scale)
        hidden.bias.copy_(torch.from_numpy(search.bias * search.gain * given))
        output.weight[0] = torch.from_numpy(search.output * output_scale)
        output.bias[0] = search.output_bias * output_scale * given
