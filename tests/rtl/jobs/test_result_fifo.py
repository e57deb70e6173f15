# SPDX-License-Identifier: Apache-2.0
import random
from collections import deque
from typing import Any

import pytest

from pulsewright.rtl.jobs.result_fifo import ResultFifo
from tests.rtl.simulation import run


@pytest.mark.parametrize(("words", "depth"), [(1, 8), (3, 8), (2, 5), (1, 1)])
def test_random_traffic_follows_a_queue(words: int, depth: int) -> None:
    width = 7
    fifo = ResultFifo(words, width, depth)
    draw = random.Random(words)

    async def testbench(ctx: Any) -> None:
        expected: deque[int] = deque()
        for cycle in range(3000):
            level = -(-len(expected) // words)
            assert ctx.get(fifo.level) == level
            assert ctx.get(fifo.ready) == (level < depth)
            if expected:
                assert ctx.get(fifo.word) == expected[0]
            eager = cycle // 500 % 2
            push = level < depth and draw.random() < (0.7 if eager else 0.2)
            pop = bool(expected) and draw.random() < (0.3 if eager else 0.8)
            clear = draw.random() < 0.01
            vector = [draw.getrandbits(width) for _ in range(words)]
            ctx.set(fifo.push, push)
            ctx.set(fifo.pop, pop)
            ctx.set(fifo.clear, clear)
            ctx.set(fifo.vector, sum(word << (width * i) for i, word in enumerate(vector)))
            await ctx.tick()
            if pop:
                expected.popleft()
            if push:
                expected.extend(vector)
            if clear:
                expected.clear()

    run(fifo, testbench)
