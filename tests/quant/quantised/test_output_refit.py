# SPDX-License-Identifier: Apache-2.0
import pytest
import torch

from pulsewright.quant.float_network.float_training import train_float_network
from pulsewright.quant.minibatches import Samples, mean_error
from pulsewright.quant.quantised.output_refit import refit_output_layer
from pulsewright.quant.quantised.quantised_training import train_quantised_network
from pulsewright.quant.settings import BitWidths, FloatTraining, QuantisedTraining, Refinement


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
    settings = QuantisedTraining(epochs=3, batch_size=100, refinement=Refinement.NONE)
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
