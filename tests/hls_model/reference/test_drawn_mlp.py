# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.hls_model.reference.drawn_mlp import drawn_mlp
from pulsewright.hls_model.reference.inference import forward
from tests.models import random_codes


@pytest.mark.parametrize(
    ("sizes", "weights", "inputs", "activations"),
    [
        ((6, 64, 1), (8, 8), 8, (8,)),
        ((6, 16, 8, 3), (8, 4, 2), 5, (8, 3)),
        ((2, 1, 1), (2, 2), 2, (1,)),
    ],
)
def test_it_has_the_widths_that_were_asked_for(
    sizes: tuple[int, ...], weights: tuple[int, ...], inputs: int, activations: tuple[int, ...]
) -> None:
    model = drawn_mlp("drawn", sizes, weights, inputs, activations)
    assert model.sizes == sizes
    assert tuple(layer.weight_format.width for layer in model.layers) == weights
    operands = [layer.input_format for layer in model.layers]
    assert tuple(one.width for one in operands) == (inputs, *activations)
    # The whole range is there, so that no table is narrower than its width.
    assert all(layer.weights.max() == layer.weight_format.maximum for layer in model.layers)
    again = drawn_mlp("drawn", sizes, weights, inputs, activations)
    assert again.model_dump_json() == model.model_dump_json()


def test_activations_are_in_use() -> None:
    model = drawn_mlp("drawn", (6, 64, 16, 1), (8, 8, 8), 8, (8, 8))
    codes = random_codes(model, 500)
    for count in (1, 2):
        hidden = forward(model.layers[:count], codes)
        assert 0.2 < (hidden > 0).mean() < 0.9
        assert (hidden == 255).mean() < 0.1
        assert len(np.unique(hidden)) > 100
