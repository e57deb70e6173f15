# SPDX-License-Identifier: Apache-2.0
"""A small FIFO of result vectors, taken out word by word."""

from amaranth import Module, Signal
from amaranth.lib.memory import Memory
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.step_counter import StepCounter, select
from pulsewright.rtl.module_component import ModuleComponent


class ResultFifo(ModuleComponent):
    """`depth` vectors of `words` words of `width` bits in a memory with an asynchronous read.

    Attributes:
        push: store `vector`; only while `ready`.
        vector: words side by side, the first in the lowest bits.
        ready: there is room.
        pop: the word was taken; only while `level` is not 0.
        word: the next one; behind the last of a vector the first of the next.
        level: vectors stored, 0 to depth.
        clear: drop everything.

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

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"FIFO of {self.depth} result vectors, taken out word by word ({self.words} of "
            f"{self.width} bits each).\n"
            "Latency 1 cycle from push to word; one push and one pop a cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        head = StepCounter("head", self.depth)
        tail = StepCounter("tail", self.depth)
        index = StepCounter("index", self.words)
        level = Signal(range(self.depth + 1))
        m.submodules.vectors = vectors = Memory(
            shape=self.words * self.width, depth=self.depth, init=[]
        )
        writer, reader = vectors.write_port(), vectors.read_port(domain="comb")
        emptied = Signal()
        m.d.comb += emptied.eq(self.pop & index.last)
        head.advance(m, emptied)
        tail.advance(m, self.push)
        index.advance(m, self.pop)
        m.d.sync += level.eq(level + self.push - emptied)
        first = Signal(self.words * self.width, name="first_vector")
        m.d.comb += [
            writer.en.eq(self.push),
            writer.addr.eq(tail.index),
            writer.data.eq(self.vector),
            reader.addr.eq(head.index),
            first.eq(reader.data),
            self.level.eq(level),
            self.ready.eq(level != self.depth),
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
