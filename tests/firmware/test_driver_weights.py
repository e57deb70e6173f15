# SPDX-License-Identifier: Apache-2.0
"""Reloadable weights through the driver."""

import ctypes

import numpy as np
import pytest

from tests.firmware.compiled_driver import (
    BUSY,
    OK,
    OUT_OF_RANGE,
    UNSUPPORTED,
    Driver,
)
from tests.firmware.conftest import Make
from tests.models import changed

FOLDINGS = [((3, 4), (2, 2)), ((5, 6), (1, 5)), ((1, 1), (1, 1)), ((4, 3), (2, 3))]


def image(driver: Driver) -> list[tuple[int, int]]:
    window = driver.registers.map.window
    assert window is not None
    return window.image(driver.registers.model)


@pytest.mark.parametrize("foldings", FOLDINGS)
def test_an_image_fills_the_window(make: Make, foldings: tuple[tuple[int, int], ...]) -> None:
    driver = make(foldings=foldings, reloadable=True)
    words = [word for _, word in image(driver)]
    assert driver.call("image_words") == len(words)
    array = (ctypes.c_uint32 * len(words))(*words)
    assert driver.call("load_weights", array, len(words) - 1) == OUT_OF_RANGE
    assert driver.registers.weights == {}
    assert driver.call("load_weights", array, len(words)) == OK
    assert driver.registers.weights == dict(image(driver))


@pytest.mark.parametrize("foldings", FOLDINGS)
def test_one_weight_and_one_bias_change_what_the_model_says(
    make: Make, foldings: tuple[tuple[int, int], ...]
) -> None:
    driver = make(foldings=foldings, reloadable=True)
    driver.registers.weights = dict(image(driver))
    model = driver.registers.model
    random = np.random.default_rng(3)
    for number, layer in enumerate(model.layers):
        weights, bias = layer.weights.copy(), layer.bias.copy()
        for neuron in range(layer.neurons):
            for i in range(layer.inputs):
                weights[neuron, i] = random.integers(-127, 128)
                arguments = (number, neuron, i, int(weights[neuron, i]))
                assert driver.call("weight_write", *arguments) == OK
            bias[neuron] = random.integers(-(2**15), 2**15)
            assert driver.call("bias_write", number, neuron, int(bias[neuron])) == OK
        layers = list(model.layers)
        layers[number] = changed(layer, weights=weights, bias=bias)
        window = driver.registers.map.window
        assert window is not None
        expected = dict(window.layers[number].words(layers[number]))
        assert expected.items() <= driver.registers.weights.items()


@pytest.mark.parametrize(
    ("layer", "neuron", "i", "weight"),
    [
        (2, 0, 0, 0),
        (0, 5, 0, 0),
        (0, 0, 6, 0),
        (1, 2, 0, 0),
        (0, 0, 0, 128),
        (0, 0, 0, -128),
        (0, 0, 0, -(2**31)),
        (2**32 - 1, 0, 0, 0),
    ],
)
def test_a_weight_out_of_range_is_refused(
    make: Make, layer: int, neuron: int, i: int, weight: int
) -> None:
    driver = make(reloadable=True)
    arguments = (ctypes.c_uint32(layer), neuron, i, weight)
    assert driver.call("weight_write", *arguments) == OUT_OF_RANGE
    assert driver.registers.weights == {}


@pytest.mark.parametrize(("neuron", "bias"), [(5, 0), (0, 2**27), (0, -(2**27) - 1)])
def test_a_bias_out_of_range_is_refused(make: Make, neuron: int, bias: int) -> None:
    driver = make(reloadable=True)
    assert driver.call("bias_write", 0, neuron, bias) == OUT_OF_RANGE
    assert driver.registers.weights == {}


def test_weights_wait_for_no_job_and_constants_are_no_window(make: Make) -> None:
    driver = make(reloadable=True)
    words = driver.call("image_words")
    array = (ctypes.c_uint32 * words)()
    driver.registers.running = 100
    assert driver.compiled.is_busy(ctypes.byref(driver.device)) == 1
    assert driver.call("load_weights", array, words) == BUSY
    assert driver.call("weight_write", 0, 0, 0, 1) == BUSY
    assert driver.call("bias_write", 0, 0, 1) == BUSY
    assert driver.registers.weights == {}
    constant = make()
    assert constant.call("image_words") == 0
    assert constant.call("load_weights", array, words) == UNSUPPORTED
    assert constant.call("weight_write", 0, 0, 0, 1) == UNSUPPORTED
    assert constant.call("bias_write", 0, 0, 1) == UNSUPPORTED
