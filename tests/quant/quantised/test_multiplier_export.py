# SPDX-License-Identifier: Apache-2.0
"""Float scales become multipliers, and the codes are those of rational arithmetic."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas
from pulsewright.quant.quantised.export import export_integer_mlp
from pulsewright.quant.quantised.layer_integers import integer_layers
from pulsewright.quant.quantised.quantised_network import QuantisedMlp, weight_threshold
from pulsewright.quant.settings import BitWidths
from tests.quant.quantised.networks import calibrated

FLOATS = [
    ("per_tensor_float", "float"),
    ("per_tensor_float", "power_of_two"),
    ("per_channel_float", "float"),
    ("per_channel_float", "power_of_two"),
    ("per_tensor", "float"),
    ("per_channel", "float"),
]


def half_even(value: Fraction) -> int:
    return round(value)


def rational_outputs(network: QuantisedMlp, row: list[int]) -> list[Fraction]:
    """By definition, in fractions, from the scales that Brevitas holds."""
    values = row
    layers = list(integer_layers(network))
    for layer in layers:
        sums = [
            int(bias) + sum(int(w) * x for w, x in zip(weights, values, strict=True))
            for weights, bias in zip(layer.weights, layer.bias, strict=True)
        ]
        real = [
            one * scale * layer.input_scale
            for one, scale in zip(sums, layer.weight_scales, strict=True)
        ]
        if layer.output_scale is None or layer.top is None:
            return real
        values = [min(max(half_even(one / layer.output_scale), 0), layer.top) for one in real]
    raise AssertionError("the last layer makes the outputs")


@pytest.mark.quick_cases(3)
@pytest.mark.parametrize("sizes", [(6, 1), (6, 5, 1), (6, 8, 7, 3)])
@pytest.mark.parametrize(("weight_scales", "activation_scales"), FLOATS)
def test_the_integers_are_rational_arithmetic(small, sizes, weight_scales, activation_scales):
    widths = BitWidths(
        weights=5,
        activations=4,
        inputs=10,
        weight_scales=weight_scales,
        activation_scales=activation_scales,
    )
    network, input_map = calibrated(sizes, widths, small)
    model = export_integer_mlp(network, input_map, "any")
    low, high = widths.code_format.minimum, widths.code_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (60, 6))
    scales, offsets = model.scales, model.offsets
    for row, outputs in zip(codes.tolist(), model.infer(codes).tolist(), strict=True):
        mine = [
            scales[i % len(scales)] * one + offsets[i % len(offsets)]
            for i, one in enumerate(outputs)
        ]
        assert mine == rational_outputs(network, row)
    assert model.input_map == input_map
    assert all(layer.requantiser is not None for layer in model.layers[:-1])
    assert set(model.offsets) == {Fraction(0)}


@pytest.mark.quick_cases(2)
@pytest.mark.parametrize(
    ("bits", "weight_scales", "activation_scales"),
    [
        *(((8, 8, 8), *kinds) for kinds in FLOATS),
        *((bits, *FLOATS[2]) for bits in ((2, 2, 2), (4, 3, 6), (3, 8, 16), (8, 2, 12))),
    ],
)
def test_brevitas_agrees_on_random_codes(small, bits, weight_scales, activation_scales) -> None:
    widths = BitWidths(
        weights=bits[0],
        activations=bits[1],
        inputs=bits[2],
        weight_scales=weight_scales,
        activation_scales=activation_scales,
    )
    network, input_map = calibrated((6, 8, 7, 3), widths, small)
    model = export_integer_mlp(network, input_map, "any")
    low, high = widths.code_format.minimum, widths.code_format.maximum
    codes = np.random.default_rng(0).integers(low, high + 1, (3000, 6))
    compared = compare_with_brevitas(network, model, codes)
    assert (compared.rows, compared.mismatches) == (3000, 0)
    assert len(compared.undecided) <= 3
    assert len(np.unique(model.infer(codes))) > 10


def test_one_scale_takes_one_multiplier_and_scales_by_channel_one_each(small) -> None:
    for weight_scales, several in (("per_tensor_float", False), ("per_channel_float", True)):
        widths = BitWidths(weight_scales=weight_scales, activation_scales="float")
        network, input_map = calibrated((6, 16, 1), widths, small)
        requantiser = export_integer_mlp(network, input_map, "any").layers[0].requantiser
        assert (len(set(requantiser.multiplier.tolist())) > 1) == several


def test_predictions_are_in_the_units_of_the_targets(small) -> None:
    widths = BitWidths(weight_scales="per_channel_float", activation_scales="float")
    network, input_map = calibrated((6, 16, 1), widths, small)
    model = export_integer_mlp(network, input_map, "any")
    x = torch.from_numpy(input_map.codes(small.inputs) * widths.code_format.step).float()
    with torch.no_grad():
        expected = network(x).double().numpy()
    assert np.abs(model.predict(small.inputs) - expected).max() < 1e-5


def test_scales_that_are_too_far_apart_are_refused(small) -> None:
    """Codes of wide inputs need many bits of shift, and a steep neuron a multiplier as large."""
    widths = BitWidths(inputs=16, weight_scales="per_channel_float")
    network, input_map = calibrated((6, 3, 1), widths, small)
    assert export_integer_mlp(network, input_map, "any").layers[0].weight_format.width == 8
    with torch.no_grad():
        layer = network.dense[0]
        weight_threshold(layer)[1] += 30
        layer.weight[1] *= 2.0**30
    words = r"layer 1: no multiplier of 32 bits .* neuron 1 .*per_tensor_float.* or powers of two"
    with pytest.raises(PulsewrightError, match=words):
        export_integer_mlp(network, input_map, "any")


def test_another_input_map_is_refused(small) -> None:
    widths = BitWidths(weight_scales="per_tensor_float")
    network, _ = calibrated((6, 4, 1), widths, small)
    _, other = calibrated((6, 4, 1), BitWidths(inputs=6), small)
    with pytest.raises(PulsewrightError, match=r"exported as 'A1': .*layer 1 takes s8\.7; train"):
        export_integer_mlp(network, other, "A1")
