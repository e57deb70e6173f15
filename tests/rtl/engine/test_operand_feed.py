# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.rtl.engine.feed_choice import make_feed
from pulsewright.rtl.engine.operand_feed import DoubleBufferedFeed, HeldFeed
from tests.rtl.engine.feed_case import FeedCase
from tests.rtl.streams import run_stream

HELD = [
    FeedCase(inputs=6, neurons=8, pe=2, simd=6, beat=6),
    FeedCase(inputs=6, neurons=8, pe=2, simd=2, beat=6, signed=True),
    FeedCase(inputs=6, neurons=5, pe=2, simd=4, beat=6),
    FeedCase(inputs=7, neurons=1, pe=1, simd=3, beat=7, width=9),
    FeedCase(inputs=1, neurons=3, pe=3, simd=1, beat=1),
    FeedCase(inputs=3, neurons=2, pe=1, simd=2, beat=5),
]
DOUBLE_BUFFERED = [
    FeedCase(inputs=8, neurons=8, pe=2, simd=2, beat=2),
    FeedCase(inputs=8, neurons=8, pe=8, simd=4, beat=2),
    FeedCase(inputs=8, neurons=4, pe=1, simd=2, beat=4),
    FeedCase(inputs=8, neurons=6, pe=3, simd=8, beat=1),
    FeedCase(inputs=7, neurons=5, pe=2, simd=3, beat=2),
    FeedCase(inputs=7, neurons=5, pe=2, simd=2, beat=3, signed=True),
    FeedCase(inputs=9, neurons=3, pe=3, simd=2, beat=4),
    FeedCase(inputs=2, neurons=2, pe=1, simd=1, beat=1, width=1),
]
PACES = [(1, 1), (0.3, 1), (1, 0.3), (0.5, 0.5), (0.9, 0.8)]


@pytest.mark.parametrize(("offers", "takes"), PACES)
@pytest.mark.parametrize("case", HELD)
def test_a_held_vector_is_stepped_through_once_a_group(
    case: FeedCase, offers: float, takes: float
) -> None:
    case.run(offers, takes, kind=HeldFeed)


@pytest.mark.parametrize("case", HELD)
def test_a_held_feed_costs_no_cycle_and_takes_the_beat_with_its_last_step(case: FeedCase) -> None:
    traffic = case.run()
    cycles = case.steps * case.groups
    assert traffic.taken == list(range(case.vectors * cycles))
    assert traffic.accepted == [(i + 1) * cycles - 1 for i in range(case.vectors)]


@pytest.mark.parametrize(("offers", "takes"), PACES)
@pytest.mark.parametrize("case", DOUBLE_BUFFERED)
def test_buffered_operands_are_those_of_each_vector_in_order(
    case: FeedCase, offers: float, takes: float
) -> None:
    case.run(offers, takes, kind=DoubleBufferedFeed)


@pytest.mark.parametrize("case", DOUBLE_BUFFERED)
def test_a_step_goes_the_cycle_after_its_last_operand_is_written(case: FeedCase) -> None:
    case.vectors = 1
    traffic = case.run()
    expected, previous = [], -1
    for beat in case.last_beats:
        previous = max(previous + 1, traffic.accepted[beat] + 1)
        expected.append(previous)
    assert traffic.taken[: case.steps] == expected


@pytest.mark.parametrize(
    "case", [case for case in DOUBLE_BUFFERED if case.steps * case.groups >= case.beats_a_vector]
)
def test_one_bank_is_filled_while_the_other_is_read(case: FeedCase) -> None:
    """With a producer at full speed the reader never waits after its first vector."""
    case.vectors = 6
    traffic = case.run()
    cycles = case.steps * case.groups
    first_end = traffic.taken[cycles - 1]
    assert traffic.taken[cycles:] == [first_end + 1 + i for i in range(5 * cycles)]
    # The beats of vector 2 were taken while vector 1 was being read.
    second = traffic.accepted[case.beats_a_vector : 2 * case.beats_a_vector]
    assert second[-1] <= first_end or cycles <= case.beats_a_vector


def test_the_producer_waits_when_both_banks_are_full() -> None:
    case = FeedCase(inputs=4, neurons=4, pe=1, simd=1, beat=1, vectors=3)
    feed = make_feed(case.folded_layer, case.operand_format)
    beats = [number for vector in case.data() for number in vector]
    traffic = run_stream(feed, feed.beats, feed.operands, beats, 48, take=lambda cycle: cycle >= 40)
    assert traffic.accepted[:8] == list(range(8))
    # The first bank is free after its 16 steps.
    assert traffic.accepted[8] == 40 + 16


@pytest.mark.parametrize("case", DOUBLE_BUFFERED)
def test_a_producer_that_keeps_the_layer_s_pace_never_waits(case: FeedCase) -> None:
    case.vectors = 5
    cycles = case.steps * case.groups
    gap = -(-cycles // case.beats_a_vector)
    feed = make_feed(case.folded_layer, case.operand_format)
    beats = [0] * (case.vectors * case.beats_a_vector)
    traffic = run_stream(
        feed,
        feed.beats,
        feed.operands,
        beats,
        case.vectors * cycles,
        offer=lambda cycle: cycle % gap == 0,
    )
    assert traffic.accepted == traffic.offered


def test_a_layer_whose_beats_are_its_steps_needs_no_feed() -> None:
    case = FeedCase(inputs=8, neurons=4, pe=4, simd=2, beat=2)
    assert make_feed(case.folded_layer, case.operand_format) is None


@st.composite
def cases(draw: st.DrawFn) -> FeedCase:
    inputs, neurons = draw(st.integers(1, 10)), draw(st.integers(1, 6))
    case = FeedCase(
        inputs=inputs,
        neurons=neurons,
        pe=draw(st.integers(1, neurons)),
        simd=draw(st.integers(1, inputs)),
        beat=draw(st.integers(1, inputs)),
        width=draw(st.integers(1, 6)),
        signed=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32)),
    )
    # One group and beats as wide as the steps need no feed.
    if case.folded_layer.feed.value == "direct":
        case.beat = inputs
    return case


@settings(max_examples=60)
@given(cases(), st.sampled_from([0.2, 0.6, 1]), st.sampled_from([0.2, 0.6, 1]), st.integers(0, 99))
def test_any_feed_gives_every_operand_under_random_traffic(
    case: FeedCase, offers: float, takes: float, seed: int
) -> None:
    case.run(offers, takes, seed)
