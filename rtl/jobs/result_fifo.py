# SPDX-License-Identifier: Apache-2.0
"""A small FIFO of result vectors, taken out word by word."""

from amaranth import Module, Signal
from amaranth.lib import wiring
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.data_register import data_register
from pulsewright.rtl.engine.step_counter import StepCounter, select


class ResultFifo(wiring.Component):
    """`depth` vectors of `words` words of `width` bits in registers.

    push: store `vector` (only while `ready`). pop: the word on `word` was taken (only while
    `level` is not 0); after the last word of a vector the next vector follows. level: vectors.

    Latency 1 cycle from push to word; one push and one pop a cycle.
    """

    def __init__(self, words: int, width: int, depth: int) -> None:
        self.words = words
        self.width = width
        self.depth = depth
        super().__init__(
            {
                "push": In(1),
                "vector": In(words * width),
                "ready": Out(1),
                "pop": In(1),
                "word": Out(width),
                "level": Out(range(depth + 1)),
                "clear": In(1),
            }
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = Module()
        head = StepCounter("head", self.depth)
        tail = StepCounter("tail", self.depth)
        index = StepCounter("index", self.words)
        level = Signal(range(self.depth + 1))
        vectors = [
            data_register(m, self.push & (tail.index == i), self.vector, f"vector_{i}")
            for i in range(self.depth)
        ]
        emptied = self.pop & index.last
        head.advance(m, emptied)
        tail.advance(m, self.push)
        index.advance(m, self.pop)
        m.d.sync += level.eq(level + self.push - emptied)
        first = Signal(self.words * self.width)
        m.d.comb += [
            self.level.eq(level),
            self.ready.eq(level != self.depth),
            first.eq(select(head.index, list(vectors))),
            self.word.eq(
                select(index.index, [first.word_select(i, self.width) for i in range(self.words)])
            ),
        ]
        with m.If(self.clear):
            m.d.sync += level.eq(0)
            for counter in (head, tail, index):
                if counter.steps > 1:
                    m.d.sync += counter.index.eq(0)
        return m
