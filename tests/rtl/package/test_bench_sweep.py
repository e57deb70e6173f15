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


@pytest.mark.parametrize("pulses", [2, 13, 100])
def test_reach_jobs_are_those_of_the_model(pulses: int) -> None:
    """The definition, target by target; one is below all results, and one beyond them."""
    model = random_model((4, 5, 2), pulses=pulses, pulse_input=2)
    found = bench_sweep(model, vector_codes(model, 16))
    assert found is not None
    for results, first, reaches in (
        (found.results, found.first, found.reaches),
        (found.whole, found.whole_first, [found.whole_reach]),
    ):
        one = results[:, 0].tolist()
        for target, result, number in reaches:
            reached = [n for n, value in enumerate(one) if value >= target]
            assert number == (first + reached[0] if reached else -1)
            assert result == (one[reached[0]] if reached else one[-1])
    targets = [target for target, _, _ in found.reaches]
    assert min(targets) == -(2**31)
    assert {found.farthest, 2**31 - 1} <= set(targets)
    assert found.target in targets
    assert max(found.results[:, 0]) < found.farthest


def test_a_network_without_pulse_numbers_has_none() -> None:
    model = random_model((4, 5, 2))
    assert bench_sweep(model, vector_codes(model, 16)) is None
