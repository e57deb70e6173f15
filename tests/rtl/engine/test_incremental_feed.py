# SPDX-License-Identifier: Apache-2.0
import random
from math import ceil
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from pulsewright.hls_model.reference.fixed_point import FixedPoint
from pulsewright.hls_model.schedule.folded_layer import FoldedLayer
from pulsewright.rtl.engine.incremental_feed import IncrementalFeed, difference_format
from tests.rtl.simulation import run
from tests.rtl.streams import pack


def layer(inputs: int, neurons: int, pe: int, simd: int) -> FoldedLayer:
    return FoldedLayer(
        inputs=inputs,
        neurons=neurons,
        pe=pe,
        simd=simd,
        beat=inputs,
        hidden=True,
        incremental=True,
    )


def steps_of(vectors: list[list[int]], folded_layer: FoldedLayer) -> list[dict[str, Any]]:
    """What the docstring promises, by hand: differences and tags, step after step."""
    before, fresh, steps = [0] * folded_layer.inputs, True, []
    chunks = ceil(folded_layer.inputs / folded_layer.simd)
    for vector in vectors:
        padding = [0] * (chunks * folded_layer.simd - folded_layer.inputs)
        new, old = vector + padding, before + padding
        deltas = [
            [new[i] - old[i] for i in range(c * folded_layer.simd, (c + 1) * folded_layer.simd)]
            for c in range(chunks)
        ]
        there = [c for c in range(chunks) if fresh or any(deltas[c])] or [0]
        for group in range(ceil(folded_layer.neurons / folded_layer.pe)):
            for chunk in there:
                steps.append(
                    {
                        "operands": deltas[chunk],
                        "row": group * chunks + chunk,
                        "first": chunk == there[0],
                        "last": chunk == there[-1],
                        "fresh": fresh,
                    }
                )
        before, fresh = vector, False
    return steps


def run_feed(
    folded_layer: FoldedLayer, width: int, vectors: list[list[int]], pace: float
) -> list[Any]:
    operand_format = FixedPoint(width=width, frac=0, signed=True)
    feed = IncrementalFeed(folded_layer, operand_format)
    draw = random.Random(1)
    seen: list[dict[str, Any]] = []

    async def testbench(ctx: Any) -> None:
        position = 0
        for _ in range(5000):
            offered = position < len(vectors)
            ctx.set(feed.beats.valid, offered)
            word = pack(vectors[position], width) if offered else draw.getrandbits(width)
            ctx.set(feed.beats.payload.as_value(), word)
            ready = draw.random() < pace
            ctx.set(feed.operands.ready, ready)
            assert ctx.get(feed.operands.valid) == offered
            if offered and ready:
                payload = feed.operands.payload
                tag = payload.tag
                seen.append(
                    {
                        "operands": [
                            ctx.get(payload.operands[i]) for i in range(folded_layer.simd)
                        ],
                        "row": ctx.get(tag.row),
                        "first": ctx.get(tag.first),
                        "last": ctx.get(tag.last),
                        "fresh": ctx.get(tag.fresh),
                    }
                )
                position += ctx.get(feed.beats.ready)
            await ctx.tick()
            if position == len(vectors):
                return
        raise AssertionError("the feed stands still")

    run(feed, testbench)
    return seen


@settings(max_examples=25, deadline=None)
@given(st.data())
def test_only_changed_steps_are_given_as_differences(data: st.DataObject) -> None:
    inputs = data.draw(st.integers(2, 7))
    neurons = data.draw(st.integers(1, 5))
    folded = layer(
        inputs, neurons, data.draw(st.integers(1, neurons)), data.draw(st.integers(1, inputs - 1))
    )
    width = data.draw(st.integers(2, 9))
    code = st.integers(-(1 << (width - 1)), (1 << (width - 1)) - 1)
    vectors = [data.draw(st.lists(code, min_size=inputs, max_size=inputs))]
    for _ in range(6):
        vector = list(vectors[-1])
        for i in data.draw(st.sets(st.integers(0, inputs - 1), max_size=inputs)):
            vector[i] = data.draw(code)
        vectors.append(vector)
    pace = data.draw(st.sampled_from([0.4, 1]))
    assert run_feed(folded, width, vectors, pace) == steps_of(vectors, folded)


def test_a_further_pulse_of_a1_takes_one_step_a_group() -> None:
    """Layer 1 of A1 with pe 8, simd 1: 48 steps for the first vector, 8 when N alone changes."""
    vectors = [[n, 1, 2, 3, 4, 5] for n in range(4)]
    assert len(run_feed(layer(6, 64, 8, 1), 8, vectors, 1)) == 48 + 3 * 8


def test_differences_have_one_bit_more() -> None:
    assert difference_format(FixedPoint(width=8, frac=7, signed=True)) == FixedPoint(
        width=9, frac=7, signed=True
    )


@pytest.mark.parametrize("simd", [6, 5])
def test_a_step_of_all_inputs_cannot_be_incremental(simd: int) -> None:
    if simd == 6:
        with pytest.raises(ValueError, match="use simd of 5 or less"):
            layer(6, 64, 8, simd)
    else:
        assert layer(6, 64, 8, simd).cycles == 16
