# SPDX-License-Identifier: Apache-2.0
import re

import numpy as np
import pytest

from pulsewright.hls_model.hls_cpp.layer_source import (
    LINE_WIDTH,
    flat_parameters,
    initialiser,
    layer_sources,
    step_weights,
)
from pulsewright.hls_model.reference.fixed_point import FixedPoint
from tests.models import changed, fold_model, random_model

MODEL = random_model((5, 7, 3), per_channel=True)
ENGINE = fold_model(MODEL, [(3, 2), (2, 4)])


def test_each_weight_is_at_its_step_and_lane() -> None:
    for layer, folded in zip(MODEL.layers, ENGINE.layers, strict=True):
        steps = step_weights(layer, folded)
        assert steps.shape == (folded.cycles, folded.pe, folded.simd)
        for (step, lane, input_lane), weight in np.ndenumerate(steps):
            group, input_step = divmod(step, folded.input_steps)
            neuron = group * folded.pe + lane
            column = input_step * folded.simd + input_lane
            inside = neuron < layer.neurons and column < layer.inputs
            assert weight == (layer.weights[neuron, column] if inside else 0)


def test_biases_and_shifts_are_by_group() -> None:
    source = layer_sources(MODEL, ENGINE)[0]
    assert source.bias_rows().shape == (3, 3)
    np.testing.assert_array_equal(source.bias_rows().ravel()[:7], MODEL.layers[0].bias)
    assert tuple(source.scale_rows().ravel()[:7]) == MODEL.layers[0].channel_shifts
    assert not source.bias_rows().ravel()[7:].any()
    assert source.scaled_by_channel
    assert not layer_sources(random_model((5, 7, 3)), ENGINE)[0].scaled_by_channel


def test_parameters_are_in_one_row() -> None:
    flat = flat_parameters(MODEL, ENGINE)
    assert flat.dtype == np.int64
    # 9 steps of 3 * 2 and 3 groups of 3; 4 steps of 2 * 4 and 2 groups of 2.
    assert flat.shape == (9 * 6 + 9 + 4 * 8 + 4,)
    np.testing.assert_array_equal(flat[54:61], MODEL.layers[0].bias)


@pytest.mark.parametrize("shape", [(2, 3), (4, 2, 3), (2, 1, 100), (1, 1)])
def test_an_initialiser_has_all_numbers_in_lines_of_a_length(shape: tuple[int, ...]) -> None:
    values = np.random.default_rng(0).integers(-(2**62), 2**62, shape)
    lines = list(initialiser(values))
    assert all(len(line) <= LINE_WIDTH + 5 for line in lines)
    numbers = [int(word) for word in re.findall(r"-?\d+", "\n".join(lines))]
    assert numbers == values.ravel().tolist()


def test_a_shift_of_nothing_but_zero_is_none() -> None:
    # To the left by more than integers of C++ have, but there is nothing to shift.
    model = random_model((2, 1, 1))
    layer = changed(
        model.layers[0],
        weights=np.zeros((1, 2), int),
        bias=np.array([0]),
        weight_format=FixedPoint(width=8, frac=-20, signed=True),
        output_format=FixedPoint(width=8, frac=57, signed=False),
    )
    behind = changed(model.layers[1], input_format=layer.result_format)
    silent = changed(model, layers=(layer, behind))
    assert silent.layers[0].shift == -70
    assert layer_sources(silent, fold_model(silent, [(1, 1), (1, 1)]))[0].shift == 0
