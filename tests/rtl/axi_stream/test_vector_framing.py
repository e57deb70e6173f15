# SPDX-License-Identifier: Apache-2.0
import random
from typing import Any

import pytest

from pulsewright.rtl.axi_stream.vector_framing import VectorFraming
from tests.rtl.simulation import run

# Three transfers of 16 bits, of the last one byte; lanes of 8 bits with numbers of 5.
WIDTH, KEEP, LANE, NUMBER = 16, (3, 3, 1), 8, 5
RIGHT = [(False, 3), (False, 3), (True, 1)]


def narrow(word: int) -> int:
    return word & 31 | (word >> 8 & 31) << 5


def frame(
    vectors: list[list[tuple[bool, int]]], pace: float, seed: int
) -> tuple[list[int], list[bool], list[int]]:
    """Beats, verdicts, and the words that were sent; transfers are (last, keep)."""
    framing, draw = VectorFraming(WIDTH, KEEP, LANE, NUMBER), random.Random(seed)
    sent = [(draw.getrandbits(WIDTH), last, keep) for one in vectors for last, keep in one]
    beats: list[int] = []
    verdicts: list[bool] = []

    async def testbench(ctx: Any) -> None:
        waiting, offered, quiet = list(sent), False, 0
        while quiet < 10:
            offered = offered or (bool(waiting) and draw.random() < pace)
            ctx.set(framing.source.valid, offered)
            if offered:
                word, last, keep = waiting[0]
                ctx.set(framing.source.payload.data, word)
                ctx.set(framing.source.payload.last, last)
                ctx.set(framing.source.payload.keep, keep)
            ctx.set(framing.vector.ready, draw.random() < pace)
            ctx.set(framing.ready, draw.random() < pace)
            if ctx.get(framing.vector.valid) and ctx.get(framing.vector.ready):
                beats.append(ctx.get(framing.vector.payload))
            if ctx.get(framing.ends):
                verdicts.append(bool(ctx.get(framing.right)))
                assert ctx.get(framing.ready)
            if offered and ctx.get(framing.source.ready):
                waiting.pop(0)
                offered = False
            await ctx.tick()
            quiet = 0 if waiting else quiet + (pace == 1 or draw.random() < 0.2)

    run(framing, testbench)
    return beats, verdicts, [word for word, _, _ in sent]


@pytest.mark.parametrize("pace", [1, 0.5])
def test_right_vectors_are_handed_on_number_by_number(pace: float) -> None:
    beats, verdicts, sent = frame([RIGHT] * 4, pace, 1)
    assert beats == [narrow(word) for word in sent]
    assert verdicts == [True] * 4


@pytest.mark.parametrize("pace", [1, 0.5])
@pytest.mark.parametrize(
    ("wrong", "handed_on", "filled"),
    [
        # Too early, and filled up with zeros.
        ([(True, 3)], 1, 2),
        ([(False, 3), (True, 3)], 2, 1),
        # Too late, and the rest left out.
        ([(False, 3)] * 3 + [(True, 1)], 3, 0),
        ([(False, 3)] * 7 + [(True, 1)], 3, 0),
        # A null byte in the vector; those behind it may be anything.
        ([(False, 2), (False, 3), (True, 1)], 3, 0),
        ([(False, 3), (False, 3), (True, 2)], 3, 0),
    ],
)
def test_a_wrong_vector_is_told_and_the_next_one_is_right(
    wrong: list[tuple[bool, int]], handed_on: int, filled: int, pace: float
) -> None:
    beats, verdicts, sent = frame([RIGHT, wrong, RIGHT], pace, 2)
    assert verdicts == [True, False, True]
    assert len(beats) == 9
    words = [narrow(word) for word in sent]
    assert beats[: 3 + handed_on] == words[: 3 + handed_on]
    assert beats[3 + handed_on : 6] == [0] * filled
    assert beats[6:] == words[-3:]


def test_bytes_behind_the_vector_may_be_null_or_not() -> None:
    _, verdicts, _ = frame([RIGHT, [(False, 3), (False, 3), (True, 3)]], 1, 3)
    assert verdicts == [True, True]
