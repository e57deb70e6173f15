# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.rtl.package.bench_thresholds import threshold_codes
from tests.models import changed, random_model


@pytest.mark.parametrize("sizes", [(4, 5, 2), (6, 5, 3, 1)])
def test_one_more_or_less_in_any_hidden_neuron_shows(sizes: tuple[int, ...]) -> None:
    """Of neurons for which there is such a row among the candidates at all."""
    model = random_model(sizes)
    random = np.random.default_rng(0)
    low, high = model.input_format.minimum, model.input_format.maximum
    candidates = random.integers(low, high + 1, (3000, sizes[0]))
    chosen = threshold_codes(model, candidates, 40)
    told = 0
    for index, layer in enumerate(model.layers[:-1]):
        for neuron in range(layer.neurons):
            for step in (1, -1):
                bias = layer.bias.copy()
                bias[neuron] += step
                layers = list(model.layers)
                layers[index] = changed(layer, bias=bias)
                other = changed(model, layers=tuple(layers))
                shows = (other.infer(candidates) != model.infer(candidates)).any()
                assert (other.infer(chosen) != model.infer(chosen)).any() == shows
                told += bool(shows)
    assert told > 4


def test_rows_are_those_of_the_candidates_and_no_more_than_asked_for() -> None:
    model = random_model((4, 5, 2))
    candidates = np.random.default_rng(0).integers(-128, 128, (500, 4))
    chosen = threshold_codes(model, candidates, 3)
    assert len(chosen) == 3
    assert {tuple(row) for row in chosen.tolist()} <= {tuple(row) for row in candidates.tolist()}
    assert threshold_codes(model, candidates, 0).shape == (0, 4)
    assert threshold_codes(model, candidates[:0], 3).shape == (0, 4)


def test_all_is_told_anew_while_there_is_room() -> None:
    model = random_model((4, 2, 1))
    candidates = np.random.default_rng(0).integers(-128, 128, (2000, 4))
    chosen = threshold_codes(model, candidates, 30)
    assert len(chosen) > 4
    assert len({tuple(row) for row in chosen.tolist()}) == len(chosen)
