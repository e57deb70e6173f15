# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.schedule.folding import cheapest_folding
from pulsewright.hls_model.schedule.folding_search import fastest_folding


def test_multipliers_of_a1() -> None:
    found = {count: fastest_folding(PRESETS["A1"], count) for count in (2, 7, 55, 56, 448)}
    intervals = {count: engine.initiation_interval for count, engine in found.items()}
    assert intervals == {2: 384, 7: 64, 55: 9, 56: 8, 448: 1}
    assert all(engine.multipliers <= count for count, engine in found.items())


@given(st.lists(st.integers(1, 12), min_size=2, max_size=4), st.integers(0, 60))
def test_no_smaller_interval_has_so_few_multipliers(sizes: list[int], more: int) -> None:
    multipliers = len(sizes) - 1 + more
    engine = fastest_folding(sizes, multipliers)
    assert engine.multipliers <= multipliers
    for interval in range(1, engine.initiation_interval):
        assert cheapest_folding(sizes, interval).multipliers > multipliers


def test_each_layer_needs_a_multiplier() -> None:
    with pytest.raises(PulsewrightError, match="2 multipliers for 3 layers; give 3 or more"):
        fastest_folding((6, 64, 64, 1), 2)
