# SPDX-License-Identifier: Apache-2.0
"""Random files, read as a user's are, against fractions value by value."""

import pytest

from tests.hls_model.quantised_onnx.random_files import random_file

ROWS = 16


def refused(seeds: range) -> int:
    """Every other file gives the integers that it says."""
    return sum(random_file(seed, ROWS) is None for seed in seeds)


def test_random_files_are_their_exact_arithmetic() -> None:
    assert refused(range(40)) <= 2


@pytest.mark.regression
def test_many_random_files_are_their_exact_arithmetic() -> None:
    seeds = range(40, 1140)
    assert len(seeds) - refused(seeds) >= 1000
