# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
import torch

from pulsewright.quant.curve_sources import fit_input_map
from pulsewright.quant.float_network.network import FloatMlp
from pulsewright.quant.minibatches import Samples, mean_error
from pulsewright.quant.quantised.export import brevitas_outputs, export_integer_mlp
from pulsewright.quant.quantised.integer_refinement import refine_last_two_layers
from pulsewright.quant.quantised.quantised_network import QuantisedMlp
from pulsewright.quant.quantised.quantised_training import calibrate
from pulsewright.quant.settings import BitWidths, ScaleFit, WeightScales

PER_CHANNEL = WeightScales.PER_CHANNEL


def drawn(sizes, widths, curves) -> tuple[QuantisedMlp, Samples]:
    start = FloatMlp(sizes)
    start.initialise(torch.Generator().manual_seed(0))
    input_map = fit_input_map(curves, widths.code_format)
    x = torch.from_numpy(input_map.codes(curves.inputs) * widths.code_format.step).float()
    network = QuantisedMlp(sizes, widths, widths.code_format)
    network.copy_parameters(start, ScaleFit.MSE)
    calibrate(network, x)
    return network, Samples(x, torch.from_numpy(curves.targets[:, None]).float())


@pytest.mark.parametrize(
    ("sizes", "widths"),
    [
        ((6, 7, 5, 1), BitWidths(weights=4, activations=(8, 3), weight_scales=PER_CHANNEL)),
        *(
            pytest.param((6, 8, 1), widths, marks=pytest.mark.regression)
            for widths in (
                BitWidths(),
                BitWidths(weights=2, activations=4, inputs=5),
                BitWidths(weights=(3, 6), weight_scales=PER_CHANNEL),
            )
        ),
    ],
)
def test_a_drawn_network_gets_far_better_and_stays_exact(small, sizes, widths) -> None:
    network, train = drawn(sizes, widths, small)
    before = mean_error(network, train)
    thresholds = {name: value.clone() for name, value in network.state_dict().items()}
    refine_last_two_layers(network, train, seed=0)
    # Random weights know nothing of the curves; the search alone finds a useful network.
    assert mean_error(network, train) < 0.5 * before
    input_map = fit_input_map(small, widths.code_format)
    model = export_integer_mlp(network, input_map, "any")
    codes = input_map.codes(small.inputs)
    assert np.array_equal(model.infer(codes), brevitas_outputs(network, codes))
    kept = [name for name in thresholds if "scaling_impl" in name]
    assert kept
    assert all(torch.equal(network.state_dict()[name], thresholds[name]) for name in kept)


@pytest.mark.parametrize("sizes", [(6, 1), (6, 8, 2)])
def test_other_networks_have_their_output_layer_solved(small, sizes) -> None:
    network, train = drawn(sizes, BitWidths(), small)
    train = Samples(train.x, train.y.repeat(1, sizes[-1]))
    before = mean_error(network, train)
    hidden = network.dense[0].weight.clone()
    refine_last_two_layers(network, train, seed=0)
    assert mean_error(network, train) < before
    if len(sizes) > 2:
        assert torch.equal(network.dense[0].weight, hidden)


def test_same_seed_same_integers(small) -> None:
    states = []
    for seed in (0, 0, 1):
        network, train = drawn((6, 4, 1), BitWidths(weights=4), small)
        refine_last_two_layers(network, train, seed)
        states.append(network.dense[0].weight.clone())
    assert torch.equal(states[0], states[1])
    assert not torch.equal(states[0], states[2])
