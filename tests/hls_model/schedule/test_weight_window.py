# SPDX-License-Identifier: Apache-2.0
from contextlib import suppress
from itertools import pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.reference.integer_mlp import IntegerMlp
from pulsewright.hls_model.reference.reloadable import (
    bias_format,
    reloadable_formats,
    with_parameters,
)
from pulsewright.hls_model.schedule.weight_window import weight_window
from tests.hls_model.exact_reference import model_output
from tests.models import changed, fold_model, random_codes, random_model


@settings(max_examples=60, deadline=None)
@given(st.data())
def test_formats_hold_the_extremes_of_all_weights_and_biases(data: st.DataObject) -> None:
    sizes = data.draw(st.lists(st.integers(1, 6), min_size=2, max_size=4))
    model = random_model(
        sizes,
        seed=data.draw(st.integers(0, 99)),
        weight_width=data.draw(st.integers(2, 8)),
        activation_width=data.draw(st.integers(2, 8)),
        requantised=data.draw(st.booleans()),
        per_channel=data.draw(st.booleans()),
    )
    with suppress(PulsewrightError):
        check_formats(model)


def check_formats(model: IntegerMlp) -> None:
    formats = reloadable_formats(model)
    for own, layer in zip(model.layers, formats.layers, strict=True):
        assert layer.output_format == own.output_format
        assert layer.channel_shifts == own.channel_shifts
        biases = bias_format(layer)
        assert biases.minimum <= own.bias.min()
        assert own.bias.max() <= biases.maximum
        limit, inputs = layer.weight_format.maximum, layer.input_format
        for weight in (-limit, limit):
            for code in (inputs.minimum, inputs.maximum):
                for bias in (biases.minimum, biases.maximum):
                    total = layer.inputs * weight * code + bias
                    accumulator = layer.accumulator_format
                    assert accumulator.minimum <= total <= accumulator.maximum


def test_a_window_has_a_place_of_its_own_for_every_parameter() -> None:
    for sizes, foldings in (
        ((6, 64, 1), [(8, 6), (1, 8)]),
        ((5, 7, 3), [(3, 2), (2, 4)]),
        ((6, 64, 64, 64, 1), [(8, 6), (8, 8), (8, 8), (1, 8)]),
        ((3, 2), [(2, 3)]),
    ):
        model = random_model(sizes)
        window = weight_window(fold_model(model, foldings, reloadable=True))
        image = window.image(model)
        addresses = [address for address, _ in image]
        assert addresses == sorted(set(addresses))
        assert addresses[0] == 0x1000
        assert addresses[-1] < window.end
        for place, after in pairwise(window.layers):
            assert place.weights_base + place.weights_size <= place.bias_base
            assert place.bias_base + place.bias_size <= after.weights_base
        for place in window.layers:
            assert place.weights_base % place.weights_size == 0
            assert place.bias_base % place.bias_size == 0


def test_a_word_holds_four_weights_of_a_step() -> None:
    """5-7-3 with pe 3, simd 2: step (group 1, inputs 2..3) is row 1 * 3 + 1 of 2 words."""
    model = random_model((5, 7, 3))
    window = weight_window(fold_model(model, [(3, 2), (2, 4)], reloadable=True))
    image = dict(window.image(model))
    weights = model.layers[0].weights
    lanes = [int(weights[n, i]) & 0xFF for n in (3, 4, 5) for i in (2, 3)]
    assert image[0x1000 + 4 * 2 * 4] == int.from_bytes(bytes(lanes[:4]), "little")
    assert image[0x1000 + 4 * (2 * 4 + 1)] == int.from_bytes(bytes(lanes[4:]), "little")
    place = window.layers[0]
    assert image[place.bias_base + 4 * (2 * 4)] == int(model.layers[0].bias[6]) & 0xFFFF_FFFF
    # The last step has one input and the last group one neuron: other lanes hold zero.
    assert image[0x1000 + 4 * 2 * 8] == int(weights[6, 4]) & 0xFF


def test_another_shape_does_not_fit_a_window() -> None:
    window = weight_window(fold_model(random_model((6, 8, 1)), [(2, 6), (1, 2)], reloadable=True))
    with pytest.raises(PulsewrightError, match=r"sizes \(6, 9, 1\) does not fit the weight window"):
        window.image(random_model((6, 9, 1)))


def test_other_parameters_make_another_network_of_the_same_structure() -> None:
    model = random_model((5, 7, 3), requantised=False)
    other = random_model((5, 7, 3), requantised=False, seed=9)
    loaded = with_parameters(model, [(layer.weights, layer.bias) for layer in other.layers])
    codes = random_codes(model, 50)
    assert loaded.infer(codes).tolist() == model_output(other, codes)
    with pytest.raises(PulsewrightError, match="parameters have shapes"):
        with_parameters(model, [(layer.weights.T, layer.bias) for layer in other.layers])


def test_biases_wider_than_a_word_are_refused() -> None:
    model = random_model((2, 1))
    layer = model.layers[0]
    model = changed(model, layers=(changed(layer, bias=np.array([1 << 32])),))
    with pytest.raises(PulsewrightError, match="biases of layer 1 need 34 bits, at most 32"):
        reloadable_formats(model)


def test_a_window_past_the_offsets_of_the_register_map_is_refused() -> None:
    model = random_model((6, 300, 300, 1))
    with pytest.raises(PulsewrightError) as raised:
        weight_window(fold_model(model, [(8, 6), (8, 8), (1, 8)], reloadable=True))
    assert str(raised.value) == (
        "reloadable weights of 300 inputs and 300 neurons have biases at word 65536, the register "
        "map reaches to 65535; use smaller layers, another folding, or constant weights"
    )
