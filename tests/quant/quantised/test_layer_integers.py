# SPDX-License-Identifier: Apache-2.0
from fractions import Fraction

import numpy as np
import torch

from pulsewright.quant.quantised.layer_integers import codes_of, integer_layers
from pulsewright.quant.settings import BitWidths
from tests.quant.quantised.networks import calibrated


def test_scales_are_the_float32_numbers_and_values_whole_multiples_of_them(small) -> None:
    widths = BitWidths(weights=(4, 6), weight_scales="per_channel_float", activation_scales="float")
    network, _ = calibrated((6, 5, 1), widths, small)
    hidden, output = integer_layers(network)
    weight = network.dense[0].quant_weight()
    assert hidden.input_scale == Fraction(1, 128)
    assert output.input_scale == hidden.output_scale == Fraction(float(network.activation_scale(0)))
    assert hidden.weight_scales == tuple(Fraction(float(one)) for one in weight.scale.reshape(-1))
    assert len(set(hidden.weight_scales)) == 5
    assert np.abs(hidden.weights).max(axis=1).tolist() == [7] * 5
    assert (hidden.top, output.top, output.output_scale) == (255, None, None)
    with torch.no_grad():
        rebuilt = torch.from_numpy(hidden.weights).float() * weight.scale
    assert torch.equal(rebuilt, weight.value)


def test_biases_are_the_nearest_multiples_of_their_sum_s_scale(small) -> None:
    network, _ = calibrated((6, 5, 1), BitWidths(weight_scales="per_tensor_float"), small)
    hidden = next(integer_layers(network))
    step = float(hidden.weight_scales[0] * hidden.input_scale)
    exact = network.dense[0].bias.detach().double().numpy() / step
    assert np.abs(hidden.bias - exact).max() <= 0.501
    assert np.abs(hidden.bias).max() > 100


def test_codes_of_values_a_float32_rounding_away() -> None:
    scale = torch.tensor(0.1234567)
    integers = torch.arange(-300, 300)
    assert codes_of(integers * scale, scale).tolist() == integers.tolist()
