# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest

from pulsewright.rtl.package.bench_sweep import bench_sweep
from pulsewright.rtl.package.bench_vectors import vector_codes
from tests.models import random_model


@pytest.mark.parametrize(
    ("pulses", "first", "last"), [(2, 0, 1), (12, 0, 11), (13, 1, 12), (100, 1, 12)]
)
def test_jobs_are_those_of_the_model(pulses: int, first: int, last: int) -> None:
    model = random_model((4, 5, 2), pulses=pulses, pulse_input=2)
    codes = vector_codes(model, 16)
    found = bench_sweep(model, codes)
    assert found is not None
    assert (found.first, found.last) == (first, last)
    feature = model.input_map.features[2]
    for number, results in zip(range(first, last + 1), found.results, strict=True):
        one = codes[found.row : found.row + 1].copy()
        one[:, 2] = feature.codes(np.array([number]))
        assert model.infer(one).tolist() == [results.tolist()]
    assert found.differences.cumsum(axis=0).tolist() == found.results.tolist()
    assert found.differences[0].tolist() == found.results[0].tolist()

    reached = [bool(result >= found.target) for result in found.results[:, 0]]
    assert reached.index(True) == found.reached <= (last - first + 1) // 2
    assert found.beyond == max(found.results[:, 0]) + 1


def test_a_network_without_pulse_numbers_has_none() -> None:
    model = random_model((4, 5, 2))
    assert bench_sweep(model, vector_codes(model, 16)) is None
