# SPDX-License-Identifier: Apache-2.0
import itertools
from math import ceil

import pytest
from hypothesis import given
from hypothesis import strategies as st

from pulsewright.hls_model.errors import PulsewrightError
from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from pulsewright.hls_model.schedule.folding_search import cheapest_folding, fastest_folding


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


def test_the_cheapest_folding_of_the_presets() -> None:
    def foldings(name: str, interval: int) -> list[tuple[int, int]]:
        layers = cheapest_folding(PRESETS[name], interval).layers
        return [(layer.pe, layer.simd) for layer in layers]

    assert foldings("A1", 8) == [(8, 6), (1, 8)]
    assert foldings("A1", 64) == [(1, 6), (1, 1)]
    assert foldings("A1", 1) == [(64, 6), (1, 64)]
    assert foldings("A1", 10_000) == [(1, 1), (1, 1)]
    assert foldings("A2", 64) == [(1, 6), (64, 1), (1, 1)] or foldings("A2", 64) == [
        (1, 6),
        (8, 8),
        (1, 1),
    ]


@given(
    st.lists(st.integers(1, 9), min_size=2, max_size=4),
    st.integers(1, 90),
)
def test_no_folding_that_reaches_the_interval_is_cheaper(sizes: list[int], interval: int) -> None:
    engine = cheapest_folding(sizes, interval)
    assert engine.initiation_interval <= interval
    chosen = [LayerFolding(pe=layer.pe, simd=layer.simd) for layer in engine.layers]
    assert fold(sizes, chosen) == engine
    fewest = sum(
        min(
            pe * simd
            for pe in range(1, neurons + 1)
            for simd in range(1, inputs + 1)
            if ceil(neurons / pe) * ceil(inputs / simd) <= interval
        )
        for inputs, neurons in itertools.pairwise(sizes)
    )
    assert engine.multipliers == fewest


def test_an_interval_of_no_cycle() -> None:
    with pytest.raises(PulsewrightError, match="initiation interval is 0 cycles; choose 1 or more"):
        cheapest_folding((6, 8, 1), 0)


@given(
    st.lists(st.integers(2, 9), min_size=2, max_size=4),
    st.integers(2, 90),
)
def test_an_incremental_engine_of_the_interval_is_the_cheapest_there_is(
    sizes: list[int], interval: int
) -> None:
    engine = cheapest_folding(sizes, interval, incremental=True)
    assert engine.initiation_interval <= interval
    chosen = [LayerFolding(pe=layer.pe, simd=layer.simd) for layer in engine.layers]
    assert fold(sizes, chosen, incremental=True).incremental
    first = engine.layers[0]
    others = [
        pe * simd
        for pe in range(1, sizes[1] + 1)
        for simd in range(1, sizes[0])
        if ceil(sizes[1] / pe) * ceil(sizes[0] / simd) <= interval
    ]
    assert first.multipliers == min(others)
    cheapest = cheapest_folding(sizes, interval)
    if cheapest.layers[0].simd < sizes[0]:
        assert engine == cheapest


@given(st.lists(st.integers(2, 9), min_size=2, max_size=4), st.integers(0, 60))
def test_no_faster_incremental_engine_has_so_few_multipliers(sizes: list[int], more: int) -> None:
    multipliers = len(sizes) - 1 + more
    engine = fastest_folding(sizes, multipliers, incremental=True)
    assert engine.multipliers <= multipliers
    for interval in range(2, engine.initiation_interval):
        assert cheapest_folding(sizes, interval, incremental=True).multipliers > multipliers


def test_an_incremental_engine_takes_two_cycles_and_two_inputs() -> None:
    with pytest.raises(PulsewrightError, match="with an initiation interval of 1; leave increm"):
        cheapest_folding((6, 4, 1), 1, incremental=True)
    with pytest.raises(PulsewrightError, match="takes its 1 inputs in two steps or more"):
        fastest_folding((1, 4, 1), 7, incremental=True)
