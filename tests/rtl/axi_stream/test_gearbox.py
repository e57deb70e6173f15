# SPDX-License-Identifier: Apache-2.0
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.schedule.axi_stream_timing import converted_arrivals
from pulsewright.rtl.axi_stream.gearbox import Gearbox
from tests.rtl.streams import Traffic, always, run_stream, sometimes


def beats_of(word: int, total: int, width: int) -> list[int]:
    return [word >> first & ((1 << width) - 1) for first in range(0, total, width)]


def run(
    widths: tuple[int, int, int], vectors: int, offers: float = 1, takes: float = 1, seed: int = 0
) -> Traffic:
    """Random vectors with garbage behind their last bit; every bit of a vector is compared."""
    input_bits, output_bits, total = widths
    gearbox, random = Gearbox(*widths), Random(seed)
    words = [random.getrandbits(total) for _ in range(vectors)]
    beats = [
        beat
        for word in words
        for beat in beats_of(word | random.getrandbits(input_bits) << total, total, input_bits)
    ]
    a_vector = -(-total // output_bits)
    traffic = run_stream(
        gearbox,
        gearbox.input,
        gearbox.output,
        beats,
        vectors * a_vector,
        always if offers == 1 else sometimes(offers, seed),
        always if takes == 1 else sometimes(takes, seed + 1),
    )
    for number, word in enumerate(words):
        given_beats = traffic.words[number * a_vector : (number + 1) * a_vector]
        joined = sum(beat << i * output_bits for i, beat in enumerate(given_beats))
        assert joined & ((1 << total) - 1) == word
    return traffic


WIDTHS = [
    # Equal, wide to narrow, narrow to wide, neither a multiple; whole and with a rest.
    (8, 8, 24),
    (8, 8, 20),
    (32, 8, 96),
    (32, 8, 70),
    (8, 48, 96),
    (8, 48, 100),
    (12, 32, 192),
    (12, 32, 130),
    (32, 12, 130),
    # All in one beat of either side, and of one side.
    (16, 8, 5),
    (8, 64, 50),
    (64, 8, 50),
]


@pytest.mark.parametrize("widths", WIDTHS)
def test_a_vector_takes_the_cycles_of_the_side_with_more_beats(
    widths: tuple[int, int, int],
) -> None:
    input_bits, output_bits, total = widths
    traffic = run(widths, 6)
    beats_in, beats_out = -(-total // input_bits), -(-total // output_bits)
    assert traffic.arrived[:beats_out] == converted_arrivals(range(beats_in), *widths)
    ends = traffic.taken[beats_out - 1 :: beats_out]
    assert {b - a for a, b in pairwise(ends)} == {max(beats_in, beats_out)}


@settings(max_examples=25)
@given(
    st.integers(1, 20),
    st.integers(1, 20),
    st.integers(1, 70),
    st.sampled_from([0.3, 0.7, 1]),
    st.sampled_from([0.3, 0.7, 1]),
    st.integers(0, 99),
)
def test_any_widths_under_any_traffic(
    input_bits: int, output_bits: int, total: int, offers: float, takes: float, seed: int
) -> None:
    run((input_bits, output_bits, total), 5, offers, takes, seed)
