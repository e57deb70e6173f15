# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.rtl.package.bench_vectors import VECTORS, vector_codes
from tests.models import random_model


@pytest.mark.parametrize(("inputs", "width"), [(1, 2), (6, 8), (40, 8), (5, 16)])
def test_the_extremes_are_there_and_so_is_chance(inputs: int, width: int) -> None:
    model = random_model((inputs, 3, 1), input_width=width)
    codes = vector_codes(model)
    low, high = model.input_format.minimum, model.input_format.maximum
    assert codes.shape == (VECTORS, inputs)
    assert (codes.min(), codes.max()) == (low, high)
    rows = {tuple(row) for row in codes.tolist()}
    assert {(low,) * inputs, (high,) * inputs, (0,) * inputs} <= rows
    inner = codes[(codes > low).all(axis=1) & (codes < high).all(axis=1)]
    assert len(inner) > 1


def test_neurons_of_the_first_layer_reach_their_largest_sums() -> None:
    model = random_model((6, 5, 1))
    layer = model.layers[0]
    sums = vector_codes(model) @ layer.weights.T
    low, high = model.input_format.minimum, model.input_format.maximum
    largest = np.maximum(layer.weights * low, layer.weights * high).sum(axis=1)
    assert sums.max(axis=0).tolist() == largest.tolist()


def test_another_model_gets_other_vectors_and_the_same_the_same() -> None:
    first, second = random_model((6, 3, 1)), random_model((6, 3, 1), seed=1)
    assert np.array_equal(vector_codes(first), vector_codes(first))
    assert not np.array_equal(vector_codes(first), vector_codes(second))


@pytest.mark.parametrize("vectors", [1, 3, 200])
def test_as_many_as_asked_for(vectors: int) -> None:
    assert len(vector_codes(random_model((6, 3, 1)), vectors)) == vectors
