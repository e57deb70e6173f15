# SPDX-License-Identifier: Apache-2.0
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.rtl.engine.feed_choice import make_feed
from pulsewright.rtl.engine.memory_feed import MemoryFeed
from tests.rtl.engine.feed_case import FeedCase
from tests.rtl.streams import run_stream

CASES = [
    # Beats are steps, beats are gathered to rows, steps are cut out of rows; even and ragged.
    FeedCase(inputs=8, neurons=8, pe=2, simd=2, beat=2, in_memory=True),
    FeedCase(inputs=7, neurons=5, pe=2, simd=2, beat=2, in_memory=True, signed=True),
    FeedCase(inputs=8, neurons=8, pe=8, simd=4, beat=2, in_memory=True),
    FeedCase(inputs=9, neurons=6, pe=3, simd=4, beat=2, in_memory=True),
    FeedCase(inputs=13, neurons=6, pe=3, simd=6, beat=2, in_memory=True, signed=True),
    FeedCase(inputs=8, neurons=4, pe=1, simd=2, beat=4, in_memory=True),
    FeedCase(inputs=11, neurons=3, pe=1, simd=2, beat=6, in_memory=True),
    FeedCase(inputs=5, neurons=3, pe=1, simd=5, beat=1, in_memory=True),
]
PACES = [(1, 1), (0.3, 1), (1, 0.3), (0.5, 0.5), (0.9, 0.8)]


@pytest.mark.parametrize(("offers", "takes"), PACES)
@pytest.mark.parametrize("case", CASES)
def test_operands_are_those_of_each_vector_in_order(
    case: FeedCase, offers: float, takes: float
) -> None:
    case.run(offers, takes, kind=MemoryFeed)


@pytest.mark.parametrize("case", CASES)
def test_a_step_goes_two_cycles_after_its_last_operand(case: FeedCase) -> None:
    case.vectors = 1
    traffic = case.run()
    expected, previous = [], -1
    for beat in case.last_beats:
        previous = max(previous + 1, traffic.accepted[beat] + 2)
        expected.append(previous)
    assert traffic.taken[: case.steps] == expected


@pytest.mark.parametrize(
    "case", [case for case in CASES if case.steps * case.groups >= case.beats_a_vector]
)
def test_one_half_is_filled_while_the_other_is_read(case: FeedCase) -> None:
    """With a producer at full speed the reader never waits after its first vector."""
    case.vectors = 6
    traffic = case.run()
    cycles = case.steps * case.groups
    first_end = traffic.taken[cycles - 1]
    assert traffic.taken[cycles:] == [first_end + 1 + i for i in range(5 * cycles)]


@pytest.mark.parametrize("case", CASES)
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


@st.composite
def cases(draw: st.DrawFn) -> FeedCase:
    narrow, ratio = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    wide = narrow * ratio
    beat, simd = draw(st.permutations([narrow, wide]))
    inputs = draw(st.integers(max(simd, beat + 1), 3 * wide + 1))
    # One group and beats as wide as the steps need no feed.
    groups = draw(st.integers(1 + (beat == simd), 4))
    return FeedCase(
        inputs=inputs,
        neurons=groups,
        pe=1,
        simd=simd,
        beat=beat,
        width=draw(st.integers(1, 6)),
        signed=draw(st.booleans()),
        seed=draw(st.integers(0, 2**32)),
        in_memory=True,
    )


@settings(max_examples=60)
@given(cases(), st.sampled_from([0.2, 0.6, 1]), st.sampled_from([0.2, 0.6, 1]), st.integers(0, 99))
def test_any_feed_in_memory_gives_every_operand_under_random_traffic(
    case: FeedCase, offers: float, takes: float, seed: int
) -> None:
    case.run(offers, takes, seed, kind=MemoryFeed)
