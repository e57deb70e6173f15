# SPDX-License-Identifier: Apache-2.0
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.reference.fixed_point import width_for_range
from pulsewright.sim.soc.swar_pairs import swar_pairs

Ranges = st.lists(
    st.integers(1, 24).flatmap(
        lambda bits: st.tuples(st.integers(-(1 << bits), 0), st.integers(0, (1 << bits) - 1))
    ),
    max_size=12,
)


@given(Ranges, st.integers(0, 2**32 - 1))
def test_every_pair_is_told_apart(ranges: list[tuple[int, int]], seed: int) -> None:
    random = np.random.default_rng(seed)
    pairs, singles = swar_pairs(ranges)
    assert sorted([*singles, *(i for pair in pairs for i in pair[:2])]) == list(range(len(ranges)))
    for pair in pairs:
        for end in (0, 1, 2):
            low, high = (
                int(random.integers(*ranges[i], endpoint=True)) if end == 2 else ranges[i][end]
                for i in pair[:2]
            )
            word = (low + (high << pair.low_bits)) % (1 << 32)
            low_part = word % (1 << pair.low_bits)
            low_part -= (low_part >> (pair.low_bits - 1)) << pair.low_bits
            high_part = ((word - low_part) % (1 << 32)) >> pair.low_bits
            high_part -= (high_part >> (31 - pair.low_bits)) << (32 - pair.low_bits)
            assert (low_part, high_part) == (low, high)


@given(Ranges)
def test_no_two_of_those_left_would_pair(ranges: list[tuple[int, int]]) -> None:
    _, singles = swar_pairs(ranges)
    widths = sorted(width_for_range(*ranges[i], signed=True) for i in singles)
    assert len(widths) < 2 or widths[0] + widths[1] > 32


@pytest.mark.parametrize(
    ("widths", "pairs"),
    [([16] * 64, 32), ([17, 15], 1), ([17, 16], 0), ([20, 19, 12, 13], 2), ([30, 2, 30, 3], 1)],
)
def test_pairs_are_as_many_as_there_can_be(widths: list[int], pairs: int) -> None:
    found, _ = swar_pairs([(-(1 << (width - 1)), 0) for width in widths])
    assert len(found) == pairs
    if widths[0] == 16:
        assert {pair.low_bits for pair in found} == {16}
