# SPDX-License-Identifier: Apache-2.0
import itertools
import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.presets import PRESETS
from pulsewright.hls_model.schedule.folded_engine import FoldedEngine
from pulsewright.hls_model.schedule.folding import LayerFolding, fold
from tests.hls_model.pipeline_simulation import Chain

A1 = (6, 64, 1)


def folded(sizes: tuple[int, ...], foldings: list[tuple[int, int]]) -> FoldedEngine:
    return fold(sizes, [LayerFolding(pe=pe, simd=simd) for pe, simd in foldings])


@st.composite
def chains(draw: st.DrawFn) -> tuple[tuple[int, ...], list[tuple[int, int]]]:
    sizes = tuple(draw(st.lists(st.integers(1, 20), min_size=2, max_size=5)))
    foldings = [
        (draw(st.integers(1, neurons)), draw(st.integers(1, inputs)))
        for inputs, neurons in itertools.pairwise(sizes)
    ]
    return sizes, foldings


@pytest.mark.parametrize(
    ("pe", "interval", "latency", "multipliers"),
    [
        # docs/hardware.md: 7 p multipliers and 64 / p cycles. Latency of two layers (p, 6), (1, p):
        # 64/p groups leave layer 1 one a cycle, the first after operand, multiply, one register of
        # the tree over 6, accumulate, requantise; the last of them is layer 2's last step, which
        # takes operand, multiply, ceil(log2(p) / 3) registers, accumulate:
        # 64/p - 1 + 5 + 3 + ceil(log2(p) / 3).
        (1, 64, 63 + 5 + 3 + 0, 7),
        (2, 32, 31 + 5 + 3 + 1, 14),
        (4, 16, 15 + 5 + 3 + 1, 28),
        (8, 8, 7 + 5 + 3 + 1, 56),
        (16, 4, 3 + 5 + 3 + 2, 112),
        (32, 2, 1 + 5 + 3 + 2, 224),
        (64, 1, 0 + 5 + 3 + 2, 448),
    ],
)
def test_a1_with_six_inputs_in_parallel(
    pe: int, interval: int, latency: int, multipliers: int
) -> None:
    engine = folded(A1, [(pe, 6), (1, pe)])
    assert engine.initiation_interval == interval
    assert engine.latency == latency
    assert engine.multipliers == multipliers
    assert engine.multiplier_utilisation == 1.0


def test_a_fresh_vector_of_the_incremental_engine_takes_48_cycles_on_16_multipliers() -> None:
    engine = folded(A1, [(8, 1), (1, 8)])
    assert engine.initiation_interval == 48
    assert engine.multipliers == 16


def test_one_multiplier_a_layer_takes_384_cycles() -> None:
    assert folded(A1, [(1, 1), (1, 1)]).initiation_interval == 6 * 64


@settings(max_examples=150)
@given(chains())
def test_latency_of_an_idle_engine_is_the_simulation_s(
    chain: tuple[tuple[int, ...], list[tuple[int, int]]],
) -> None:
    _, taken = Chain(*chain).run(1)
    assert folded(*chain).latency == taken[0]


@settings(max_examples=100)
@given(chains())
def test_interval_of_a_busy_engine_is_the_simulation_s(
    chain: tuple[tuple[int, ...], list[tuple[int, int]]],
) -> None:
    sizes, foldings = chain
    # A chain holds at most a few vectors a layer and one in every register of a fast layer.
    fill = 12 * len(foldings)
    _, taken = Chain(sizes, foldings).run(fill + 8)
    paced = taken[fill:]
    intervals = {b - a for a, b in itertools.pairwise(paced)}
    assert intervals == {folded(sizes, foldings).initiation_interval}


@settings(max_examples=50)
@given(chains(), st.integers(0, 2**32))
def test_a_vector_that_meets_an_idle_engine_has_the_latency_whatever_came_before(
    chain: tuple[tuple[int, ...], list[tuple[int, int]]], seed: int
) -> None:
    engine = folded(*chain)
    draw = random.Random(seed)
    gap = engine.latency + engine.initiation_interval + draw.randrange(3)
    offered, taken = Chain(*chain).run(5, offer=lambda cycle: cycle % gap == 0)
    assert {b - a for a, b in zip(offered, taken, strict=True)} == {engine.latency}


@settings(max_examples=30)
@given(chains(), st.integers(0, 2**32))
def test_the_interval_comes_back_after_backpressure(
    chain: tuple[tuple[int, ...], list[tuple[int, int]]], seed: int
) -> None:
    engine = folded(*chain)
    draw = random.Random(seed)
    stalled = 200
    fill = 12 * len(chain[1])
    rows = stalled // engine.initiation_interval + fill + 8
    _, taken = Chain(*chain).run(rows, take=lambda cycle: cycle >= stalled or draw.random() < 0.3)
    paced = taken[-8:]
    assert {b - a for a, b in itertools.pairwise(paced)} == {engine.initiation_interval}


def test_several_groups_of_outputs_are_gathered() -> None:
    assert folded((4, 3), [(1, 4)]).gathers_outputs
    assert not folded((4, 3), [(3, 1)]).gathers_outputs
    # operand, multiply, tree, accumulate; three groups; one cycle to gather.
    assert folded((4, 3), [(1, 4)]).latency == 4 + 2 + 1


def test_utilisation_counts_idle_lanes_and_idle_layers() -> None:
    # 448 MAC on 10 * 6 + 1 * 10 multipliers in ceil(64 / 10) = 7 cycles.
    assert folded(A1, [(10, 6), (1, 10)]).multiplier_utilisation == 448 / (70 * 7)
    # 1 multiplier in layer 2 is busy 64 of 64 cycles, 384 in layer 1 one of them.
    assert folded(A1, [(64, 6), (1, 1)]).multiplier_utilisation == 448 / (385 * 64)


@pytest.mark.parametrize("name", ["A1", "A2", "A3"])
def test_every_preset_folds_to_one_multiplier_a_layer(name: str) -> None:
    sizes = PRESETS[name]
    engine = folded(sizes, [(1, 1)] * (len(sizes) - 1))
    largest = max(a * b for a, b in itertools.pairwise(sizes))
    assert engine.initiation_interval == largest


@given(chains())
def test_json_gives_the_same_engine(chain: tuple[tuple[int, ...], list[tuple[int, int]]]) -> None:
    engine = folded(*chain)
    assert FoldedEngine.model_validate_json(engine.model_dump_json()) == engine
