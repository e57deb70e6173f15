# SPDX-License-Identifier: Apache-2.0
"""FINN's foldings and, where it is installed, its estimates."""

import pytest

from bench.finn_peer import divisors, finn_estimate, smallest_folding
from tests.models import random_model


def test_divisors() -> None:
    assert divisors(12) == [1, 2, 3, 4, 6, 12]


@pytest.mark.parametrize(("interval", "multipliers"), [(1, 24), (24, 1), (8, 3), (7, 4), (5, 6)])
def test_the_smallest_folding_of_divisors(interval: int, multipliers: int) -> None:
    pe, simd = smallest_folding(4, 6, interval)
    assert 6 % pe == 4 % simd == 0
    assert interval * pe * simd >= 24
    assert pe * simd == multipliers


def test_estimates_add_up_over_layers() -> None:
    pytest.importorskip("finn.custom_op.fpgadataflow.hls.matrixvectoractivation_hls")
    model = random_model((4, 6, 2))
    slow, fast = finn_estimate(model, 24), finn_estimate(model, 1)
    assert (slow.interval, slow.multipliers) == (24, 2)
    assert (fast.interval, fast.multipliers) == (1, 36)
    assert fast.luts > slow.luts > 0
