# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.hls_model.reference.narrow_input_map import NarrowLine, narrow_features
from pulsewright.rtl.package.bench_units import ROWS, bench_units
from tests.hls_model.exact_reference import model_output
from tests.models import random_model

SMALLEST, LARGEST = -(2**31), 2**31 - 1


def test_rows_are_at_the_steps_of_the_codes_and_beyond_the_ends() -> None:
    model = random_model((4, 5, 2), pulses=20, pulse_input=2, log_pulses=True)
    found = bench_units(model)
    assert found.values.shape == found.codes.shape == (ROWS, 4)
    assert found.results.tolist() == model_output(model, found.codes)
    for i, feature in enumerate(model.input_map.features):
        column = found.values[:, i]
        assert {SMALLEST, LARGEST} <= set(column.tolist())
        before, here, after = (feature.codes(column + by) for by in (-1, 0, 1))
        limits = model.input_format
        assert found.codes[:, i].tolist() == np.clip(here, limits.minimum, limits.maximum).tolist()
        assert np.mean((before != here) | (here != after)) > 0.7


def test_the_same_model_has_the_same_rows() -> None:
    model = random_model((3, 2, 1))
    assert bench_units(model).values.tolist() == bench_units(model).values.tolist()
    other = random_model((3, 2, 1), seed=1)
    assert bench_units(model).values.tolist() != bench_units(other).values.tolist()


def test_steps_show_in_results_and_the_closest_ones_are_there() -> None:
    """So that an offset or slope that is off by the least is seen where any integer shows it."""
    model = random_model((3, 6, 2), seed=4)
    found = bench_units(model)
    pairs = [(row, row + 1) for row in range(6, ROWS - 1, 2)]
    shown = [(found.results[one] != found.results[other]).any() for one, other in pairs]
    assert np.mean(shown) > 0.9
    for i, feature in enumerate(narrow_features(model.input_map)):
        assert isinstance(feature, NarrowLine)
        values = found.values[6:, i]
        beyond = [
            (feature.multiplier * (int(value) - feature.low) + feature.offset)
            % (1 << feature.shift)
            for value in np.clip(values, feature.low, feature.high)
        ]
        everywhere = [
            (feature.multiplier * (value - feature.low) + feature.offset) % (1 << feature.shift)
            for value in range(feature.low + 1, feature.high)
        ]
        assert min(beyond) <= min(everywhere)
        assert max(beyond) >= max(everywhere)


def test_a_feature_of_one_code_has_no_steps() -> None:
    model = random_model((2, 3, 1))
    whole = model.input_map
    still = whole.features[0].model_copy(update={"minimum": 5, "maximum": 5})
    features = (still, *whole.features[1:])
    found = bench_units(
        model.model_copy(update={"input_map": whole.model_copy(update={"features": features})})
    )
    assert found.values.shape == (ROWS, 2)
    assert len(set(found.codes[:, 0].tolist())) == 1
