# SPDX-License-Identifier: Apache-2.0
import numpy as np

from pulsewright.rtl.package.bench_units import bench_units
from tests.hls_model.exact_reference import model_output
from tests.models import random_model

SMALLEST, LARGEST = -(2**31), 2**31 - 1


def test_rows_are_at_the_steps_of_the_codes_and_beyond_the_ends() -> None:
    model = random_model((4, 5, 2), pulses=20, pulse_input=2, log_pulses=True)
    found = bench_units(model)
    assert found.values.shape == found.codes.shape == (40, 4)
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
