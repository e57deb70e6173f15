# SPDX-License-Identifier: Apache-2.0
"""Verdicts on the vectors in an engine, kept until their results come."""

from amaranth import Module, Signal
from amaranth.lib.wiring import In, Out

from pulsewright.rtl.engine.step_counter import select
from pulsewright.rtl.module_component import ModuleComponent


class VerdictQueue(ModuleComponent):
    """A FIFO of single bits, in registers.

    depth: how many there is room for, a power of two, 2 or more.

    Attributes:
        push: keep `verdict`; only while `ready`.
        verdict: the bit.
        ready: there is room.
        pop: `first` was looked at; only while there is one.
        first: the oldest bit.

    Latency 1 cycle; one push and one pop a cycle.
    """

    def __init__(self, depth: int) -> None:
        self.depth = depth
        super().__init__(
            {"push": In(1), "verdict": In(1), "ready": Out(1), "pop": In(1), "first": Out(1)}
        )

    @property
    def comment(self) -> str:
        """See `ModuleComponent`."""
        return (
            f"Verdicts on up to {self.depth} vectors in the engine, until their results come.\n"
            "Latency 1 cycle."
        )

    def elaborate(self, platform: object) -> Module:
        """Build the logic."""
        m = self.module()
        bits = (self.depth - 1).bit_length()
        # One bit more than a place has: full and empty differ in it.
        head = Signal(bits + 1)
        tail = Signal(bits + 1)
        kept = Signal(self.depth)
        m.d.comb += [
            self.ready.eq((tail ^ head) != self.depth),
            self.first.eq(select(head[:bits], list(kept))),
        ]
        m.d.sync += [head.eq(head + self.pop), tail.eq(tail + self.push)]
        for place in range(self.depth):
            with m.If(self.push & (tail[:bits] == place)):
                m.d.sync += kept[place].eq(self.verdict)
        return m
