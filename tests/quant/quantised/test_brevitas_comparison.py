# SPDX-License-Identifier: Apache-2.0
"""Faults are told from rows that float32 cannot decide."""

from fractions import Fraction

import numpy as np
import pytest
import torch

from pulsewright.hls_model.reference.dense_layer import DenseLayer
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.requantiser import Requantiser
from pulsewright.quant.quantised.brevitas_comparison import compare_with_brevitas
from pulsewright.quant.quantised.export import export_integer_mlp
from pulsewright.quant.quantised.layer_integers import integer_layers
from pulsewright.quant.quantised.quantised_network import activation_threshold
from pulsewright.quant.settings import BitWidths
from tests.quant.quantised.networks import calibrated

FLOAT = BitWidths(weight_scales="per_channel_float", activation_scales="float")


def random_codes(rows: int = 2000) -> np.ndarray:
    return np.random.default_rng(1).integers(-128, 128, (rows, 6))


def changed(model: IntegerMlp, layer: int, **fields) -> IntegerMlp:
    layers = list(model.layers)
    given = {name: getattr(layers[layer], name) for name in DenseLayer.model_fields}
    layers[layer] = DenseLayer(**(given | fields))
    whole = {name: getattr(model, name) for name in IntegerMlp.model_fields}
    return IntegerMlp(**(whole | {"layers": tuple(layers)}))


def test_a_step_that_is_one_sum_off_is_a_mismatch(small) -> None:
    network, input_map = calibrated((6, 8, 1), FLOAT, small)
    model = export_integer_mlp(network, input_map, "any")
    codes = random_codes()
    assert compare_with_brevitas(network, model, codes).mismatches == 0
    requantiser = model.layers[0].requantiser
    moved = Requantiser(
        multiplier=requantiser.multiplier,
        offset=requantiser.offset + requantiser.multiplier,
        shift=requantiser.shift,
        top=requantiser.top,
    )
    wrong = changed(model, 0, requantiser=moved)
    differs = (wrong.infer(codes) != model.infer(codes)).any(axis=1)
    assert differs.any()
    compared = compare_with_brevitas(network, wrong, codes)
    assert compared.mismatches >= differs.sum()
    assert compared.undecided == ()


@pytest.mark.parametrize("sizes", [(6, 1), (6, 8, 1)])
def test_an_output_that_is_one_off_is_a_mismatch(small, sizes) -> None:
    network, input_map = calibrated(sizes, FLOAT, small)
    model = export_integer_mlp(network, input_map, "any")
    wrong = changed(model, -1, bias=model.layers[-1].bias + 1)
    assert compare_with_brevitas(network, wrong, random_codes()).mismatches == 2000


def test_powers_of_two_leave_nothing_undecided(small) -> None:
    network, input_map = calibrated((6, 8, 1), BitWidths(), small)
    model = export_integer_mlp(network, input_map, "any")
    compared = compare_with_brevitas(network, model, random_codes())
    assert (compared.rows, compared.mismatches, compared.undecided) == (2000, 0, ())
    wrong = changed(model, -1, bias=model.layers[-1].bias + 1)
    assert compare_with_brevitas(network, wrong, random_codes()).mismatches == 2000


def test_a_row_that_float32_does_not_decide_is_listed_with_its_exact_code(small) -> None:
    """The activation scale is moved to where the value of a row lies halfway between two codes."""
    network, input_map = calibrated((6, 8, 1), FLOAT, small)
    codes = random_codes(200)
    layer = next(integer_layers(network))
    sums = codes @ layer.weights.T + layer.bias
    values = sums * np.array([float(layer.steps(neuron)) for neuron in range(8)])
    row, neuron = (int(one) for one in np.argwhere((values > 100) & (values < 200))[0])
    value = int(sums[row, neuron]) * layer.weight_scales[neuron] * layer.input_scale
    code = int(value / layer.output_scale)
    wanted = value / (code + Fraction(1, 2))
    threshold = activation_threshold(network.activations[0])
    with torch.no_grad():
        threshold += float(np.log2(float(wanted / layer.output_scale)))
        start = threshold.clone()
        found = []
        # Scales of float32 around it: exact values just above and just below the step.
        for step in range(-8, 9):
            threshold.copy_(start + step * 2.0**-23)
            model = export_integer_mlp(network, input_map, "any")
            compared = compare_with_brevitas(network, model, codes)
            assert compared.mismatches == 0
            found += [one for one in compared.undecided if (one.row, one.neuron) == (row, neuron)]
    assert found
    for one in found:
        assert one.layer == 1
        assert {one.exact_code, one.float32_code} == {code, code + 1}
        assert one.distance < 1e-4
